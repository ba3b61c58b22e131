package caps

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// world is some edges, a worker and the log between them.
type world struct {
	t     testing.TB
	r     *rand.Rand
	rules [2]*Rules // of now, and what becomes of them

	log    []Row
	latest []int // entries of the log that no later one replaces
	edges  []*edge
	runs   Incarnation // handed out so far
	disk   disk
	worker *Fold
	newest int // rules of the worker
	wire   []*Delta
}

// edge is a process that takes things, records them a little later, and may
// die in between.
type edge struct {
	self   Incarnation
	book   *Book
	newest int
	flying []flight
}

type flight struct {
	row    Row
	counts []Count
}

func newWorld(t testing.TB, seed uint64, edges int) *world {
	budget := capDoc{Type: "budget", Period: "month", Value: money.MustParse("9000"), AffiliateType: "each", GoalType: "each"}
	revenue := capDoc{Type: "revenue", Period: "all", Value: money.MustParse("1000000"), SubIDEach: true, AffiliateType: "each"}
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 1)), disk: disk{}, rules: [2]*Rules{
		withPublisher(t, offerCaps{caps: []capDoc{limit("60"), budget}}.rules(t), limit("30")),
		withPublisher(t, offerCaps{caps: []capDoc{revenue, limit("40")}}.rules(t), limit("30"), limit("20")),
	}}
	w.worker = w.disk.load(t, w.rules[0])
	for range edges {
		w.edges = append(w.edges, w.start(0))
	}
	return w
}

func (w *world) start(newest int) *edge {
	w.runs++
	return &edge{self: w.runs, book: NewBook(w.runs, Options{}), newest: newest}
}

func (w *world) thing() *Thing {
	t := conversion(by([]string{"7", "8", ""}[w.r.IntN(3)]), sub([]string{"s", "t"}[w.r.IntN(2)]), when(noon+w.r.Int64N(3)*day))
	t.Payout, t.Revenue = money.New(w.r.Int64N(100_000), 3), money.New(w.r.Int64N(1_000_000), 6)
	if w.r.IntN(3) == 0 {
		t.EventNumber, t.EventName = "5", "Deposit"
	}
	t.Status = []click.Status{click.Approved, click.Approved, click.Pending, click.Rejected}[w.r.IntN(4)]
	return t
}

// take is a conversion that comes in.
func (w *world) take(e *edge) {
	thing := w.thing()
	counts, v := w.rules[e.newest].Take(e.book, thing, nil)
	if v.Over() {
		thing.Status = click.PendingCap
	}
	e.flying = append(e.flying, flight{Row{By: e.self, Thing: *thing}, counts})
}

// land records something that is on its way, or finds that it is a duplicate.
func (w *world) land(e *edge) {
	if len(e.flying) == 0 {
		return
	}
	i := w.r.IntN(len(e.flying))
	f := e.flying[i]
	e.flying = slices.Delete(e.flying, i, i+1)
	if w.r.IntN(10) == 0 {
		e.book.Return(f.counts)
		return
	}
	w.append(f.row)
}

func (w *world) append(r Row) {
	w.latest = append(w.latest, len(w.log))
	w.log = append(w.log, r)
}

// change gives a conversion another status and other amounts.
func (w *world) change(e *edge) {
	if len(w.latest) == 0 {
		return
	}
	i := w.r.IntN(len(w.latest))
	before := w.log[w.latest[i]].Thing
	now, change := before, w.thing()
	now.Status, now.Payout, now.Revenue = change.Status, change.Payout, change.Revenue
	e.book.Add(w.rules[e.newest].Change(nil, &before, &now))
	w.latest = slices.Delete(w.latest, i, i+1)
	w.append(Row{By: e.self, Thing: now, Before: &before})
}

// crash ends an edge. What was on its way may have been recorded.
func (w *world) crash(i int) {
	for _, f := range w.edges[i].flying {
		if w.r.IntN(2) == 0 {
			w.append(f.row)
		}
	}
	w.edges[i] = w.start(w.edges[i].newest)
}

// work lets the worker read on, tell something, or die.
func (w *world) work() {
	switch w.r.IntN(6) {
	case 0:
		w.disk.save(w.t, w.worker)
		w.wire = slices.AppendSeq(w.wire, w.worker.Deltas(1, 1))
	case 1:
		w.wire = slices.AppendSeq(w.wire, w.worker.Export(1, 1))
	case 2:
		if w.r.IntN(20) == 0 {
			w.worker = w.disk.load(w.t, w.rules[w.newest])
			w.readUp()
		}
	default:
		w.read(1 + w.r.IntN(5))
	}
}

func (w *world) read(n int) {
	for ; n > 0 && w.worker.Position() < uint64(len(w.log)); n-- {
		next := w.worker.Position()
		w.worker.Apply(next+1, w.log[next:next+1])
	}
}

// readUp gives the worker the past that it misses.
func (w *world) readUp() {
	gaps := w.worker.Missing(noon)
	if len(gaps) == 0 {
		return
	}
	past := map[int]bool{}
	versions := w.log[:gaps[0].Position]
	for i := range versions {
		past[i] = true
		if before := versions[i].Before; before != nil {
			delete(past, slices.IndexFunc(versions[:i], func(r Row) bool { return r.Thing == *before }))
		}
	}
	err := w.worker.Backfill(gaps, func(yield func(Row, error) bool) {
		for _, i := range slices.Sorted(maps.Keys(past)) {
			if w.read(w.r.IntN(2)); !yield(Row{By: versions[i].By, Thing: versions[i].Thing}, nil) {
				return
			}
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// deliver brings a message to an edge: early, late, twice or never.
func (w *world) deliver(e *edge) {
	if len(w.wire) == 0 {
		return
	}
	i := w.r.IntN(len(w.wire))
	e.book.Merge(w.wire[i])
	if w.r.IntN(2) == 0 {
		w.wire = slices.Delete(w.wire, i, i+1)
	}
}

func (w *world) step() {
	i := w.r.IntN(len(w.edges))
	e := w.edges[i]
	switch n := w.r.IntN(100); {
	case n < 30:
		w.take(e)
	case n < 55:
		w.land(e)
	case n < 60:
		w.change(e)
	case n < 61:
		w.crash(i)
	case n < 85:
		w.deliver(e)
	default:
		w.work()
	}
}

// settle lets everything arrive.
func (w *world) settle() {
	for _, e := range w.edges {
		for len(e.flying) > 0 {
			w.land(e)
		}
	}
	w.read(len(w.log))
	for _, e := range w.edges {
		sent(w.t, w.worker.Export(1, 1), e.book)
	}
}

// check compares all counters of the last rules with what the log adds up to,
// in exact amounts.
func (w *world) check() {
	w.t.Helper()
	exact := map[Key]money.Amount{}
	for _, i := range w.latest {
		for _, c := range w.rules[1].Counters(nil, &w.log[i].Thing) {
			exact[c.Key] = exact[c.Key].Add(money.FromMillionths(c.Amount))
		}
	}
	if len(exact) < 10 {
		w.t.Fatalf("only %d counters", len(exact))
	}
	for k, want := range exact {
		for _, e := range w.edges {
			if got := money.FromMillionths(e.book.Value(k)); got != want {
				w.t.Errorf("edge %d: %s, want %s", e.self, got, want)
			}
		}
	}
}

// Whatever comes, goes and dies in between, all sums are exact in the end: to
// the cent, and with caps that change on the way.
func TestSumsAreExactInTheEnd(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, seed, 1+int(seed%4))
			for range 1500 {
				w.step()
			}
			for _, i := range w.r.Perm(len(w.edges) + 1) { // all take the other rules, some earlier than others
				if i < len(w.edges) {
					w.edges[i].newest = 1
				} else {
					w.newest = 1
					w.worker.SetRules(w.rules[1])
					w.readUp()
				}
				for range 40 {
					w.step()
				}
			}
			for range 1500 {
				w.step()
			}
			w.settle()
			w.check()
		})
	}
}

// Edges that hear of each other take at most what the others take from one
// message to the next over the cap.
func TestOvershootIsBounded(t *testing.T) {
	const capacity, perInterval = 100, 7
	for edges := 1; edges <= 6; edges++ {
		rules, disk := offerCaps{caps: []capDoc{limit("100")}}.rules(t), disk{}
		fold := disk.load(t, rules)
		var books []*Book
		for i := range edges {
			books = append(books, NewBook(Incarnation(i+1), Options{}))
		}
		taken, offered := 0, 0
		for range 60 {
			for i, b := range books {
				for range perInterval {
					if _, v := rules.Take(b, conversion(), nil); !v.Over() {
						taken++
						fold.Apply(uint64(taken), row(Incarnation(i+1), conversion()))
					}
					offered++
				}
			}
			disk.save(t, fold)
			sent(t, fold.Deltas(1, 1), books...)
		}
		if most := capacity + (edges-1)*perInterval; taken > most || taken < min(capacity, offered) {
			t.Errorf("%d edges took %d, want %d to %d", edges, taken, capacity, most)
		}
		if _, v := rules.Take(books[0], conversion(), nil); !v.Over() {
			t.Errorf("%d edges: full, and one more is taken", edges)
		}
	}
}
