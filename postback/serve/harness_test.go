package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/outgoing"
	"github.com/clickgate/clickgate/postback/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds how long a test waits for what must come.
const patience = 20 * time.Second

// memory is an event log.
type memory struct{ rows []events.Row }

func (m *memory) Find(_ context.Context, txID string) (events.Row, bool, error) {
	i := slices.IndexFunc(m.rows, func(r events.Row) bool { return r.Text("tx_id") == txID })
	if i < 0 {
		return events.Row{}, false, nil
	}
	return m.rows[i], true, nil
}

func (m *memory) Latest(_ context.Context, kinds []events.Kind, wanted func(events.Row) bool) (events.Row, bool, error) {
	for _, row := range slices.Backward(m.rows) {
		if slices.Contains(kinds, row.Kind) && wanted(row) {
			return row, true, nil
		}
	}
	return events.Row{}, false, nil
}

// bench is a desk with its worker, and a publisher's server.
type bench struct {
	t *testing.T
	*Desk
	worker *worker.Worker
	log    *memory
	server *httptest.Server
	// ill makes the server answer 500.
	ill atomic.Bool

	mu  sync.Mutex
	got []string // method, URL and body of requests
}

func setUp(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, log: new(memory)}
	b.server = httptest.NewServer(http.HandlerFunc(b.receive))
	t.Cleanup(b.server.Close)
	s := worker.Default()
	s.Calls.AllowNetworks, s.Calls.AllowPorts = []string{"127.0.0.1"}, []string{"1024-65535"}
	s.Retries, s.Queue.CacheBytes, s.Queue.BreakAfter = 0, 1<<20, 1000
	w, err := worker.New(worker.Options{Dir: "postbacks", Settings: s, FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	b.worker = w
	b.Desk = New(Options{Worker: w, Log: b.log, Node: "w1"})
	return b
}

func (b *bench) receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.got = append(b.got, r.Method+" "+r.URL.String()+" "+string(body))
	b.mu.Unlock()
	if b.ill.Load() {
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprint(w, "thanks")
}

func (b *bench) received() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.got)
}

// documents takes over a config with two publishers and two offers besides.
func (b *bench) documents(documents ...config.Document) {
	b.t.Helper()
	set, problems := config.NewSet(append([]config.Document{
		&config.Publisher{Meta: config.Meta{ID: "pub1"}, Name: "Blog", IncrementalID: 12, PostbackManagerEnabled: true},
		&config.Publisher{Meta: config.Meta{ID: "pub2"}, Name: "Forum", IncrementalID: 13},
		&config.Offer{Meta: config.Meta{ID: "off1"}, Name: "Shoes", IncrementalID: 7, Integration: "int1", ImpressionForwardingURL: b.server.URL + "/seen?o={offer_id}", ParallelTrackingURL: b.server.URL + "/click?c={click_id}"},
		&config.Offer{Meta: config.Meta{ID: "off2"}, Name: "Hats", IncrementalID: 8, Integration: "int1"},
		&config.OfferEvent{Meta: config.Meta{ID: "ev1"}, Name: "Signup", IncrementalID: 5, Offer: "off1"},
	}, documents...)...)
	if len(problems) > 0 {
		b.t.Fatal(problems)
	}
	b.worker.SetConfig(set)
}

func (b *bench) manager(id, path string, change func(*config.PostbackManager)) *config.PostbackManager {
	d := &config.PostbackManager{Meta: config.Meta{ID: id}, Integration: "int1", ServiceType: "conversion", URL: b.server.URL + path, Active: true}
	if change != nil {
		change(d)
	}
	return d
}

// row is an event of pub1 on off1 with the fields of other besides.
func (b *bench) row(kind events.Kind, txID string, other fields) events.Row {
	b.t.Helper()
	all := fields{
		"tx_id": txID, "click_tx_id": "k" + txID, "request_time": events.FormatTime(time.Now()), "status": "Approved", "integration_id": "int1",
		"organization_id": "org1", "offer_db_id": "off1", "offer_id": "7", "publisher": "Blog", "publisher_db_id": "pub1", "payout": 1.5,
	}
	maps.Copy(all, other)
	line, err := json.Marshal(all)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := events.DecodeRow(kind, line)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// ask asks, and wants an answer.
func (b *bench) ask(q outgoing.Question) outgoing.Answer {
	b.t.Helper()
	a := b.Answer(b.t.Context(), q)
	if err := a.Err(); err != nil {
		b.t.Fatalf("%s: %v", q.Task, err)
	}
	return a
}

// test asks for a test, and wants its report.
func (b *bench) test(t outgoing.Test) *outgoing.TestReport {
	b.t.Helper()
	return b.ask(outgoing.Question{Task: outgoing.TaskTest, Test: t}).Report
}

// run runs the worker until the test ends.
func (b *bench) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.worker.Run(ctx) }()
	b.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
	})
}

// await waits until the queue is empty but for so many dead letters.
func (b *bench) await(dead int64) {
	b.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		s := b.worker.Stats()
		if s.Jobs == 0 && s.Dead == dead {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("%+v, want %d dead letters", s, dead)
		}
	}
}
