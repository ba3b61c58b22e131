package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds how long a test waits for what must come.
const patience = 20 * time.Second

// request is what a receiver got.
type request struct {
	method, url, body, key string
	header                 http.Header
}

// receiver is a publisher's server.
type receiver struct {
	*httptest.Server
	got chan request
}

// receive runs a server that answers with what answer says, 200 where it is nil.
func receive(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	rec := &receiver{got: make(chan request, 1000)}
	rec.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rec.got <- request{r.Method, r.URL.String(), string(body), r.Header.Get("Idempotency-Key"), r.Header}
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(rec.Close)
	return rec
}

// next is the next request; the test fails if none comes.
func (r *receiver) next(t *testing.T) request {
	t.Helper()
	select {
	case got := <-r.got:
		return got
	case <-time.After(patience):
		t.Fatal("no request came")
		panic("unreachable")
	}
}

// logged collects rows.
type logged struct{ rows chan map[string]any }

func (l *logged) Log(line []byte) {
	var row map[string]any
	if err := json.Unmarshal(line, &row); err != nil {
		panic(err)
	}
	l.rows <- row
}

func (l *logged) next(t *testing.T) map[string]any {
	t.Helper()
	select {
	case row := <-l.rows:
		return row
	case <-time.After(patience):
		t.Fatal("no row came")
		panic("unreachable")
	}
}

// bench is a worker with what it needs.
type bench struct {
	*Worker
	log *logged

	mu sync.Mutex
	at time.Time
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// testSettings may call servers of tests, and try again at once.
func testSettings() Settings {
	s := Default()
	s.Calls.AllowNetworks, s.Calls.AllowPorts = []string{"127.0.0.1"}, []string{"1024-65535"}
	s.Calls.Timeout = patience
	s.RetryAfter, s.RetryMost = time.Millisecond, time.Millisecond
	s.Queue.CacheBytes = 1 << 20
	return s
}

// setUp opens a worker on a file system in memory.
func setUp(t *testing.T, fs vfs.FS, change func(*Settings)) *bench {
	t.Helper()
	s := testSettings()
	if change != nil {
		change(&s)
	}
	b := &bench{log: &logged{make(chan map[string]any, 10_000)}, at: noon}
	w, err := New(Options{Dir: "postbacks", Settings: s, Log: b.log, Node: "n1", Region: "eu", Now: b.now, FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	b.Worker = w
	t.Cleanup(func() { w.Close() })
	return b
}

// run runs the worker until the test ends, or stop is called.
func (b *bench) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// managers are postback managers of URLs, called m0, m1 and so on.
func (b *bench) managers(t *testing.T, urls ...string) {
	t.Helper()
	documents := []config.Document{&config.Publisher{Meta: config.Meta{ID: "pub1"}, IncrementalID: 12}}
	for i, url := range urls {
		documents = append(documents, &config.PostbackManager{
			Meta: config.Meta{ID: fmt.Sprint("m", i)}, Integration: "int1", ServiceType: "conversion", URL: url, Active: true,
		})
	}
	b.documents(t, documents...)
}

func (b *bench) documents(t *testing.T, documents ...config.Document) {
	t.Helper()
	set, problems := config.NewSet(documents...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b.SetConfig(set)
}

type fields map[string]any

// conversion is the line of a conversion.
func conversion(t *testing.T, txID string, other fields) []byte {
	t.Helper()
	all := fields{
		"tx_id": txID, "click_tx_id": "k-" + txID, "request_time": events.FormatTime(noon), "status": "Approved", "integration_id": "int1",
		"organization_id": "org1", "offer_id": "7", "offer_db_id": "off1", "publisher": "Blog", "publisher_db_id": "pub1", "payout": 1.25,
	}
	maps.Copy(all, other)
	line, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return append(line, '\n')
}

func decode(t *testing.T, line []byte) events.Row {
	t.Helper()
	row, err := events.DecodeRow(events.Conversion, line)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// apply applies a block of conversions.
func (b *bench) apply(t *testing.T, sequence uint64, lines ...[]byte) {
	t.Helper()
	block := Block{Kind: events.Conversion, Sequence: sequence}
	for _, line := range lines {
		block.Lines = append(block.Lines, line...)
	}
	if err := b.Apply(block); err != nil {
		t.Fatal(err)
	}
}
