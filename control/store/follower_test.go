package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/config"
)

// patient bounds every wait in these tests.
const patient = 30 * time.Second

// eventually waits until cond holds.
func eventually(tb testing.TB, what string, cond func() bool) {
	tb.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patient); !cond(); <-tick.C {
		if time.Now().After(end) {
			tb.Fatalf("never happened: %s", what)
		}
	}
}

// testEdge runs a follower and remembers what it applied.
type testEdge struct {
	*Follower
	tb   testing.TB
	end  func()
	mu   sync.Mutex
	seen []Update
	// refuse, when set, judges updates.
	refuse func(Update) error
}

func startEdge(tb testing.TB, js jetstream.JetStream, dir string, refuse func(Update) error) *testEdge {
	tb.Helper()
	e := &testEdge{tb: tb, refuse: refuse}
	e.Follower = NewFollower(js, FollowerOptions{Dir: dir, Grace: 100 * time.Millisecond, SaveEvery: time.Millisecond}, e.apply)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	e.end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("run: %v", err)
		}
	})
	tb.Cleanup(e.end)
	return e
}

func (e *testEdge) apply(_ context.Context, u Update) error {
	if e.refuse != nil {
		if err := e.refuse(u); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, u)
	return nil
}

func (e *testEdge) updates() []Update {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.seen)
}

// live waits until a version is live and returns its update.
func (e *testEdge) live(version uint64, source Source) Update {
	e.tb.Helper()
	eventually(e.tb, fmt.Sprintf("version %d is live from %s; it is %+v", version, source, e.Status()), func() bool {
		live := e.Status().Live
		return live.Version == version && live.Source == source
	})
	all := e.updates()
	return all[len(all)-1]
}

func (e *testEdge) refusal(version uint64) error {
	e.tb.Helper()
	eventually(e.tb, fmt.Sprintf("version %d is refused", version), func() bool {
		a := e.Status().Attempt
		return a.Version == version && a.Err != nil
	})
	return e.Status().Attempt.Err
}

func TestFollowerTakesOver(t *testing.T) {
	n := startServer(t)
	s := n.open()
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	e.live(v1, SourceStore)
	v2 := commit(t, s, v1, Change{Puts: []config.Document{advertiser(1, "two")}, Deletes: []config.Key{advertiser(3, "").Key()}})
	u := e.live(v2, SourceStore)
	if u.Digest != load(t, s).Digest || u.Set.Digest() != u.Digest {
		t.Errorf("digest %s, the store's is %s", u.Digest, load(t, s).Digest)
	}
	if len(u.Changed) != 2 || !slices.Contains(u.Changed, advertiser(1, "").Key()) || !slices.Contains(u.Changed, advertiser(3, "").Key()) {
		t.Errorf("changed %v, want a1 and a3", u.Changed)
	}
	if nameOf(t, u.Set, 1) != "two" || nameOf(t, u.Set, 3) != "" || u.Set.Len() != 2 {
		t.Errorf("the set holds %v", u.Set.Keys())
	}
	st := e.Status()
	if !st.Connected || st.StoreErr != nil || st.DiskErr != nil || st.Live.At.IsZero() || st.Attempt.Version != v2 || st.Attempt.Err != nil {
		t.Errorf("status %+v", st)
	}
}

// Two documents, and sometimes 1,500, always get the same name in one change
// set. An edge that ever sees two names has seen half of one.
func TestFollowerSeesWholeChangeSets(t *testing.T) {
	const rounds = 25
	n := startServer(t)
	commit(t, n.open(), 0, Change{Puts: advertisers(1500, "start")})
	var halves []string
	e := startEdge(t, n.JetStream(), t.TempDir(), func(u Update) error {
		if first, last := nameOf(t, u.Set, 1), nameOf(t, u.Set, 1500); first != last || first == "" {
			halves = append(halves, fmt.Sprintf("version %d: %q and %q", u.Version, first, last))
		}
		return nil
	})
	var writers sync.WaitGroup
	for w := range 3 {
		s := n.open()
		writers.Go(func() {
			for i := range rounds {
				name := fmt.Sprint(w, ".", i)
				docs := []config.Document{advertiser(1, name), advertiser(1500, name)}
				if w == 0 && i%10 == 0 {
					docs = advertisers(1500, name)
				}
				rename(t, s, docs)
			}
		})
	}
	writers.Wait()
	e.live(1+3*rounds, SourceStore)
	e.end()
	for _, h := range halves {
		t.Error("half a change set: ", h)
	}
	last := uint64(0)
	for _, u := range e.updates() {
		if u.Version <= last {
			t.Errorf("version %d was applied after %d", u.Version, last)
		}
		last = u.Version
	}
}

func rename(t *testing.T, s *Store, docs []config.Document) {
	for {
		snap := load(t, s)
		_, err := s.Commit(t.Context(), snap.Version, Change{Puts: docs})
		if err == nil {
			return
		}
		if !errors.Is(err, ErrConflict) {
			t.Errorf("commit: %v", err)
			return
		}
	}
}

func TestFollowerIgnoresAbandonedChangeSet(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	running := startEdge(t, n.JetStream(), t.TempDir(), nil)
	running.live(v1, SourceStore)
	abandon(t, s, advertiser(1, "abandoned"), advertiser(9, "abandoned"))
	later := startEdge(t, n.JetStream(), t.TempDir(), nil)
	if u := later.live(v1, SourceStore); nameOf(t, u.Set, 1) != "one" || nameOf(t, u.Set, 9) != "" {
		t.Errorf("a new edge serves %q and %q", nameOf(t, u.Set, 1), nameOf(t, u.Set, 9))
	}
	v2 := commit(t, n.open(), v1, Change{Puts: []config.Document{advertiser(2, "two")}})
	for name, e := range map[string]*testEdge{"the running edge": running, "the later edge": later} {
		if u := e.live(v2, SourceStore); nameOf(t, u.Set, 1) != "one" || nameOf(t, u.Set, 2) != "two" || nameOf(t, u.Set, 9) != "" {
			t.Errorf("%s serves %q, %q, %q", name, nameOf(t, u.Set, 1), nameOf(t, u.Set, 2), nameOf(t, u.Set, 9))
		}
	}
}

func TestFollowerStartsFromDisk(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	first := startEdge(t, n.JetStream(), dir, nil)
	first.live(v1, SourceStore)
	first.end()
	if info, err := os.Stat(lastGoodPath(dir)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file of the last good config: %v, %v", info, err)
	}
	digest := load(t, s).Digest
	n.Stop()
	e := startEdge(t, n.JetStream(), dir, nil)
	u := e.live(v1, SourceDisk)
	if u.Digest != digest || u.Set.Len() != 3 {
		t.Errorf("disk gave digest %s with %d documents", u.Digest, u.Set.Len())
	}
	if e.Status().Connected {
		t.Error("the edge says it is connected")
	}
	eventually(t, "the reason is told", func() bool { return e.Status().StoreErr != nil })
	n.Start()
	e.live(v1, SourceStore)
	if got := len(e.updates()); got != 1 {
		t.Errorf("%d updates, want 1: the store holds what is live", got)
	}
	v2 := commit(t, s, v1, Change{Puts: []config.Document{advertiser(2, "two")}})
	if u := e.live(v2, SourceStore); len(u.Changed) != 1 || u.Changed[0] != advertiser(2, "").Key() {
		t.Errorf("after a start from disk %v changed, want a2 alone", u.Changed)
	}
}

func TestFollowerSurvivesOutage(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	e.live(v1, SourceStore)
	n.Stop()
	eventually(t, "the edge says it is not connected", func() bool { return !e.Status().Connected })
	if live := e.Status().Live; live.Version != v1 {
		t.Errorf("without a server version %d is live", live.Version)
	}
	n.Start()
	other := n.open()
	v2 := commit(t, other, v1, Change{Puts: []config.Document{advertiser(2, "two")}})
	if u := e.live(v2, SourceStore); nameOf(t, u.Set, 2) != "two" {
		t.Errorf("after the outage %q is live", nameOf(t, u.Set, 2))
	}
	eventually(t, "the edge says it is connected", func() bool { return e.Status().Connected })
}

// More happens during the outage than the bucket's history holds.
func TestFollowerCatchesUpBeyondHistory(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	v := commit(t, s, 0, Change{Puts: advertisers(5, "one")})
	first := startEdge(t, n.JetStream(), dir, nil)
	first.live(v, SourceStore)
	first.end()
	for i := range 3 * DefaultHistory {
		v = commit(t, s, v, Change{Puts: []config.Document{advertiser(1+i%3, fmt.Sprint(i))}})
	}
	e := startEdge(t, n.JetStream(), dir, nil)
	if u := e.live(v, SourceStore); u.Set.Digest() != load(t, n.open()).Digest {
		t.Error("the edge has another set than the store")
	}
}

func TestFollowerOfRemadeBucket(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v := uint64(0)
	for i := range 5 {
		v = commit(t, s, v, Change{Puts: advertisers(3, fmt.Sprint(i))})
	}
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	e.live(v, SourceStore)
	if err := n.JetStream().DeleteStream(t.Context(), s.b.stream()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the edge misses the bucket", func() bool { return errors.Is(e.Status().StoreErr, jetstream.ErrStreamNotFound) })
	remade := n.open()
	eventually(t, "the edge follows the new bucket", func() bool { return e.Status().Connected })
	if live := e.Status().Live; live.Version != v {
		t.Errorf("an empty bucket made version %d live", live.Version)
	}
	v1 := commit(t, remade, 0, Change{Puts: advertisers(2, "remade")})
	if u := e.live(v1, SourceStore); u.Set.Len() != 2 || nameOf(t, u.Set, 1) != "remade" || u.Changed != nil {
		t.Errorf("%d documents, %q, changed %v", u.Set.Len(), nameOf(t, u.Set, 1), u.Changed)
	}
	// A store that knew the old bucket notices as well.
	if snap := load(t, s); snap.Version != v1 || snap.Set.Len() != 2 {
		t.Errorf("a store of the old bucket sees version %d with %d documents", snap.Version, snap.Set.Len())
	}
}

func TestFollowerWithoutAnything(t *testing.T) {
	n := startServer(t)
	dir := t.TempDir()
	e := startEdge(t, n.JetStream(), dir, nil)
	eventually(t, "the missing bucket is reported", func() bool { return errors.Is(e.Status().StoreErr, jetstream.ErrStreamNotFound) })
	s := n.open()
	e.live(commit(t, s, 0, Change{Puts: advertisers(1, "one")}), SourceStore)
	e.end()
	if _, err := readLastGood(lastGoodPath(dir)); err != nil {
		t.Errorf("the last good config after the end: %v", err)
	}
}

// What is committed while an edge is busy arrives as one update.
func TestUpdatesMerge(t *testing.T) {
	n := startServer(t)
	s := n.open()
	gate := make(chan struct{})
	e := startEdge(t, n.JetStream(), t.TempDir(), func(u Update) error {
		if u.Version == 2 {
			<-gate
		}
		return nil
	})
	v := commit(t, s, 0, Change{Puts: advertisers(9, "one")})
	e.live(v, SourceStore)
	for i := range 5 {
		v = commit(t, s, v, Change{Puts: []config.Document{advertiser(1+i, "two")}})
	}
	eventually(t, "the last version is waiting", func() bool {
		e.inbox.mu.Lock()
		defer e.inbox.mu.Unlock()
		return e.inbox.full && e.inbox.value.Version == v
	})
	close(gate)
	u := e.live(v, SourceStore)
	got := e.updates()
	if len(got) != 3 {
		t.Errorf("%d updates, want versions 1, 2 and %d", len(got), v)
	}
	if len(u.Changed) != 4 {
		t.Errorf("changed %v, want a2 to a5", u.Changed)
	}
}
