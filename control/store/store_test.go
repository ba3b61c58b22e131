package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/config"
)

func TestCommitAndLoad(t *testing.T) {
	n := startServer(t)
	s, other := n.open(), n.open()
	if snap := load(t, s); snap.Version != 0 || snap.Set.Len() != 0 {
		t.Fatalf("a new bucket holds version %d with %d documents", snap.Version, snap.Set.Len())
	}
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one"), Author: "ann", Comment: "first"})
	snap := load(t, other)
	if snap.Version != v1 || snap.Set.Len() != 3 || snap.Author != "ann" || snap.Comment != "first" || snap.Time.IsZero() {
		t.Fatalf("another node sees %+v", snap)
	}
	v2 := commit(t, other, v1, Change{
		Puts:    []config.Document{advertiser(1, "two"), advertiser(4, "one")},
		Deletes: []config.Key{advertiser(2, "").Key(), advertiser(99, "").Key()},
	})
	for name, node := range map[string]*Store{"the same node": other, "the first node": s, "a new node": n.open()} {
		snap := load(t, node)
		if snap.Version != v2 || snap.Set.Len() != 3 || nameOf(t, snap.Set, 1) != "two" || nameOf(t, snap.Set, 2) != "" {
			t.Errorf("%s sees version %d with %v", name, snap.Version, snap.Set.Keys())
		}
	}
}

func TestCommitConflict(t *testing.T) {
	n := startServer(t)
	s, other := n.open(), n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(1, "one")})
	if _, err := other.Commit(t.Context(), 0, Change{Puts: advertisers(1, "lost")}); !errors.Is(err, ErrConflict) {
		t.Fatalf("a commit on version 0: %v, want ErrConflict", err)
	}
	if _, err := other.Commit(t.Context(), v1+1, Change{Puts: advertisers(1, "lost")}); !errors.Is(err, ErrConflict) {
		t.Fatalf("a commit on a version to come: %v, want ErrConflict", err)
	}
	if name := nameOf(t, load(t, s).Set, 1); name != "one" {
		t.Errorf("the refused change was made: %q", name)
	}
}

func TestCommitOfNothing(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(2, "one")})
	before, _ := s.b.end(t.Context())
	for name, c := range map[string]Change{
		"empty":             {Comment: "nothing"},
		"equal puts":        {Puts: advertisers(2, "one")},
		"absent deletes":    {Deletes: []config.Key{advertiser(7, "").Key()}},
		"put back the same": {Puts: []config.Document{advertiser(1, "x"), advertiser(1, "one")}},
		"deleted and put":   {Puts: advertisers(1, "one"), Deletes: []config.Key{advertiser(1, "").Key()}},
	} {
		if v := commit(t, s, v1, c); v != v1 {
			t.Errorf("%s: version %d, want %d", name, v, v1)
		}
	}
	if after, _ := s.b.end(t.Context()); after != before {
		t.Errorf("nothing was changed, yet the bucket moved from %d to %d", before.seq, after.seq)
	}
}

// Every committer adds 1 to the same counter, with what it read as base. An
// update lost would be a number missing at the end.
func TestRacingCommitters(t *testing.T) {
	const committers, each = 4, 10
	n := startServer(t)
	commit(t, n.open(), 0, Change{Puts: []config.Document{advertiser(1, "counter")}})
	winners := make(chan uint64, committers*each)
	var all sync.WaitGroup
	for range committers {
		s := n.open()
		all.Go(func() {
			for range each {
				winners <- increment(t, s)
			}
		})
	}
	all.Wait()
	close(winners)
	won := map[uint64]bool{}
	for v := range winners {
		if won[v] {
			t.Errorf("two committers won version %d", v)
		}
		won[v] = true
	}
	snap := load(t, n.open())
	doc, _ := snap.Set.Get(advertiser(1, "").Key())
	if got := doc.(*config.Advertiser).IncrementalID; got != 1+committers*each {
		t.Errorf("the counter is %d, want %d: updates were lost", got, 1+committers*each)
	}
	if snap.Version != 1+committers*each {
		t.Errorf("version %d, want %d", snap.Version, 1+committers*each)
	}
}

// increment tries until its change is made and returns the version.
func increment(t *testing.T, s *Store) uint64 {
	for {
		snap := load(t, s)
		doc, _ := snap.Set.Get(advertiser(1, "").Key())
		next := *doc.(*config.Advertiser)
		next.IncrementalID++
		v, err := s.Commit(t.Context(), snap.Version, Change{Puts: []config.Document{&next}})
		if err == nil {
			return v
		}
		if !errors.Is(err, ErrConflict) {
			t.Errorf("commit: %v", err)
			return 0
		}
	}
}

func TestLargeChange(t *testing.T) {
	const many = 3*maxBatch + 7
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(many, "one")})
	other := n.open()
	if snap := load(t, other); snap.Set.Len() != many || snap.Version != v1 {
		t.Fatalf("version %d with %d documents, want %d with %d", snap.Version, snap.Set.Len(), v1, many)
	}
	var keys []config.Key
	for _, d := range advertisers(many-1, "") {
		keys = append(keys, d.Key())
	}
	commit(t, other, v1, Change{Deletes: keys})
	if snap := load(t, s); snap.Set.Len() != 1 {
		t.Errorf("%d documents after all but one were deleted", snap.Set.Len())
	}
}

// The sizes at which the last batch is full, one short or one over.
func TestBatchBorders(t *testing.T) {
	s := startServer(t).open()
	version := uint64(0)
	for i, size := range []int{maxBatch - 3, maxBatch - 2, maxBatch - 1, maxBatch, maxBatch + 1} {
		version = commit(t, s, version, Change{Puts: advertisers(size, fmt.Sprint(i))})
		if name := nameOf(t, load(t, s).Set, size); name != fmt.Sprint(i) {
			t.Errorf("change of %d documents: the last one is %q, want %d", size, name, i)
		}
		if record, head := batchOf(t, s, logKey(version)), batchOf(t, s, headKey); record != head {
			t.Errorf("change of %d documents: the record is in batch %s, the head in %s", size, record, head)
		}
	}
}

// batchOf names the batch in which a key was last written.
func batchOf(t *testing.T, s *Store, key string) string {
	t.Helper()
	stream, err := s.b.js.Stream(t.Context(), s.b.stream())
	if err != nil {
		t.Fatal(err)
	}
	m, err := stream.GetLastMsgForSubject(t.Context(), s.b.subject(key))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get(batchIDHeader)
}

func TestHistory(t *testing.T) {
	s := startServer(t).open()
	for v := range uint64(30) {
		commit(t, s, v, Change{Puts: advertisers(2, fmt.Sprint(v)), Author: fmt.Sprint("author ", v)})
	}
	heads, err := s.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(heads) != 30 || heads[0].Version != 30 || heads[29].Version != 1 {
		t.Fatalf("%d versions from %d", len(heads), heads[0].Version)
	}
	h := heads[0]
	if h.Author != "author 29" || h.Previous != 29 || h.Count != 2 || h.Changed != 2 ||
		len(h.Keys) != 2 || h.Keys[0] != "advertiser/a1" || h.Digest != load(t, s).Digest {
		t.Errorf("the newest version is described as %+v", h)
	}
	if end, _ := s.b.end(t.Context()); h.Revision != end.seq {
		t.Errorf("the newest version is at %d, the bucket ends at %d", h.Revision, end.seq)
	}
}

func TestOpenAdaptsAndRefuses(t *testing.T) {
	n := startServer(t)
	js := n.JetStream()
	kv := func(name string, cfg jetstream.KeyValueConfig) {
		cfg.Bucket = name
		if _, err := js.CreateKeyValue(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	kv("plain", jetstream.KeyValueConfig{History: 5})
	s, err := Open(t.Context(), js, Options{Bucket: "plain", History: 20})
	if err != nil {
		t.Fatalf("a bucket without batches is not adapted: %v", err)
	}
	commit(t, s, 0, Change{Puts: advertisers(2, "one")})
	info, _ := js.Stream(t.Context(), "KV_plain")
	if got := info.CachedInfo().Config.MaxMsgsPerSubject; got != 20 {
		t.Errorf("history %d, want 20", got)
	}
	kv("short", jetstream.KeyValueConfig{History: 1})
	kv("expiring", jetstream.KeyValueConfig{History: 5, TTL: time.Hour})
	for _, opts := range []Options{{Bucket: "short"}, {Bucket: "expiring"}, {Bucket: "x", History: 65}, {Bucket: "x", History: 1}} {
		if _, err := Open(t.Context(), js, opts); err == nil {
			t.Errorf("Open accepts %+v", opts)
		}
	}
}

// A document that cannot be sent is found before the first batch is.
func TestTooLargeDocument(t *testing.T) {
	s := startServer(t).open()
	docs := advertisers(maxBatch+10, "one")
	docs[len(docs)-1].(*config.Advertiser).ID = "z"
	docs[len(docs)-1].(*config.Advertiser).Description = strings.Repeat("x", 2<<20)
	_, err := s.Commit(t.Context(), 0, Change{Puts: docs})
	if err == nil || !strings.Contains(err.Error(), "advertiser/z") {
		t.Errorf("a document larger than a message: %v, want an error that names it", err)
	}
	if end, _ := s.b.end(t.Context()); end.seq != 0 {
		t.Errorf("%d entries were written", end.seq)
	}
}

func TestCommitGivesUp(t *testing.T) {
	n := startServer(t)
	s := n.open()
	load(t, s)
	n.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Commit(ctx, 0, Change{Puts: advertisers(1, "one")}); !errors.Is(err, ErrUnavailable) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("commit without a server: %v, want that it is out of reach or the caller's deadline", err)
	}
}

// A store works through a JetStream domain, and with a prefix of the API.
func TestDomain(t *testing.T) {
	n := startServer(t, func(o *server.Options) { o.JetStreamDomain = "hub" })
	nc := n.JetStream().Conn()
	byDomain, err := jetstream.NewWithDomain(nc, "hub")
	if err != nil {
		t.Fatal(err)
	}
	byPrefix, err := jetstream.NewWithAPIPrefix(nc, "$JS.hub.API")
	if err != nil {
		t.Fatal(err)
	}
	version := uint64(0)
	for name, js := range map[string]jetstream.JetStream{"domain": byDomain, "prefix": byPrefix} {
		s, err := Open(t.Context(), js, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.b.writeSubject("k"), "$JS.hub.API.$KV.clickgate_config.k"; got != want {
			t.Errorf("%s: documents are written to %s, want %s", name, got, want)
		}
		version = commit(t, s, version, Change{Puts: advertisers(1, name)})
		if got := nameOf(t, load(t, n.open()).Set, 1); got != name {
			t.Errorf("%s: %q was committed", name, got)
		}
	}
}
