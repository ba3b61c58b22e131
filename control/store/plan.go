package store

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
)

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
	// Name is the document's, empty where its kind has none.
	Name string
	// Fields are the differences; none where nothing is updated.
	Fields []FieldChange
}

// Plan is what a change does, or in a dry run would do.
type Plan struct {
	// Base is the version the plan was made for, Version the one that holds
	// its result: the same when nothing changes and in a dry run.
	Base, Version uint64
	// Steps are in the order of the documents, deletions last.
	Steps []Step

	// Before and After are the live configuration and what it would be, in a
	// dry run without mistakes.
	Before, After *config.Set

	// given is how many of the steps are about documents that were given.
	given int
	// nameless are the kinds of those that were given without an id.
	nameless map[config.Kind]bool
	// gone are the documents that the plan deletes, in the words of problems.
	gone map[string]bool
}

// Names are what the documents that were applied are called, in their order.
func (p Plan) Names() []config.Key {
	names := make([]config.Key, p.given)
	for i := range names {
		names[i] = p.Steps[i].Key
	}
	return names
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
		fmt.Fprintf(&b, "%s %s", s.Key, s.Action)
		if s.Action != Created && s.Name != "" {
			fmt.Fprintf(&b, " (%s)", text(s.Name))
		}
		b.WriteByte('\n')
		for _, f := range s.Fields {
			fmt.Fprintf(&b, "  %s\n", f)
		}
	}
	fmt.Fprintf(&b, "%d created, %d updated, %d deleted, %d unchanged\n",
		p.Count(Created), p.Count(Updated), p.Count(Deleted), p.Count(Unchanged))
	return b.String()
}

// compare tells what putting documents does to a set.
func compare(set *config.Set, docs []config.Document) ([]Step, error) {
	steps := make([]Step, len(docs))
	err := parallel(len(docs), func(i int) (err error) {
		steps[i], err = stepFor(set, docs[i])
		return err
	})
	return steps, err
}

func stepFor(set *config.Set, doc config.Document) (Step, error) {
	step := Step{Key: doc.Key(), Action: Created, Name: config.NameOf(doc)}
	value, err := config.Encode(doc)
	if err != nil {
		return step, fmt.Errorf("encode %s: %w", step.Key, err)
	}
	was, found := set.Get(step.Key)
	if !found {
		step.Fields, err = fieldChanges(nil, value)
		return step, err
	}
	old, err := config.Encode(was)
	if err != nil {
		return step, fmt.Errorf("encode %s: %w", step.Key, err)
	}
	step.Action = Updated
	if step.Fields, err = fieldChanges(old, value); len(step.Fields) == 0 {
		step.Action = Unchanged
	}
	return step, err
}

// delete adds the steps of deletions.
func (p *Plan) delete(set *config.Set, keys []config.Key) {
	p.gone = map[string]bool{}
	for _, key := range keys {
		step := Step{Key: key, Action: Deleted}
		if doc, ok := set.Get(key); ok {
			step.Name = config.NameOf(doc)
			number, _ := config.NumberOf(doc)
			p.gone[fmt.Sprintf("%s with incremental id %d", key.Kind, number)] = true
		}
		p.gone[key.Path()] = true
		p.Steps = append(p.Steps, step)
	}
}
