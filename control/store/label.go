package store

import (
	"fmt"
	"regexp"

	"github.com/clickgate/clickgate/config"
)

// A label marks the documents that are kept together in files. It is how those
// that left the files are told from those that somebody else keeps.

var labelShape = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// check refuses options that would prune what nobody meant.
func (o ApplyOptions) check(docs []config.Document) config.Problems {
	switch {
	case o.Label != "" && !labelShape.MatchString(o.Label):
		return config.Problems{{Path: "label", Message: fmt.Sprintf(`must be 1 to 64 letters, digits, "-", "_" or ".", found %q`, o.Label)}}
	case o.Prune && o.Label == "":
		return config.Problems{{Path: "prune", Message: "needs a label: it says which documents are kept in these files"}}
	case o.Prune && len(docs) == 0:
		return config.Problems{{Path: "prune", Message: fmt.Sprintf("the files hold no document; pruning would delete everything labelled %q", o.Label)}}
	}
	return nil
}

// labelled writes a label into completed documents; given are the same ones as
// the files hold them. A document that is kept under another label is taken
// over only when it says so itself: two sets of files that both claim it would
// take it from each other for ever.
func labelled(base *config.Set, given, completed []config.Document, label string) ([]config.Document, config.Problems) {
	if label == "" {
		return completed, nil
	}
	var problems config.Problems
	marked := make([]config.Document, len(completed))
	for i, doc := range completed {
		marked[i] = config.WithLabel(doc, label)
		if message := contested(base, doc.Key(), config.MetaOf(given[i]).Label, label); message != "" {
			problems = append(problems, config.Problem{Path: doc.Key().Path() + ": label", Message: message})
		}
	}
	return marked, problems
}

// contested says why a document cannot get a label; empty when it can.
func contested(base *config.Set, key config.Key, given, label string) string {
	if given != "" && given != label {
		return fmt.Sprintf("must be %q, the label of these files, or be left out, found %q", label, given)
	}
	live, ok := base.Get(key)
	if !ok || given == label {
		return ""
	}
	if was := config.MetaOf(live).Label; was != "" && was != label {
		return fmt.Sprintf("the live document is kept in files labelled %q; write label: %s into the document to take it over", was, label)
	}
	return ""
}

// pruned are the documents of a label that are not among those named.
func pruned(base *config.Set, label string, named map[config.Key]bool) []config.Key {
	var keys []config.Key
	for doc := range base.All() {
		if config.MetaOf(doc).Label == label && !named[doc.Key()] {
			keys = append(keys, doc.Key())
		}
	}
	return keys
}
