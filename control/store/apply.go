package store

import (
	"context"
	"errors"

	"github.com/clickgate/clickgate/config"
)

// ApplyOptions say how documents are applied.
type ApplyOptions struct {
	// Checks judge what config itself cannot.
	Checks config.Checks
	// DryRun plans and validates, and writes nothing.
	DryRun bool
	// Label is written into every document: 1 to 64 letters, digits, '-', '_'
	// or '.'. Without one, documents keep the label they have.
	Label string
	// Prune deletes the documents of the label that are not among those
	// applied.
	Prune bool
	// Author and Comment are kept with the version.
	Author, Comment string
}

// Apply makes the documents part of the live configuration, all or none. They
// may leave out ids, numbers and labels; see Resolve. The configuration as it
// would be is validated first: its mistakes are returned as config.Problems,
// together with the plan, and nothing is written. When somebody else commits
// meanwhile, it plans again on top of that.
func Apply(ctx context.Context, s *Store, docs []config.Document, opts ApplyOptions) (Plan, error) {
	if problems := opts.check(docs); len(problems) > 0 {
		return Plan{}, problems
	}
	var plan Plan
	err := s.plan(ctx, opts, &plan, func(snap Snapshot) (Change, config.Problems, error) {
		return plan.forDocuments(snap, docs, opts)
	})
	return plan, err
}

// planner fills a plan and returns its change, or why there can be none.
type planner func(snap Snapshot) (Change, config.Problems, error)

// plan makes a plan and, unless it is a dry run, the plan's change.
func (s *Store) plan(ctx context.Context, opts ApplyOptions, plan *Plan, decide planner) error {
	var problems config.Problems
	edit := func(snap Snapshot) (change Change, err error) {
		*plan = Plan{Base: snap.Version, Version: snap.Version}
		change, problems, err = decide(snap)
		if err != nil || len(problems) == 0 && !opts.DryRun {
			return change, err
		}
		next := snap.Set.With(change.Puts, change.Deletes)
		plan.Before, plan.After = snap.Set, next
		problems = append(problems, next.ValidateChange(snap.Set, change.keys(), opts.Checks)...)
		return Change{}, problems.Err()
	}
	after, err := s.Edit(ctx, opts.Checks, edit)
	if errors.As(err, &problems) {
		return plan.explained(problems)
	}
	if err == nil {
		plan.Version = after.Version
	}
	return err
}

// forDocuments compares documents with a version.
func (p *Plan) forDocuments(snap Snapshot, given []config.Document, opts ApplyOptions) (Change, config.Problems, error) {
	change := Change{Author: opts.Author, Comment: opts.Comment}
	docs, problems := Resolve(snap, given)
	docs, contested := labelled(snap.Set, given, docs, opts.Label)
	_, doubled := config.NewSet(docs...)
	problems = append(append(problems, contested...), doubled...)
	steps, err := compare(snap.Set, docs)
	if err != nil {
		return change, nil, err
	}
	p.Steps, p.given, p.nameless = steps, len(steps), map[config.Kind]bool{}
	named := make(map[config.Key]bool, len(docs))
	for i, doc := range docs {
		named[doc.Key()] = true
		if steps[i].Action != Unchanged {
			change.Puts = append(change.Puts, doc)
		}
		if given[i].Key().ID == "" {
			p.nameless[doc.Key().Kind] = true
		}
	}
	if opts.Prune {
		change.Deletes = pruned(snap.Set, opts.Label, named)
		p.delete(snap.Set, change.Deletes)
	}
	return change, problems, nil
}
