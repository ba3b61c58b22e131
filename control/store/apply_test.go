package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func apply(t *testing.T, s *Store, docs []config.Document, opts ApplyOptions) Plan {
	t.Helper()
	plan, err := Apply(t.Context(), s, docs, opts)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return plan
}

func TestApply(t *testing.T) {
	n := startServer(t)
	s := n.open()
	plan := apply(t, s, advertisers(3, "one"), ApplyOptions{Author: "ann", Label: "all"})
	if plan.Count(Created) != 3 || plan.Base != 0 || plan.Version != 1 {
		t.Fatalf("first plan: %+v", plan)
	}
	docs := []config.Document{advertiser(1, "two"), advertiser(2, "one"), advertiser(4, "one")}
	plan = apply(t, s, docs, ApplyOptions{Label: "all", Prune: true})
	want := "advertiser/a1 updated (\"two\")\n" +
		"  ~ name: \"one\" -> \"two\"\n" +
		"advertiser/a4 created\n" +
		"  + active: true\n  + id: \"a4\"\n  + incremental_id: 4\n  + label: \"all\"\n  + name: \"one\"\n  + organization: \"org\"\n" +
		"advertiser/a3 deleted (\"one\")\n" +
		"1 created, 1 updated, 1 deleted, 1 unchanged\n"
	if got := plan.String(); got != want {
		t.Errorf("plan:\n%swant:\n%s", got, want)
	}
	if snap := load(t, s); snap.Version != plan.Version || snap.Set.Len() != 3 || nameOf(t, snap.Set, 3) != "" {
		t.Errorf("version %d holds %v", snap.Version, snap.Set.Keys())
	}
	if again := apply(t, s, docs, ApplyOptions{}); !again.Empty() || again.Version != plan.Version {
		t.Errorf("applying the same again: %+v", again)
	}
}

func TestDryRun(t *testing.T) {
	n := startServer(t)
	s := n.open()
	apply(t, s, advertisers(2, "one"), ApplyOptions{Label: "all"})
	before, _ := s.b.end(t.Context())
	plan := apply(t, s, advertisers(3, "two")[1:], ApplyOptions{DryRun: true, Label: "all", Prune: true})
	if plan.Count(Updated) != 1 || plan.Count(Created) != 1 || plan.Count(Deleted) != 1 || plan.Version != 1 {
		t.Errorf("plan %+v", plan)
	}
	if after, _ := s.b.end(t.Context()); after != before {
		t.Errorf("a dry run moved the bucket from %d to %d", before.seq, after.seq)
	}
	clash := advertiser(3, "three")
	clash.IncrementalID = 1
	var problems config.Problems
	if _, err := Apply(t.Context(), s, []config.Document{clash}, ApplyOptions{DryRun: true}); !errors.As(err, &problems) {
		t.Errorf("a dry run of a mistake ends with %v, want problems", err)
	}
}

func TestApplyValidatesTheWhole(t *testing.T) {
	n := startServer(t)
	s := n.open()
	apply(t, s, advertisers(2, "one"), ApplyOptions{})
	clash := advertiser(3, "three")
	clash.IncrementalID = 1
	var problems config.Problems
	if _, err := Apply(t.Context(), s, []config.Document{clash}, ApplyOptions{}); !errors.As(err, &problems) {
		t.Errorf("an incremental id of a document that is there: %v, want problems", err)
	}
	if _, err := Apply(t.Context(), s, []config.Document{advertiser(5, "x"), advertiser(5, "y")}, ApplyOptions{}); !errors.As(err, &problems) {
		t.Errorf("a key given twice: %v, want problems", err)
	}
	if snap := load(t, s); snap.Version != 1 || snap.Set.Len() != 2 {
		t.Errorf("version %d with %d documents: something was written", snap.Version, snap.Set.Len())
	}
}

// Appliers of different documents do not disturb each other.
func TestApplyRaces(t *testing.T) {
	const appliers, each = 3, 8
	n := startServer(t)
	var all sync.WaitGroup
	for w := range appliers {
		s := n.open()
		all.Go(func() {
			for i := range each {
				docs := []config.Document{advertiser(1+w*each+i, fmt.Sprint(w))}
				if _, err := Apply(t.Context(), s, docs, ApplyOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := load(t, n.open()).Set.Len(); got != appliers*each {
		t.Errorf("%d documents, want %d", got, appliers*each)
	}
}

// What one system exports gives another one the same digest, to a document.
func TestDigestAfterMove(t *testing.T) {
	one, two := startServer(t).open(), startServer(t).open()
	apply(t, one, advertisers(1200, "one"), ApplyOptions{})
	apply(t, one, []config.Document{advertiser(7, "Füß \"<&>\" \u2028")}, ApplyOptions{})
	source := load(t, one)
	var docs []config.Document
	for doc := range source.Set.All() {
		docs = append(docs, doc)
	}
	apply(t, two, docs, ApplyOptions{})
	if moved := load(t, two); moved.Digest != source.Digest || moved.Set.Len() != 1200 {
		t.Errorf("digest %s with %d documents, want %s", moved.Digest, moved.Set.Len(), source.Digest)
	}
}
