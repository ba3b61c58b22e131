package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestRollback(t *testing.T) {
	n := startServer(t)
	s := n.open()
	apply(t, s, advertisers(3, "one"), ApplyOptions{})
	first := load(t, s)
	apply(t, s, append(advertisers(2, "two"), advertiser(9, "nine")), ApplyOptions{})
	commit(t, s, 2, Change{Deletes: []config.Key{advertiser(3, "").Key()}})
	third := load(t, s)

	dry, err := Rollback(t.Context(), s, 1, ApplyOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "advertiser/a1 updated (\"one\")\n  ~ name: \"two\" -> \"one\"\n" +
		"advertiser/a2 updated (\"one\")\n  ~ name: \"two\" -> \"one\"\n" +
		"advertiser/a3 created\n  + active: true\n  + id: \"a3\"\n  + incremental_id: 3\n  + name: \"one\"\n  + organization: \"org\"\n" +
		"advertiser/a9 deleted (\"nine\")\n" +
		"1 created, 2 updated, 1 deleted, 0 unchanged\n"
	if dry.String() != want || dry.Version != 3 {
		t.Errorf("the dry run says version %d and\n%swant\n%s", dry.Version, dry, want)
	}
	if snap := load(t, s); snap.Digest != third.Digest || snap.Version != 3 {
		t.Errorf("the dry run made version %d", snap.Version)
	}

	plan, err := Rollback(t.Context(), s, 1, ApplyOptions{Author: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	back := load(t, s)
	if plan.Version != 4 || back.Version != 4 || back.Digest != first.Digest {
		t.Errorf("version %d with digest %s, want version 4 with %s", back.Version, back.Digest, first.Digest)
	}
	if back.Author != "ann" || back.Comment != "rollback to version 1" {
		t.Errorf("it is by %q: %q", back.Author, back.Comment)
	}
	made := apply(t, s, documents(t, "{kind: advertiser, organization: org, name: New}"), ApplyOptions{})
	if !strings.Contains(made.String(), "incremental_id: 10\n") {
		t.Errorf("after the rollback a number is handed out again:\n%s", made)
	}
	if again, err := Rollback(t.Context(), s, 5, ApplyOptions{}); err != nil || !again.Empty() || again.Version != 5 {
		t.Errorf("a rollback to the live version: version %d, %v\n%s", again.Version, err, again)
	}
}

func TestRollbackErrors(t *testing.T) {
	n := startServer(t)
	s := n.open()
	if _, err := Rollback(t.Context(), s, 1, ApplyOptions{}); !errors.Is(err, ErrNoVersion) {
		t.Errorf("of an empty store: %v", err)
	}
	apply(t, s, advertisers(1, "0"), ApplyOptions{})
	for i := range 2 * DefaultHistory {
		apply(t, s, advertisers(1, strings.Repeat("x", i+1)), ApplyOptions{})
	}
	before := load(t, s)
	for _, version := range []uint64{0, 1, 99} {
		if _, err := Rollback(t.Context(), s, version, ApplyOptions{}); !errors.Is(err, ErrNoVersion) {
			t.Errorf("to version %d: %v", version, err)
		}
	}
	// What is allowed has become less since.
	apply(t, s, documents(t, "{kind: offer, id: o, organization: org, integration: i, name: O, advertiser_id: 1, fallback_url: 'http://old.example/{x}'}\n---\n{kind: integration, id: i, organization: org, name: I, type: Custom, conversion_secure_code: c}"), ApplyOptions{})
	apply(t, s, documents(t, "{kind: offer, id: o, organization: org, integration: i, name: O, advertiser_id: 1}"), ApplyOptions{})
	checks := config.Checks{URL: func(string) error { return errors.New("not allowed any more") }}
	var problems config.Problems
	if _, err := Rollback(t.Context(), s, before.Version+1, ApplyOptions{Checks: checks}); !errors.As(err, &problems) {
		t.Errorf("documents that are not allowed any more: %v, want problems", err)
	}
	if after := load(t, s); after.Version != before.Version+2 {
		t.Errorf("refused rollbacks made version %d of %d", after.Version, before.Version+2)
	}
}
