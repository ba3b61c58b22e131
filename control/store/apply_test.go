package store

import (
	"errors"
	"fmt"
	"strings"
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
	plan := apply(t, s, advertisers(3, "one"), ApplyOptions{Author: "ann"})
	if plan.Count(Created) != 3 || plan.Base != 0 || plan.Version != 1 {
		t.Fatalf("first plan: %+v", plan)
	}
	docs := []config.Document{advertiser(1, "two"), advertiser(2, "one"), advertiser(4, "one")}
	plan = apply(t, s, docs, ApplyOptions{Prune: true})
	want := "advertiser/a1 updated\n" +
		"  name: \"one\" -> \"two\"\n" +
		"advertiser/a4 created\n" +
		"  active: true\n  id: \"a4\"\n  incremental_id: 4\n  name: \"one\"\n  organization: \"org\"\n" +
		"advertiser/a3 deleted\n" +
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
	apply(t, s, advertisers(2, "one"), ApplyOptions{})
	before, _ := s.b.end(t.Context())
	plan := apply(t, s, advertisers(3, "two"), ApplyOptions{DryRun: true, Prune: true})
	if plan.Count(Updated) != 2 || plan.Count(Created) != 1 || plan.Version != 1 {
		t.Errorf("plan %+v", plan)
	}
	if after, _ := s.b.end(t.Context()); after != before {
		t.Errorf("a dry run moved the bucket from %d to %d", before.seq, after.seq)
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

func TestFieldChanges(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"equal", `{"a":1}`, `{"a":1}`, ``},
		{"value", `{"a":1}`, `{"a":2}`, `a: 1 -> 2`},
		{"large number", `{"a":9007199254740993}`, `{"a":9007199254740992}`, `a: 9007199254740993 -> 9007199254740992`},
		{"added", `{}`, `{"a":"x"}`, `a: "x"`},
		{"removed", `{"a":"x"}`, `{}`, `a: "x" -> (none)`},
		{"nested", `{"a":{"b":[1,2]}}`, `{"a":{"b":[1,3,4]}}`, `a.b[1]: 2 -> 3|a.b[2]: 4`},
		{"object added", `{}`, `{"a":{"b":1}}`, `a: {"b":1}`},
		{"type", `{"a":[1]}`, `{"a":{"b":1}}`, `a: [1] -> {"b":1}`},
		{"null is a value", `{"a":null}`, `{}`, `a: null -> (none)`},
		{"markup", `{"a":"<"}`, `{"a":"&"}`, `a: "<" -> "&"`},
		{"secret", `{"conversion_secure_code":"old"}`, `{"conversion_secure_code":"new"}`, `conversion_secure_code: "***" -> "***"`},
		{"secret added", `{}`, `{"settings":{"api_key":"k","b":1}}`, `settings: {"api_key":"***","b":1}`},
		{"secret in a list", `{}`, `{"filters":[{"settings":{"Password":{"x":"y"}}}]}`, `filters: [{"settings":{"Password":"***"}}]`},
		{"below a secret", `{"secrets":{"a":["x"]}}`, `{"secrets":{"a":["y"]}}`, `secrets.a[0]: "***" -> "***"`},
	} {
		changes, err := fieldChanges([]byte(c.old), []byte(c.new))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		lines := make([]string, len(changes))
		for i := range changes {
			lines[i] = changes[i].String()
		}
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// No value of a secret shows, whether its document is created or changed.
func TestPlanHidesSecrets(t *testing.T) {
	n := startServer(t)
	s := n.open()
	doc := &config.Integration{
		Meta: config.Meta{ID: "demo", Organization: "org"}, Name: "demo", Type: "custom",
		Active: true, ConversionSecureCode: "first-secret",
	}
	created, err := stepFor(load(t, s).Set, doc)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, 0, Change{Puts: []config.Document{doc}})
	next := *doc
	next.ConversionSecureCode = "second-secret"
	updated, err := stepFor(load(t, s).Set, &next)
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{Steps: []Step{created, updated}}.String()
	if strings.Contains(plan, "-secret") || strings.Count(plan, "conversion_secure_code: "+Hidden) != 2 {
		t.Errorf("the plan shows secrets or hides their change:\n%s", plan)
	}
}
