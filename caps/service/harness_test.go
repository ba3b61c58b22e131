package service

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/follow"
	"github.com/clickgate/clickgate/events/jetstream/logtest"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

var within, check, until = logtest.Within, logtest.Check, logtest.Until

// capOf is a cap of a measure a day.
func capOf(measure, value string) config.OfferCap {
	return config.OfferCap{Cap: config.Cap{Type: measure, Period: "day", Value: money.MustParse(value)}}
}

// configOf is offer o with caps, offer p without, and publisher 7.
func configOf(t testing.TB, offer []config.OfferCap, publisher ...config.Cap) *config.Set {
	t.Helper()
	set, problems := config.NewSet(
		&config.Offer{Meta: config.Meta{ID: "o"}, ConversionName: "Sale", ConversionRules: config.ConversionRules{NoticePercentOvercap: 50, Caps: offer}},
		&config.Offer{Meta: config.Meta{ID: "p"}},
		&config.Publisher{Meta: config.Meta{ID: "p7"}, IncrementalID: 7, Caps: publisher},
		&config.Publisher{Meta: config.Meta{ID: "p8"}, IncrementalID: 8},
	)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

func rulesOf(t testing.TB, set *config.Set) *caps.Rules {
	t.Helper()
	rules, err := caps.Compile(set)
	check(t, err)
	return rules
}

// now is the time of what happens in tests.
var now = time.Now().Truncate(time.Second)

// made is a click, conversion or event of offer o and publisher 7.
func made(kind events.Kind, id int, change ...func(*click.Click)) *click.Click {
	c := &click.Click{Plane: planeOf(kind), TimeMS: now.UnixMilli(), Device: &click.Device{}}
	copy(c.TxID[:], fmt.Sprintf("%012x%020x", now.UnixMilli(), id))
	c.Link = click.Link{OfferID: "o", OfferNumber: "1", PublisherID: "p7", PublisherNumber: "7"}
	c.SubID[0] = "s"
	if kind == events.Conversion || kind == events.Event {
		c.Conversion.Status = click.Approved
		c.Verdict.Payout, c.Verdict.Revenue = money.MustParse("10.25"), money.MustParse("15")
	}
	if kind == events.Event {
		c.Conversion.EventID, c.Conversion.EventNumber, c.Conversion.EventName = "e5", "5", "Deposit"
	}
	for _, f := range change {
		f(c)
	}
	return c
}

// rowOf is the line of a click, as the edge that counted it writes it.
func rowOf(c *click.Click, by string) []byte {
	var row []byte
	if c.Plane == click.PlaneConversion {
		row = events.AppendConversionRow(nil, c, events.Meta{Node: "n1"})
	} else {
		row = events.AppendRow(nil, c, events.Meta{Node: "n1"})
	}
	if by == "" {
		return row
	}
	return bytes.Replace(row, inTime, []byte(`,"incarnation":"`+by+`","request_time":`), 1)
}

// world is an event log, workers and edges.
type world struct {
	*logtest.Log
	offset  time.Duration // of the workers' clock
	logger  *zap.Logger
	mu      sync.Mutex
	notices []caps.Notice
	written int // ids
}

func newWorld(t testing.TB) *world { return &world{Log: logtest.New(t), logger: zap.NewNop()} }

// counter is a worker that runs.
type counter struct {
	*Counter
	stop func() // as a process ends: nothing is saved that was not
}

func (w *world) count(set *config.Set) *counter {
	w.T.Helper()
	return w.countAs("w1", "caps", set)
}

// countAs starts a worker of a name, with its sums in a folder.
func (w *world) countAs(node, folder string, set *config.Set) *counter {
	w.T.Helper()
	c, err := New(Options{
		NC: w.NC, JS: w.JS, Node: node, Dir: filepath.Join(w.Dir, folder), Every: 10 * time.Millisecond, Logger: w.logger,
		Now: func() time.Time { return time.Now().Add(w.offset) },
		Notice: func(n caps.Notice) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.notices = append(w.notices, n)
		},
	})
	check(w.T, err)
	check(w.T, c.SetConfig(set))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		check(w.T, <-done)
		check(w.T, c.Close())
	})
	w.T.Cleanup(stop)
	return &counter{c, stop}
}

func (c *counter) untilAt(t testing.TB, sequence uint64) {
	t.Helper()
	until(t, fmt.Sprintf("block %d to be counted", sequence), func() bool { return (*sink)(c.Counter).Position().Sequence >= sequence })
}

// edge is a process that records things and hears of others.
type edge struct {
	*Listener
	world *world
	name  string
	rules *caps.Rules
	book  *caps.Book
}

func (w *world) edge(node string, rules *caps.Rules) *edge {
	w.T.Helper()
	e := &edge{world: w, name: caps.NewIncarnation(node, now), rules: rules}
	e.book = caps.NewBook(caps.IncarnationOf(e.name), caps.Options{})
	e.Listener = NewListener(ListenerOptions{NC: w.Connect(), Book: e.book, Every: 10 * time.Millisecond})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	w.T.Cleanup(func() { cancel(); check(w.T, <-done) })
	return e
}

// take judges, counts and records a thing.
func (e *edge) take(kind events.Kind, change ...func(*click.Click)) *click.Click {
	e.world.T.Helper()
	e.world.written++
	c := made(kind, e.world.written, change...)
	if thing, ok := caps.ThingOf(c); ok {
		if _, v := e.rules.Take(e.book, &thing, nil); v.Over() && kind == events.Conversion {
			c.Conversion.Status = click.PendingCap
		}
	}
	e.world.Publish(kind, rowOf(c, e.name))
	return c
}

// change records a conversion anew.
func (e *edge) change(c *click.Click, change func(*click.Click)) {
	e.world.T.Helper()
	before, _ := caps.ThingOf(c)
	change(c)
	c.Conversion.Update.TimeMS = now.UnixMilli() + 1
	after, _ := caps.ThingOf(c)
	e.book.Add(e.rules.Change(nil, &before, &after))
	kind := events.Conversion
	if c.Conversion.IsEvent() {
		kind = events.Event
	}
	e.world.Publish(kind, rowOf(c, e.name))
}

func status(s click.Status) func(*click.Click) {
	return func(c *click.Click) { c.Conversion.Status = s }
}

// sums are the counters of a thing, in the order of its caps.
func sums(rules *caps.Rules, b *caps.Book, c *click.Click) string {
	thing, _ := caps.ThingOf(c)
	var list []string
	for _, n := range rules.Counters(nil, &thing) {
		list = append(list, money.FromMillionths(b.Value(n.Key)).String())
	}
	return strings.Join(list, " ")
}

// untilSums waits until all edges have the sums of an approved event.
func untilSums(t testing.TB, want string, edges ...*edge) {
	t.Helper()
	probe := made(events.Event, 0)
	for _, e := range edges {
		until(t, fmt.Sprintf("%s to have %s (has %s)", e.name, want, sums(e.rules, e.book, probe)), func() bool { return sums(e.rules, e.book, probe) == want })
	}
}

func documents(measure, value string) []config.OfferCap {
	return []config.OfferCap{capOf(measure, value)}
}

func block(kind events.Kind, sequence uint64, data []byte) follow.Block {
	return follow.Block{Kind: kind, Sequence: sequence, LoggedMS: now.UnixMilli(), Data: data}
}
