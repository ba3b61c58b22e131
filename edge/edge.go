// Package edge serves visitors: it finds the link a click names, enriches and
// judges the click, sends the visitor on and writes the event. It compiles the
// live config into one immutable Snapshot and swaps it under the traffic.
package edge

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
	"github.com/clickgate/clickgate/site"
)

// Settings are the edge's boot settings.
type Settings struct {
	// DefaultIntegration takes requests that name no integration; its opaque
	// id. Empty: such requests are not found.
	DefaultIntegration string `yaml:"default_integration"`
	// TrackingDomains are the network's own domains: {id}.{domain} is the
	// integration {id}, and no redirect leads back to them. Empty: the first
	// label of any host may name an integration.
	TrackingDomains []string `yaml:"tracking_domains"`
	// AskClientHints asks browsers that come by https for the client hints they
	// do not send unasked: model, full versions, the true version of the system.
	// They send them from their next click on.
	AskClientHints bool `yaml:"ask_client_hints"`
	// Node and Region name this edge in event rows.
	Node   string `yaml:"-"`
	Region string `yaml:"region"`
}

// Parts are what an edge works with. All are required but Sites, Now, Finder and
// Recorder: without the latter two no conversion is finished here.
type Parts struct {
	Geo     *geo.Service
	Devices *device.Parser
	// Sites are the categories of referers and sites; nil knows none.
	Sites *site.Service
	State *state.Memory
	Log   *events.Log
	IDs   *clickid.Generator
	// Finder finds the clicks of conversions, Recorder writes their rows.
	Finder   attribution.Finder
	Recorder events.Recorder
	// Managers tells which postback managers a conversion's row fires; nil tells
	// nothing.
	Managers func(events.Row) []string
	ClientIP *clientip.Resolver
	// Caps counts what caps limit; nil has none. Incarnation names this run of
	// the process in the rows it counts (caps.NewIncarnation).
	Caps        *caps.Book
	Incarnation string
	Logger      *zap.Logger
	// Now is the clock that clicks are judged by; nil is the time at which a
	// request's first byte came.
	Now func() time.Time
}

// Edge answers visitors. Its methods are safe for concurrent use.
type Edge struct {
	Parts
	settings Settings
	snapshot atomic.Pointer[Snapshot]
	visits   sync.Pool
	rowMeta  events.Meta
	counters counters
	panics   throttle
}

// New returns an edge without config: until the first Apply it knows no
// integration.
func New(s Settings, p Parts) *Edge {
	e := &Edge{Parts: p, settings: s, counters: newCounters()}
	e.rowMeta = events.Meta{Node: s.Node, Region: s.Region}
	e.visits.New = func() any { return &visit{edge: e} }
	e.snapshot.Store(&Snapshot{router: newRouter(s)})
	return e
}

// Apply compiles set and swaps it in. Only the documents of changed may differ
// from the set that was applied last, deleted ones among them; with nil all
// may. On an error the last good config keeps serving and no state is touched.
// Apply is not called twice at once.
func (e *Edge) Apply(set *config.Set, version uint64, changed []config.Key) error {
	s, err := compile(e.snapshot.Load(), set, version, changed, e.settings, e.State)
	if err != nil {
		return err
	}
	e.snapshot.Store(s)
	// The next change asks the set who depends on what. The index for that
	// takes a moment to make, and visitors are served by now.
	set.Referrers(config.Key{})
	return nil
}

// Check compiles set like Apply and swaps nothing.
func (e *Edge) Check(set *config.Set) error {
	_, err := compile(nil, set, 0, nil, e.settings, e.State)
	return err
}

// Version is the version of the config that serves.
func (e *Edge) Version() uint64 { return e.snapshot.Load().version }

// arrival is when a request came.
func (e *Edge) arrival(ctx *fasthttp.RequestCtx) time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return ctx.Time()
}

// Handle answers one request. It is the fasthttp handler of the visitors'
// listener.
func (e *Edge) Handle(ctx *fasthttp.RequestCtx) {
	v := e.visits.Get().(*visit)
	v.begin(ctx)
	defer v.end()
	v.serve()
}

// end gives the visit back. It also catches a bug's panic: the visitor is sent
// to the fallback and the operator is told.
func (v *visit) end() {
	if bug := recover(); bug != nil {
		v.broke(bug)
		return // a visit that broke is not used again
	}
	v.release()
	v.edge.visits.Put(v)
}

func (v *visit) broke(bug any) {
	v.edge.tellBug("serving a click", bug)
	defer func() {
		if recover() != nil { // what broke the click breaks the fallback too
			redirect.WriteNotFound(v.ctx)
		}
	}()
	v.answerFallback()
}

// tellBug counts a bug's panic and tells the operator.
func (e *Edge) tellBug(doing string, bug any) {
	e.counters.refused[refusedPanic].Inc()
	e.panics.do(time.Now(), func(dropped int) {
		e.Logger.Error("BUG: panic while "+doing,
			zap.String("panic", fmt.Sprint(bug)), zap.Stack("stack"), zap.Int("dropped", dropped))
	})
}

// throttle lets one line a second through and counts the others.
type throttle struct {
	mu      sync.Mutex
	last    time.Time
	dropped int
}

func (t *throttle) do(now time.Time, write func(dropped int)) {
	t.mu.Lock()
	if now.Sub(t.last) < time.Second {
		t.dropped++
		t.mu.Unlock()
		return
	}
	dropped := t.dropped
	t.last, t.dropped = now, 0
	t.mu.Unlock()
	write(dropped)
}

// kindOf is the event stream of each plane.
var kindOf = [...]events.Kind{
	click.PlaneClick:      events.Click,
	click.PlaneImpression: events.Impression,
	click.PlaneConversion: events.Conversion,
}
