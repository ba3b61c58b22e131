package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/internal/explain"
)

// Of two changes that were meant for one state, one is made.
func TestOneOfTwoPatchesWins(t *testing.T) {
	b := newBench(t)
	id := b.create("/api/v2/advertisers", `{"name":"A"}`)
	path := "/api/v2/advertisers/" + id
	nodes := []*API{b.api, b.node()}
	for round := range 10 {
		tag := b.ask("GET", path, "").header.Get("ETag")
		answers := make([]reply, 2)
		var wg sync.WaitGroup
		for i, node := range nodes {
			wg.Go(func() {
				answers[i] = b.askNode(node, "PATCH", path, fmt.Sprintf(`{"name":"round %d by %d"}`, round, i), "API-KEY", b.key, "If-Match", tag)
			})
		}
		wg.Wait()
		got := []int{answers[0].status, answers[1].status}
		slices.Sort(got)
		if got[0] != http.StatusOK || got[1] != http.StatusPreconditionFailed {
			t.Fatalf("round %d: answered %v, want one 200 and one 412", round, got)
		}
	}
}

// Incremental ids are handed out without gaps or doubles by nodes that know
// nothing of each other.
func TestNumbersWithoutGapsOrDoubles(t *testing.T) {
	b := newBench(t)
	nodes := []*API{b.api, b.node()}
	const creates = 60
	var wg sync.WaitGroup
	for i := range creates {
		wg.Go(func() {
			b.askNode(nodes[i%2], "POST", "/api/v2/publishers", fmt.Sprintf(`{"name":"P%d"}`, i), "API-KEY", b.key).want(t, "create", http.StatusCreated)
		})
	}
	wg.Wait()
	snap, err := b.api.Live.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	for doc := range snap.Set.Publishers() {
		numbers = append(numbers, doc.IncrementalID)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != int64(i+1) {
			t.Fatalf("the numbers are %v", numbers)
		}
	}
	if len(numbers) != creates || snap.Highest(config.KindPublisher) != creates {
		t.Errorf("%d creates made %d publishers, the highest number is %d", creates, len(numbers), snap.Highest(config.KindPublisher))
	}
}

// A create that is repeated, at once and on another node too, makes one entity.
func TestIdempotency(t *testing.T) {
	b := newBench(t)
	nodes := []*API{b.api, b.node()}
	const body = `{"name":"Once"}`
	answers := make([]reply, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			answers[i] = b.askNode(nodes[i%2], "POST", "/api/v2/advertisers", body, "API-KEY", b.key, "Idempotency-Key", "k1")
		})
	}
	wg.Wait()
	first := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || a.id() != answers[0].id() || a.header.Get("Location") != answers[0].header.Get("Location") {
			t.Errorf("answered %d %s at %s, want what the others got: %s", a.status, a.text, a.header.Get("Location"), answers[0].text)
		}
		if a.header.Get("Idempotency-Replayed") == "" {
			first++
		}
	}
	if first != 1 {
		t.Errorf("%d answers are no replays, want 1", first)
	}
	if list := b.ask("GET", "/api/v2/advertisers", ""); list.body["meta"].(map[string]any)["total_count"] != 1.0 {
		t.Errorf("there are %s", list.text)
	}
	b.ask("POST", "/api/v2/advertisers", `{"name":"Other"}`, "Idempotency-Key", "k1").want(t, "another body", http.StatusUnprocessableEntity)
	b.ask("POST", "/api/v2/publishers", body, "Idempotency-Key", "k1").want(t, "another path", http.StatusCreated)
	b.ask("POST", "/api/v2/advertisers", body, "Idempotency-Key", "k\x01").want(t, "a key with control characters", http.StatusBadRequest)
	b.ask("POST", "/api/v2/advertisers", `{}`, "Idempotency-Key", "k2").want(t, "a mistake", http.StatusBadRequest)
	b.ask("POST", "/api/v2/advertisers", body, "Idempotency-Key", "k2").want(t, "the key after a mistake", http.StatusCreated)
}

// Without the store the API says so at once, changes nothing, and goes on when
// the store is back.
func TestStoreAway(t *testing.T) {
	b := newBench(t)
	id := b.create("/api/v2/advertisers", `{"name":"A"}`)
	b.nats.Stop()
	for _, method := range []string{"GET", "PATCH"} {
		began := time.Now()
		got := b.ask(method, "/api/v2/advertisers/"+id, `{"name":"B"}`).want(t, method+" without the store", http.StatusServiceUnavailable)
		if got.header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", method)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %s", method, took)
		}
	}
	b.nats.Start()
	var got reply
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if got = b.ask("GET", "/api/v2/advertisers/"+id, ""); got.status == http.StatusOK || time.Now().After(end) {
			break
		}
	}
	if got.status != http.StatusOK || got.data()["name"] != "A" {
		t.Errorf("after the store came back: %d %s", got.status, got.text)
	}
}

// fakeFleet has edges that never answer.
type fakeFleet struct{ asked []uint64 }

func (f *fakeFleet) Wait(ctx context.Context, version uint64) []string {
	f.asked = append(f.asked, version)
	<-ctx.Done()
	return []string{"edge-1"}
}

func (f *fakeFleet) List(live uint64) any { return []uint64{live} }

func (f *fakeFleet) Explain(context.Context, *explain.Request) (explain.Report, error) {
	return explain.Report{}, fleet.ErrNoEdge
}

// A change is answered when the edges have it, or with the names of those that
// do not.
func TestChangesWaitForEdges(t *testing.T) {
	b := newBench(t)
	f := &fakeFleet{}
	b.api.Fleet, b.api.Settings.WaitForEdges = f, 20*time.Millisecond
	got := b.ask("POST", "/api/v2/advertisers", `{"name":"A"}`).want(t, "create", http.StatusCreated)
	if got.header.Get("X-Config-Pending") != "edge-1" || got.header.Get("X-Config-Version") != "1" || !slices.Equal(f.asked, []uint64{1}) {
		t.Errorf("pending %q, version %q, asked for %v", got.header.Get("X-Config-Pending"), got.header.Get("X-Config-Version"), f.asked)
	}
	if got := b.ask("GET", "/api/v2/edges", "").want(t, "edges", http.StatusOK); fmt.Sprint(got.body["data"]) != "[1]" {
		t.Errorf("the edges are %s", got.text)
	}
}
