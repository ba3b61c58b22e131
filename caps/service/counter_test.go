package service

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
	"github.com/clickgate/clickgate/internal/pebblelog"
)

// several are caps of the offer: of an event they count 1, 1, 10.25 and 15.
func several() []config.OfferCap {
	revenue := capOf("revenue", "1000000")
	revenue.SubIDEach = true
	return []config.OfferCap{capOf("conversions", "100000"), capOf("events", "100000"), capOf("budget", "1000000"), revenue}
}

// Everybody has the same sums in the end: workers that die, conversions that
// change, caps that come in the middle, edges that start late.
func TestAllHaveTheSameSums(t *testing.T) {
	w, r := newWorld(t), rand.New(rand.NewPCG(1, 2))
	first := configOf(t, several()[:2], config.Cap{Type: "budget", Period: "month", Value: money.MustParse("1000000")})
	second := configOf(t, several(), config.Cap{Type: "budget", Period: "month", Value: money.MustParse("1000000")}, config.Cap{Type: "clicks", Period: "all", Value: money.MustParse("1000000")})
	set, rules := first, rulesOf(t, first)
	edges := []*edge{w.edge("e1", rules), w.edge("e2", rules)}
	worker := w.count(set)
	var all, conversions []*click.Click
	for i := range 1200 {
		e := edges[r.IntN(2)]
		switch n := r.IntN(10); {
		case i == 500: // a cap that is new in the middle
			set, rules = second, rulesOf(t, second)
			edges[0].rules, edges[1].rules = rules, rules
			check(t, worker.SetConfig(set))
		case i%250 == 249:
			worker.stop()
			worker = w.count(set)
		case n < 3 && len(conversions) > 0:
			e.change(conversions[r.IntN(len(conversions))], func(c *click.Click) {
				c.Verdict.Payout = money.New(r.Int64N(100_000), 4)
				c.Conversion.Status = []click.Status{click.Approved, click.Rejected, click.Pending}[r.IntN(3)]
			})
		case n < 6:
			c := e.take([]events.Kind{events.Conversion, events.Event}[r.IntN(2)], func(c *click.Click) {
				c.Verdict.Payout = money.New(r.Int64N(100_000), 4)
				if r.IntN(3) == 0 {
					c.Link.OfferID, c.Link.PublisherID, c.Link.PublisherNumber = "p", "p7", "7"
				}
				if r.IntN(3) == 0 {
					c.Link.PublisherID, c.Link.PublisherNumber = "p8", "8"
				}
			})
			all, conversions = append(all, c), append(conversions, c)
		default:
			all = append(all, e.take(events.Click))
		}
	}
	edges = append(edges, w.edge("late", rules))
	want := map[caps.Key]int64{}
	for _, c := range all {
		thing, _ := caps.ThingOf(c)
		for _, n := range rules.Counters(nil, &thing) {
			want[n.Key] += n.Amount
		}
	}
	if len(want) < 6 {
		t.Fatalf("%d counters only", len(want))
	}
	for _, e := range edges {
		for key, sum := range want {
			until(t, fmt.Sprintf("%s to have %s", e.name, money.FromMillionths(sum)), func() bool { return e.book.Value(key) == sum })
		}
	}
}

func TestEdgesHearOfEachOther(t *testing.T) {
	w := newWorld(t)
	set := configOf(t, several())
	rules := rulesOf(t, set)
	w.count(set)
	one, other := w.edge("e1", rules), w.edge("e2", rules)
	sale := one.take(events.Conversion)
	one.take(events.Event)
	other.take(events.Event)
	untilSums(t, "3 2 30.75 45", one, other)
	other.change(sale, status(click.Rejected))
	untilSums(t, "2 2 20.5 30", one, other)
	other.take(events.Click)
	one.take(events.Event, func(c *click.Click) { c.Link.OfferID = "p" })
	one.take(events.Event)
	late := w.edge("e3", rules)
	untilSums(t, "3 3 30.75 45", one, other, late)
	until(t, "the late edge to be complete", late.Complete)
}

// Over all conversions that are approved, a cap is never passed by more than
// what another edge takes before it hears of it; here they wait for each other.
func TestCapHoldsOverEdges(t *testing.T) {
	w := newWorld(t)
	set := configOf(t, documents("conversions", "5"))
	rules := rulesOf(t, set)
	w.count(set)
	edges := []*edge{w.edge("e1", rules), w.edge("e2", rules)}
	var over []*click.Click
	for i := range 8 {
		c := edges[i%2].take(events.Conversion)
		if c.Conversion.Status == click.PendingCap {
			over = append(over, c)
		}
		untilSums(t, fmt.Sprint(min(i+1, 5)), edges...)
	}
	if len(over) != 3 {
		t.Errorf("%d of 8 were over a cap of 5", len(over))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.notices) != 2 || w.notices[0].Percent != 50 || w.notices[1].Percent != 100 {
		t.Errorf("notices %+v, want 50 and 100 %%", w.notices)
	}
}

// A rewrite frees the cap, and a worker that starts again knows what it counted
// before.
func TestChangesAfterARestart(t *testing.T) {
	w := newWorld(t)
	set := configOf(t, several())
	rules := rulesOf(t, set)
	e := w.edge("e1", rules)
	worker := w.count(set)
	sale := e.take(events.Event)
	untilSums(t, "1 1 10.25 15", e)
	worker.untilAt(t, 1)
	worker.stop()
	e.change(sale, func(c *click.Click) { c.Verdict.Payout = money.MustParse("4") })
	w.count(set)
	other := w.edge("e2", rules)
	untilSums(t, "1 1 4 15", e, other)
	other.change(sale, status(click.Rejected))
	untilSums(t, "0 0 0 0", e, other)
}

func TestLostFolder(t *testing.T) {
	w := newWorld(t)
	set := configOf(t, several())
	rules := rulesOf(t, set)
	e := w.edge("e1", rules)
	worker := w.count(set)
	sale := e.take(events.Event)
	e.take(events.Event)
	worker.untilAt(t, 2)
	worker.stop()
	check(t, os.RemoveAll(filepath.Join(w.Dir, "caps")))
	w.count(set)
	e.change(sale, status(click.Rejected))
	untilSums(t, "1 1 10.25 15", e, w.edge("e2", rules))
}

func TestDamagedFolder(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a file": func(t *testing.T, dir string) {
			list, err := filepath.Glob(filepath.Join(dir, "MANIFEST-*"))
			if check(t, err); len(list) == 0 {
				t.Fatal("no manifest")
			}
			for _, path := range list {
				check(t, os.WriteFile(path, []byte("rubbish"), 0o600))
			}
		},
		"a record": func(t *testing.T, dir string) { set(t, dir, []byte{inRuns, 'x'}, nil) },
		"a sum":    func(t *testing.T, dir string) { set(t, dir, []byte{inFold, 'x'}, []byte{9}) },
		"places":   func(t *testing.T, dir string) { set(t, dir, []byte{inPosition}, []byte{positionFormat, 7, 2, 0}) },
		"a place":  func(t *testing.T, dir string) { set(t, dir, []byte{inPosition}, []byte{9}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			conf := configOf(t, several())
			worker := w.count(conf)
			e := w.edge("e1", rulesOf(t, conf))
			e.take(events.Event)
			worker.untilAt(t, 1)
			worker.stop()
			spoil(t, filepath.Join(w.Dir, "caps"))
			w.count(conf)
			untilSums(t, "1 1 10.25 15", w.edge("e2", e.rules))
			if list, _ := filepath.Glob(filepath.Join(w.Dir, "caps.damaged-*")); len(list) != 1 {
				t.Errorf("moved aside: %v", list)
			}
		})
	}
}

func set(t *testing.T, dir string, key, value []byte) {
	t.Helper()
	db, err := pebble.Open(dir, &pebble.Options{Logger: pebblelog.New(zap.NewNop())})
	check(t, err)
	check(t, db.Set(key, value, pebble.Sync))
	check(t, db.Close())
}

// Damage that is found when a conversion is looked up: all is made anew.
func TestDamageInUse(t *testing.T) {
	w := newWorld(t)
	conf := configOf(t, several())
	worker := w.count(conf)
	e := w.edge("e1", rulesOf(t, conf))
	sale := e.take(events.Event)
	worker.untilAt(t, 1)
	worker.mu.Lock()
	id, err := parseTxID(rowOf(sale, ""))
	check(t, err)
	check(t, worker.db.Set(versionKey(inVersions, id), []byte("?"), pebble.Sync))
	worker.mu.Unlock()
	e.change(sale, func(c *click.Click) { c.Verdict.Payout = money.MustParse("4") })
	worker.untilAt(t, 2)
	untilSums(t, "1 1 4 15", w.edge("e2", e.rules))
	if list, _ := filepath.Glob(filepath.Join(w.Dir, "caps.damaged-*")); len(list) != 1 {
		t.Errorf("moved aside: %v", list)
	}
}

func TestNewCapCountsItsPeriod(t *testing.T) {
	w := newWorld(t)
	before, after := configOf(t, nil), configOf(t, several())
	e := w.edge("e1", rulesOf(t, before))
	worker := w.count(before)
	sale := e.take(events.Event)
	e.take(events.Event)
	e.take(events.Event, func(c *click.Click) { c.TimeMS -= 48 * 3600 * 1000 })
	worker.untilAt(t, 3)
	e.rules = rulesOf(t, after)
	check(t, worker.SetConfig(after))
	late := w.edge("e2", e.rules)
	untilSums(t, "2 2 20.5 30", e, late)
	late.change(sale, status(click.Rejected)) // what was read up can be taken back
	untilSums(t, "1 1 10.25 15", e, late)
	worker.stop()
	worker = w.count(after)
	e.take(events.Event)
	untilSums(t, "2 2 20.5 30", e, late)
	check(t, worker.SetConfig(before))
	late.change(sale, status(click.Approved)) // while nobody counts
	worker.untilAt(t, 6)
	check(t, worker.SetConfig(after))
	late.change(sale, func(c *click.Click) { c.Verdict.Payout = money.MustParse("1") })
	untilSums(t, "3 3 21.5 45", e, late, w.edge("e3", e.rules))
}

func TestPastThatHasLeftTheLog(t *testing.T) {
	w := newWorld(t)
	core, logged := observer.New(zap.WarnLevel)
	w.logger = zap.New(core)
	worker := w.count(configOf(t, nil))
	e := w.edge("e1", nil)
	for range 4 {
		e.take(events.Event)
	}
	worker.untilAt(t, 4)
	stream, err := w.JS.Stream(within(t, 5*time.Second), eventlog.Stream)
	check(t, err)
	check(t, stream.Purge(within(t, 5*time.Second), jetstream.WithPurgeSequence(3)))
	after := configOf(t, several())
	check(t, worker.SetConfig(after))
	untilSums(t, "2 2 20.5 30", w.edge("e2", rulesOf(t, after)))
	told := logged.FilterMessageSnippet("what their period had before is missing").All()
	if len(told) != 1 || worker.stats.incomplete.Load() != 4 || !strings.Contains(fmt.Sprint(told[0].ContextMap()["caps"]), "offer o") {
		t.Errorf("told %v of %d caps", told, worker.stats.incomplete.Load())
	}
}

// A log that is another one, or has lost its end, is counted on.
func TestAnotherLog(t *testing.T) {
	w := newWorld(t)
	conf := configOf(t, several())
	worker := w.count(conf)
	e := w.edge("e1", rulesOf(t, conf))
	sale := e.take(events.Event)
	e.take(events.Event)
	worker.untilAt(t, 2)
	worker.stop()
	check(t, w.JS.DeleteStream(within(t, 5*time.Second), eventlog.Stream))
	w.Make()
	e.change(sale, status(click.Rejected))
	w.count(conf)
	untilSums(t, "1 1 10.25 15", e, w.edge("e2", e.rules))
	e.take(events.Event)
	untilSums(t, "2 2 20.5 30", e)
}

// The server of the log goes away and comes back: all go on.
func TestServerRestarts(t *testing.T) {
	w := newWorld(t)
	conf := configOf(t, several())
	w.count(conf)
	e, other := w.edge("e1", rulesOf(t, conf)), w.edge("e2", rulesOf(t, conf))
	e.take(events.Event)
	untilSums(t, "1 1 10.25 15", e, other)
	until(t, "the edge to be complete", other.Complete)
	var port int
	_, err := fmt.Sscanf(w.Server.URL()[strings.LastIndexByte(w.Server.URL(), ':'):], ":%d", &port)
	check(t, err)
	w.Server.Shutdown()
	var asked atomic.Int64
	_, err = w.NC.Subscribe(Exports, func(*nats.Msg) { asked.Add(1) })
	check(t, err)
	w.Start(port)
	until(t, "the connection", func() bool { return w.NC.IsConnected() })
	until(t, "edges that ask for everything again", func() bool { return asked.Load() > 0 })
	e.take(events.Event)
	untilSums(t, "2 2 20.5 30", e, other)
	until(t, "the edge to have asked again", other.Complete)
}

func TestRunsRetire(t *testing.T) {
	w := newWorld(t)
	conf := configOf(t, several())
	worker := w.count(conf)
	old, next := caps.NewIncarnation("e1", now), caps.NewIncarnation("e1", now.Add(time.Hour))
	w.Publish(events.Event, rowOf(made(events.Event, 1), old))
	w.Publish(events.Event, rowOf(made(events.Event, 2), next))
	w.Publish(events.Event, rowOf(made(events.Event, 3), caps.NewIncarnation("e2", now)))
	worker.untilAt(t, 3)
	worker.retire(now.Add(9 * time.Minute))
	if n := worker.countRuns(); n != 3 {
		t.Errorf("%d runs are known after 9 minutes, want 3", n)
	}
	worker.stop()
	w.offset = 11 * time.Minute
	worker = w.count(conf) // runs are known after a restart
	until(t, "the first run to be retired", func() bool { return worker.countRuns() == 2 })
	check(t, worker.lockedSave())
	worker.stop()
	worker = w.count(conf)
	if n := worker.countRuns(); n != 2 {
		t.Errorf("%d runs are known, want the last ones", n)
	}
	until(t, "the worker at the log", func() bool { return worker.clock.AppliedMS() > 0 })
	for d := range worker.deltas(true) {
		for _, n := range d.Counters {
			if len(n.Parts) != 2 {
				t.Errorf("%+v, want two runs", n)
			}
		}
	}
}

func (c *counter) countRuns() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.runs.all)
}

func (c *counter) lockedSave() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.save()
}

func TestVersionsExpire(t *testing.T) {
	w := newWorld(t)
	conf := configOf(t, several())
	worker := w.count(conf)
	row := rowOf(made(events.Event, 1), "")
	w.Publish(events.Event, row)
	worker.untilAt(t, 1)
	id, err := parseTxID(row)
	check(t, err)
	for _, days := range []int{399, 401} {
		want := days < 400
		worker.mu.Lock()
		check(t, worker.expire(now.Add(time.Duration(days)*24*time.Hour)))
		_, found, err := worker.versions.get(worker.db, id)
		worker.mu.Unlock()
		if check(t, err); want != found {
			t.Errorf("after %d days it is known: %v", days, found)
		}
	}
}

func TestBadConfigChangesNothing(t *testing.T) {
	w := newWorld(t)
	worker := w.count(configOf(t, several()))
	e := w.edge("e1", worker.rules)
	bad := configOf(t, []config.OfferCap{capOf("nonsense", "1")})
	if err := worker.SetConfig(bad); err == nil || !strings.Contains(err.Error(), "offer o: caps[0].type") {
		t.Errorf("a cap of nonsense: %v", err)
	}
	e.take(events.Event)
	untilSums(t, "1 1 10.25 15", e)
}

func TestBadRowsStopNothing(t *testing.T) {
	w := newWorld(t)
	core, logged := observer.New(zap.WarnLevel)
	w.logger = zap.New(core)
	worker := w.count(configOf(t, several()))
	e := w.edge("e1", worker.rules)
	good := rowOf(made(events.Event, 1), "")
	w.Publish(events.Event, []byte("\n"), bytes.Replace(good, []byte(`"status":"Approved"`), []byte(`"status":"?"`), 1),
		bytes.Replace(good, []byte(`{"tx_id":"0`), []byte(`{"tx_id":"x`), 1), good)
	untilSums(t, "1 1 10.25 15", e)
	if bad := worker.stats.bad.Load(); bad != 2 || logged.FilterMessageSnippet("cannot be read").Len() != 2 {
		t.Errorf("%d bad rows, told %v", bad, logged.All())
	}
}

func TestMetrics(t *testing.T) {
	w := newWorld(t)
	worker := w.count(configOf(t, several()))
	e := w.edge("e1", worker.rules)
	e.take(events.Event)
	untilSums(t, "1 1 10.25 15", w.edge("e2", worker.rules))
	check(t, w.NC.Publish(Deltas, []byte("rubbish")))
	until(t, "rubbish to be counted", func() bool { return e.bad.Load() == 1 })
	until(t, "the edge to be complete", e.Complete)
	var text bytes.Buffer
	worker.WriteMetrics(&text)
	e.WriteMetrics(&text)
	for _, line := range []string{"read_rows_total 1", "counted_rows_total 1", "bad_rows_total 0", "pending_blocks 0", "count_failed 0", "bad_deltas_total 1", "book_well 1"} {
		if !strings.Contains(text.String(), "clickgate_caps_"+line+"\n") {
			t.Errorf("metrics lack %q:\n%s", line, &text)
		}
	}
}
