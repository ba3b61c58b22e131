package store

import (
	"context"
	"fmt"

	"github.com/clickgate/clickgate/config"
)

// Rollback makes the documents of an earlier version live again, as a new
// version. They are validated as all others, since what is allowed may have
// changed. Numbers that were handed out meanwhile stay taken. opts' Label and
// Prune mean nothing here; an empty Comment names the version. ErrNoVersion
// says that the version is not known or cannot be rebuilt.
func Rollback(ctx context.Context, s *Store, version uint64, opts ApplyOptions) (Plan, error) {
	past, err := s.At(ctx, version)
	if err != nil {
		return Plan{}, err
	}
	if opts.Comment == "" {
		opts.Comment = fmt.Sprintf("rollback to version %d", version)
	}
	var plan Plan
	err = s.plan(ctx, opts, &plan, func(snap Snapshot) (Change, config.Problems, error) {
		steps, err := Difference(snap.Set, past.Set)
		plan.Steps = steps
		return changeOf(steps, past.Set, opts), nil, err
	})
	return plan, err
}

// changeOf is the change that makes steps towards a set.
func changeOf(steps []Step, set *config.Set, opts ApplyOptions) Change {
	change := Change{Author: opts.Author, Comment: opts.Comment}
	for _, step := range steps {
		if doc, ok := set.Get(step.Key); ok {
			change.Puts = append(change.Puts, doc)
		} else {
			change.Deletes = append(change.Deletes, step.Key)
		}
	}
	return change
}

// Difference returns the steps from one set to another, deletions last.
// Documents that are the same have none.
func Difference(before, after *config.Set) ([]Step, error) {
	docs := make([]config.Document, 0, after.Len())
	for doc := range after.All() {
		docs = append(docs, doc)
	}
	all, err := compare(before, docs)
	if err != nil {
		return nil, err
	}
	plan := Plan{}
	for _, step := range all {
		if step.Action != Unchanged {
			plan.Steps = append(plan.Steps, step)
		}
	}
	var gone []config.Key
	for doc := range before.All() {
		if _, ok := after.Get(doc.Key()); !ok {
			gone = append(gone, doc.Key())
		}
	}
	plan.delete(before, gone)
	return plan.Steps, nil
}
