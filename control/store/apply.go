package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// ApplyOptions say how documents are applied.
type ApplyOptions struct {
	// Checks judge what config itself cannot.
	Checks config.Checks
	// DryRun plans and validates, and writes nothing.
	DryRun bool
	// Prune deletes the documents that are not among those applied.
	Prune bool
	// Author and Comment are kept with the version.
	Author, Comment string
}

// Action is what happens to a document.
type Action string

// The actions.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Deleted   Action = "deleted"
	Unchanged Action = "unchanged"
)

// Step is what a plan does to one document.
type Step struct {
	Key    config.Key
	Action Action
	// Fields are the differences; none where nothing is updated.
	Fields []FieldChange
}

// Plan is what applying documents does, or with DryRun would do.
type Plan struct {
	// Base is the version the plan was made for, Version the one that holds
	// its result: the same when nothing changes and in a dry run.
	Base, Version uint64
	// Steps are in the order of the documents, deletions last.
	Steps []Step
}

// Count returns the number of documents to which an action happens.
func (p Plan) Count(action Action) int {
	n := 0
	for _, s := range p.Steps {
		if s.Action == action {
			n++
		}
	}
	return n
}

// Empty reports whether the plan changes nothing.
func (p Plan) Empty() bool { return p.Count(Unchanged) == len(p.Steps) }

// String is the plan for people: a line for each document that changes, below
// it a line for each field, and a summary.
func (p Plan) String() string {
	var b strings.Builder
	for _, s := range p.Steps {
		if s.Action == Unchanged {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", s.Key, s.Action)
		for _, f := range s.Fields {
			fmt.Fprintf(&b, "  %s\n", f)
		}
	}
	fmt.Fprintf(&b, "%d created, %d updated, %d deleted, %d unchanged\n",
		p.Count(Created), p.Count(Updated), p.Count(Deleted), p.Count(Unchanged))
	return b.String()
}

// Apply makes the documents part of the live configuration, all or none. The
// whole configuration as it would be is validated first: its mistakes are
// returned as config.Problems, together with the plan, and nothing is written.
// When somebody else commits meanwhile, it plans again on top of that.
func Apply(ctx context.Context, s *Store, docs []config.Document, opts ApplyOptions) (Plan, error) {
	if _, problems := config.NewSet(docs...); len(problems) > 0 {
		return Plan{}, problems
	}
	for {
		snap, err := s.Load(ctx)
		if err != nil {
			return Plan{}, err
		}
		plan, change, err := planFor(snap, docs, opts)
		if err != nil {
			return plan, err
		}
		next := snap.Set.With(change.Puts, change.Deletes)
		if problems := next.Validate(opts.Checks); len(problems) > 0 {
			return plan, problems
		}
		if opts.DryRun || plan.Empty() {
			return plan, nil
		}
		plan.Version, err = s.Commit(ctx, snap.Version, change)
		if !errors.Is(err, ErrConflict) {
			return plan, err
		}
	}
}

// planFor compares documents with a version.
func planFor(snap Snapshot, docs []config.Document, opts ApplyOptions) (Plan, Change, error) {
	plan := Plan{Base: snap.Version, Version: snap.Version}
	change := Change{Author: opts.Author, Comment: opts.Comment}
	named := make(map[config.Key]bool, len(docs))
	for _, doc := range docs {
		named[doc.Key()] = true
		step, err := stepFor(snap.Set, doc)
		if err != nil {
			return plan, change, err
		}
		plan.Steps = append(plan.Steps, step)
		if step.Action != Unchanged {
			change.Puts = append(change.Puts, doc)
		}
	}
	if !opts.Prune {
		return plan, change, nil
	}
	for _, key := range snap.Set.Keys() {
		if !named[key] {
			plan.Steps = append(plan.Steps, Step{Key: key, Action: Deleted})
			change.Deletes = append(change.Deletes, key)
		}
	}
	return plan, change, nil
}

func stepFor(set *config.Set, doc config.Document) (Step, error) {
	step := Step{Key: doc.Key(), Action: Created}
	value, err := config.Encode(doc)
	if err != nil {
		return step, err
	}
	was, found := set.Get(doc.Key())
	if !found {
		step.Fields, err = fieldChanges(nil, value)
		return step, err
	}
	old, err := config.Encode(was)
	if err != nil {
		return step, err
	}
	step.Action = Updated
	if step.Fields, err = fieldChanges(old, value); len(step.Fields) == 0 {
		step.Action = Unchanged
	}
	return step, err
}
