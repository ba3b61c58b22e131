package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// natsServer is an embedded server that can be stopped and started again.
type natsServer struct {
	tb   testing.TB
	dir  string
	port int
	s    *server.Server
}

func startServer(tb testing.TB) *natsServer {
	tb.Helper()
	n := &natsServer{tb: tb, dir: filepath.Join(tb.TempDir(), "js"), port: server.RANDOM_PORT}
	n.start()
	tb.Cleanup(n.stop)
	return n
}

func (n *natsServer) start() {
	n.tb.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: n.port, JetStream: true, StoreDir: n.dir, NoLog: true, NoSigs: true,
	})
	if err != nil {
		n.tb.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		n.tb.Fatal("the server does not start")
	}
	n.s = s
	n.port = s.Addr().(*net.TCPAddr).Port
}

func (n *natsServer) stop() {
	n.s.Shutdown()
	n.s.WaitForShutdown()
}

// connect returns a client of its own.
func (n *natsServer) connect() jetstream.JetStream {
	n.tb.Helper()
	nc, err := nats.Connect(fmt.Sprintf("nats://127.0.0.1:%d", n.port),
		nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(0, 0),
		nats.RetryOnFailedConnect(true))
	if err != nil {
		n.tb.Fatal(err)
	}
	n.tb.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		n.tb.Fatal(err)
	}
	return js
}

func (n *natsServer) open() *Store {
	n.tb.Helper()
	s, err := Open(n.tb.Context(), n.connect(), Options{})
	if err != nil {
		n.tb.Fatal(err)
	}
	s.patience = 200 * time.Millisecond
	return s
}

func advertiser(i int, name string) *config.Advertiser {
	return &config.Advertiser{
		Meta:          config.Meta{ID: fmt.Sprintf("a%d", i), Organization: "org"},
		IncrementalID: int64(i),
		Name:          name,
		Active:        true,
	}
}

func advertisers(n int, name string) []config.Document {
	docs := make([]config.Document, n)
	for i := range docs {
		docs[i] = advertiser(i+1, name)
	}
	return docs
}

func nameOf(tb testing.TB, set *config.Set, i int) string {
	tb.Helper()
	doc, ok := set.Get(advertiser(i, "").Key())
	if !ok {
		return ""
	}
	return doc.(*config.Advertiser).Name
}

func commit(tb testing.TB, s *Store, base uint64, c Change) uint64 {
	tb.Helper()
	version, err := s.Commit(tb.Context(), base, c)
	if err != nil {
		tb.Fatalf("commit on %d: %v", base, err)
	}
	return version
}

func load(tb testing.TB, s *Store) Snapshot {
	tb.Helper()
	snap, err := s.Load(tb.Context())
	if err != nil {
		tb.Fatalf("load: %v", err)
	}
	return snap
}

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

// abandon leaves a change set as a writer that died between its batches does.
func abandon(tb testing.TB, s *Store, docs ...config.Document) {
	tb.Helper()
	snap := load(tb, s)
	d, err := s.difference(snap.Set, Change{Puts: docs})
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
	if v, err := s.doubtful(t.Context(), head, lost); v != mine.Version || err != nil {
		t.Errorf("a commit that arrived: %d, %v", v, err)
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
	kv, err := n.connect().KeyValue(t.Context(), DefaultBucket)
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
	js := n.connect()
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

func TestTooLargeDocument(t *testing.T) {
	s := startServer(t).open()
	doc := advertiser(1, string(make([]byte, 2<<20)))
	if _, err := s.Commit(t.Context(), 0, Change{Puts: []config.Document{advertiser(2, "x"), doc}}); err == nil {
		t.Fatal("a document larger than a message is accepted")
	}
	if end, _ := s.b.end(t.Context()); end.seq != 0 {
		t.Errorf("%d entries were written", end.seq)
	}
}

func TestCommitGivesUp(t *testing.T) {
	n := startServer(t)
	s := n.open()
	load(t, s)
	n.stop()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Commit(ctx, 0, Change{Puts: advertisers(1, "one")}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("commit without a server: %v, want the caller's deadline", err)
	}
}
