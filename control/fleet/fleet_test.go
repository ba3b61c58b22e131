package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

// natsServer is an embedded server with the edges and the fleet of a test.
type natsServer struct {
	*natstest.Server
	tb testing.TB
}

func startServer(tb testing.TB) *natsServer {
	tb.Helper()
	return &natsServer{natstest.Start(tb), tb}
}

// edge is a reporter whose version the test sets.
type edge struct {
	*Reporter
	version atomic.Uint64
	end     func()
}

func (n *natsServer) edge(node string, log *zap.Logger) *edge {
	n.tb.Helper()
	e := &edge{}
	e.Reporter = NewReporter(n.JetStream(), 1, func() Report {
		v := e.version.Load()
		return Report{Node: node, Instance: fmt.Sprintf("%p", e), Live: Live{Version: v}, Attempt: Attempt{Version: v}}
	}, log)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { e.Run(ctx) })
	e.end = func() { cancel(); wg.Wait() }
	n.tb.Cleanup(e.end)
	return e
}

func (e *edge) serves(version uint64) {
	e.version.Store(version)
	e.Report()
}

func (n *natsServer) fleet() *Fleet {
	n.tb.Helper()
	f := New(n.JetStream(), 1)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { f.Run(ctx) })
	n.tb.Cleanup(func() { cancel(); wg.Wait() })
	return f
}

const patient = 30 * time.Second

func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(patient); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s never came", what)
		}
	}
}

func (f *Fleet) names() (names []string) {
	for _, e := range f.List(0).([]Edge) {
		names = append(names, e.Node)
	}
	return names
}

func TestWaitReturnsWhenAllEdgesServe(t *testing.T) {
	n := startServer(t)
	f := n.fleet()
	a, b := n.edge("a", zap.NewNop()), n.edge("b", zap.NewNop())
	eventually(t, "both edges", func() bool { return len(f.names()) == 2 })
	a.serves(3)
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if missing := f.Wait(short, 3); len(missing) == 0 || missing[len(missing)-1] != "b" {
		t.Errorf("missing are %v, want b", missing)
	}
	done := make(chan []string, 1)
	go func() { done <- f.Wait(t.Context(), 3) }()
	b.serves(3)
	select {
	case missing := <-done:
		if len(missing) > 0 {
			t.Errorf("missing are %v", missing)
		}
	case <-time.After(patient):
		t.Fatal("Wait does not return")
	}
	for _, e := range f.List(3).([]Edge) {
		if !e.UpToDate || e.SecondsAgo < 0 || e.SecondsAgo > 60 {
			t.Errorf("listed as %+v", e)
		}
	}
}

// An edge that refused a version is not waited for any longer.
func TestRefusalIsAnAnswer(t *testing.T) {
	f := New(nil, 1)
	f.edges["a"] = seen{Report{Node: "a", Live: Live{Version: 1}, Attempt: Attempt{Version: 2, Error: "no"}}, time.Now()}
	if missing := f.Wait(t.Context(), 2); len(missing) > 0 {
		t.Errorf("missing are %v", missing)
	}
}

// A silent edge is not waited for, and after a minute forgotten.
func TestSilentEdges(t *testing.T) {
	f := New(nil, 1)
	f.edges["silent"] = seen{Report{Node: "silent"}, time.Now().Add(-2 * fresh)}
	f.edges["gone"] = seen{Report{Node: "gone"}, time.Now().Add(-2 * remembered)}
	if missing := f.Wait(t.Context(), 9); len(missing) > 0 {
		t.Errorf("missing are %v", missing)
	}
	if names := f.names(); len(names) != 1 || names[0] != "silent" {
		t.Errorf("listed are %v", names)
	}
}

func TestEdgeLeaves(t *testing.T) {
	n := startServer(t)
	f := n.fleet()
	e := n.edge("a", zap.NewNop())
	eventually(t, "the edge", func() bool { return len(f.names()) == 1 })
	e.end()
	eventually(t, "its leave", func() bool { return len(f.names()) == 0 })
}

// NATS may go away: edges and control nodes find each other again.
func TestServerComesBack(t *testing.T) {
	n := startServer(t)
	f, e := n.fleet(), n.edge("a", zap.NewNop())
	eventually(t, "the edge", func() bool { return len(f.names()) == 1 })
	n.Stop()
	n.Start()
	eventually(t, "the edge again", func() bool {
		e.serves(7)
		list := f.List(7).([]Edge)
		return len(list) == 1 && list[0].UpToDate
	})
}

func TestTwoEdgesOfOneName(t *testing.T) {
	n := startServer(t)
	core, logs := observer.New(zap.WarnLevel)
	a, b := n.edge("same", zap.New(core)), n.edge("same", zap.New(core))
	eventually(t, "the warning", func() bool {
		a.Report()
		b.Report()
		return logs.FilterMessageSnippet("has this one's name").Len() > 0
	})
}

func FuzzTake(f *testing.F) {
	good, _ := json.Marshal(Report{Node: "a", Live: Live{Version: 1}})
	f.Add(good)
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, value []byte) {
		fleet := New(nil, 1)
		fleet.take(entry{value: value})
		fleet.List(1)
		fleet.behind(1)
	})
}

// entry is a put of a value.
type entry struct {
	jetstream.KeyValueEntry
	value []byte
}

func (e entry) Key() string                     { return "a" }
func (e entry) Value() []byte                   { return e.value }
func (e entry) Operation() jetstream.KeyValueOp { return jetstream.KeyValuePut }
