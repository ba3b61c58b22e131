package store

import (
	"errors"
	"testing"

	"github.com/clickgate/clickgate/config"
)

// abandon leaves a change set as a writer that died between its batches does.
func abandon(tb testing.TB, s *Store, docs ...config.Document) {
	tb.Helper()
	load(tb, s)
	d, err := s.difference(s.m, Change{Puts: docs})
	if err != nil {
		tb.Fatal(err)
	}
	var writes []write
	for _, w := range d.writes {
		writes = append(writes, w)
	}
	end, err := s.b.end(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := s.b.publish(tb.Context(), "abandoned", end.seq, writes); err != nil {
		tb.Fatal(err)
	}
}

func TestAbandonedChangeSet(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	abandon(t, s, advertiser(1, "abandoned"), advertiser(9, "abandoned"))
	for name, node := range map[string]*Store{"the same node": s, "a new node": n.open()} {
		snap := load(t, node)
		if snap.Version != v1 || nameOf(t, snap.Set, 1) != "one" || nameOf(t, snap.Set, 9) != "" {
			t.Errorf("%s counts entries without a head: version %d, %q, %q",
				name, snap.Version, nameOf(t, snap.Set, 1), nameOf(t, snap.Set, 9))
		}
	}
	v2 := commit(t, n.open(), v1, Change{Puts: []config.Document{advertiser(2, "two")}})
	for name, node := range map[string]*Store{"the first node": s, "a new node": n.open()} {
		snap := load(t, node)
		if snap.Version != v2 || nameOf(t, snap.Set, 1) != "one" || nameOf(t, snap.Set, 2) != "two" || nameOf(t, snap.Set, 9) != "" {
			t.Errorf("%s after the next commit: version %d, %q, %q, %q", name, snap.Version,
				nameOf(t, snap.Set, 1), nameOf(t, snap.Set, 2), nameOf(t, snap.Set, 9))
		}
	}
}

// Whoever repeats a change set that was cut short writes only what is missing.
func TestAbandonedChangeSetIsFinished(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	docs := advertisers(300, "two")
	abandon(t, s, docs[:200]...)
	before, _ := s.b.end(t.Context())
	commit(t, n.open(), v1, Change{Puts: docs})
	after, _ := s.b.end(t.Context())
	if wrote := after.seq - before.seq; wrote != 102 {
		t.Errorf("%d entries were written, want 100 documents, a record and a head", wrote)
	}
	if snap := load(t, n.open()); snap.Set.Len() != 300 || nameOf(t, snap.Set, 1) != "two" {
		t.Errorf("%d documents, the first is %q", snap.Set.Len(), nameOf(t, snap.Set, 1))
	}
}

// A small commit does not take back the large one that is being written.
func TestCommitWaitsForAnother(t *testing.T) {
	n := startServer(t)
	slow, fast := n.open(), n.open()
	fast.patience = patient
	v1 := commit(t, slow, 0, Change{Puts: advertisers(2, "one")})
	next := load(t, slow).Set.With([]config.Document{advertiser(1, "slow")}, nil)
	abandon(t, slow, advertiser(1, "slow"))
	outcome := make(chan error, 1)
	go func() {
		_, err := fast.Commit(t.Context(), v1, Change{Puts: []config.Document{advertiser(2, "fast")}})
		outcome <- err
	}()
	eventually(t, "the fast one has seen what the slow one writes", func() bool {
		fast.mu.Lock()
		defer fast.mu.Unlock()
		return fast.m != nil && len(fast.m.pending) == 1 || len(outcome) > 0
	})
	publishVersion(t, slow, Head{Version: v1 + 1, ID: "slow", Digest: next.Digest()})
	if err := <-outcome; !errors.Is(err, ErrConflict) {
		t.Errorf("the fast commit: %v, want ErrConflict", err)
	}
	if snap := load(t, n.open()); nameOf(t, snap.Set, 1) != "slow" || nameOf(t, snap.Set, 2) != "one" {
		t.Errorf("live are %q and %q", nameOf(t, snap.Set, 1), nameOf(t, snap.Set, 2))
	}
}

// A commit whose answer was lost is known by its record.
func TestDoubtfulCommit(t *testing.T) {
	s := startServer(t).open()
	commit(t, s, 0, Change{Puts: advertisers(1, "one")})
	lost := errors.New("answer lost")
	mine := load(t, s)
	head := s.m.head
	if v, err := s.doubtful(t.Context(), head, lost); v.Version != mine.Version || err != nil {
		t.Errorf("a commit that arrived: %d, %v", v.Version, err)
	}
	head.ID = "another attempt"
	if _, err := s.doubtful(t.Context(), head, lost); !errors.Is(err, lost) {
		t.Errorf("a commit that did not arrive: %v", err)
	}
}

// Keys written by hand are no version: the next commit takes them back.
func TestWritesByHand(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(2, "one")})
	kv, err := n.JetStream().KeyValue(t.Context(), DefaultBucket)
	if err != nil {
		t.Fatal(err)
	}
	put := func(key, value string) {
		if _, err := kv.PutString(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	put("advertiser.a1", "nonsense")
	put("note", "hello")
	put(headKey, "nonsense")
	for name, node := range map[string]*Store{"the same node": s, "a new node": n.open()} {
		if snap := load(t, node); snap.Version != v1 || nameOf(t, snap.Set, 1) != "one" {
			t.Errorf("%s sees version %d, %q", name, snap.Version, nameOf(t, snap.Set, 1))
		}
	}
	v2 := commit(t, s, v1, Change{Puts: []config.Document{advertiser(2, "two")}})
	if err := kv.Delete(t.Context(), headKey); err != nil {
		t.Fatal(err)
	}
	if snap := load(t, n.open()); snap.Version != v2 || nameOf(t, snap.Set, 1) != "one" || nameOf(t, snap.Set, 2) != "two" {
		t.Errorf("after the commit: version %d, %q, %q", snap.Version, nameOf(t, snap.Set, 1), nameOf(t, snap.Set, 2))
	}
}
