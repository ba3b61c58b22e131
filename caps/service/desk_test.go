package service

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/money"
)

// said are the notices of all workers, sorted.
func (w *world) said() (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.notices {
		list = append(list, fmt.Sprintf("%s %d %s%s", n.Cap, n.Percent, n.Publisher, n.SubID))
	}
	slices.Sort(list)
	return list
}

func (c *counter) saidOnes() uint64 { return c.stats.notices.Load() }

// TestNoticesAreSaidOnce: of two workers that count the same, one says that a
// cap has filled up; and none says it again that starts without its sums.
func TestNoticesAreSaidOnce(t *testing.T) {
	w := newWorld(t)
	var offer []config.OfferCap
	var want []string
	for i := range 20 {
		offer = append(offer, capOf("conversions", fmt.Sprint(i+2)))
		for _, percent := range []int{50, 100} {
			want = append(want, fmt.Sprintf("caps[%d] of offer o: %d conversions a day %d ", i, i+2, percent))
		}
	}
	each := capOf("conversions", "40")
	each.AffiliateType = "each"
	want = append(want, "caps[20] of offer o: 40 conversions a day for each publisher 50 7")
	set := configOf(t, append(offer, each))
	one, two := w.countAs("w1", "one", set), w.countAs("w2", "two", set)
	var last uint64
	for i := range 21 {
		last = w.Publish(events.Conversion, rowOf(made(events.Conversion, i), ""))
	}
	slices.Sort(want)
	one.untilAt(t, last)
	two.untilAt(t, last)
	if got := w.said(); !slices.Equal(got, want) {
		t.Errorf("said\n%q, want\n%q", got, want)
	}
	if n := one.saidOnes() + two.saidOnes(); n != uint64(len(want)) || one.stats.unclaimed.Load()+two.stats.unclaimed.Load() != 0 {
		t.Errorf("%d notices are counted, want %d", n, len(want))
	}
	one.stop()
	w.countAs("w1", "lost", set).untilAt(t, last)
	if got := w.said(); len(got) != len(want) {
		t.Errorf("a worker without its sums says %d notices again", len(got)-len(want))
	}
}

// half is the first notice of a conversion of offer o: that a cap is half full.
func half(t testing.TB, set *config.Set) caps.Notice {
	t.Helper()
	thing, _ := caps.ThingOf(made(events.Conversion, 1))
	fold := caps.NewFold(caps.Options{})
	fold.SetRules(rulesOf(t, set))
	fold.Apply(1, []caps.Row{{Thing: thing}})
	list := fold.Notices()
	if len(list) == 0 || list[0].Percent != 50 {
		t.Fatalf("notices %+v, want one of 50 %%", list)
	}
	return list[0]
}

// TestWhoSaysANotice: a worker says what nobody has said, unless another one is
// about to.
func TestWhoSaysANotice(t *testing.T) {
	for name, tt := range map[string]struct {
		there     *entry
		rubbish   string
		said      uint64
		unclaimed uint64
	}{
		"nobody has":              {said: 1},
		"another one has":         {there: &entry{Node: "w2", Told: true}},
		"another one is about to": {there: &entry{Node: "w2"}},
		"it has itself":           {there: &entry{Node: "w1", Told: true}},
		"it ended before it did":  {there: &entry{Node: "w1"}, said: 1},
		"nobody knows":            {rubbish: "rubbish", said: 1, unclaimed: 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			set := configOf(t, documents("conversions", "2"))
			s := w.still(set)
			kv, err := s.desk.bucket(within(t, 10*time.Second))
			check(t, err)
			n := half(t, set)
			there := []byte(tt.rubbish)
			if tt.there != nil {
				there, err = json.Marshal(tt.there)
				check(t, err)
			}
			if len(there) > 0 {
				_, err = kv.Create(within(t, 10*time.Second), n.ID(), there)
				check(t, err)
			}
			s.log(events.Conversion, rowOf(made(events.Conversion, 1), ""))
			if said, unclaimed := s.stats.notices.Load(), s.stats.unclaimed.Load(); said != tt.said || unclaimed != tt.unclaimed {
				t.Errorf("%d said and %d not claimed, want %d and %d", said, unclaimed, tt.said, tt.unclaimed)
			}
			if tt.rubbish != "" {
				return
			}
			got := entryOf(t, kv, n.ID())
			if tt.said > 0 && (!got.Told || got.Node != "w1" || got.Cap != n.Cap.String() || got.Percent != 50 || got.Sum != "1") || tt.there != nil && tt.said == 0 && got != *tt.there {
				t.Errorf("the bucket has %+v", got)
			}
		})
	}
}

func entryOf(t testing.TB, kv jetstream.KeyValue, key string) (e entry) {
	t.Helper()
	there, err := kv.Get(within(t, 10*time.Second), key)
	check(t, err)
	check(t, json.Unmarshal(there.Value(), &e))
	return e
}

// Where there is no bucket a notice is said all the same, and the bucket is made
// again.
func TestNoticesWithoutABucket(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, documents("conversions", "2")))
	s.log(events.Conversion, rowOf(made(events.Conversion, 1), ""))
	check(t, w.JS.DeleteKeyValue(within(t, 10*time.Second), Notices))
	s.log(events.Conversion, rowOf(made(events.Conversion, 2), ""))
	if said, unclaimed := s.stats.notices.Load(), s.stats.unclaimed.Load(); said != 2 || unclaimed != 1 {
		t.Errorf("%d said and %d not claimed, want 2 and 1", said, unclaimed)
	}
	_, err := s.desk.bucket(within(t, 10*time.Second))
	check(t, err)
	if _, err := w.JS.KeyValue(within(t, 10*time.Second), Notices); err != nil {
		t.Errorf("the bucket is not made again: %v", err)
	}
}

// TestNoticeIDs: what is said of different counters, levels and limits has
// different names, and where a cap stands in its document is no difference.
func TestNoticeIDs(t *testing.T) {
	base := half(t, configOf(t, documents("conversions", "2")))
	elsewhere := configOf(t, []config.OfferCap{capOf("clicks", "9"), capOf("conversions", "2")})
	if moved := half(t, elsewhere); moved.ID() != base.ID() {
		t.Error("a cap that has moved in its document says it under another name")
	}
	seen := map[string]string{base.ID(): "itself"}
	for name, change := range map[string]func(*caps.Notice){
		"limit":   func(n *caps.Notice) { n.Cap = half(t, configOf(t, documents("conversions", "1.5"))).Cap },
		"measure": func(n *caps.Notice) { n.Cap = half(t, configOf(t, documents("revenue", "30"))).Cap },
		"length": func(n *caps.Notice) {
			monthly := capOf("conversions", "2")
			monthly.Period = "month"
			n.Cap = half(t, configOf(t, []config.OfferCap{monthly})).Cap
		},
		"percent":   func(n *caps.Notice) { n.Percent++ },
		"period":    func(n *caps.Notice) { n.Period += "1" },
		"publisher": func(n *caps.Notice) { n.Publisher = "7" },
		"goal":      func(n *caps.Notice) { n.Goal = "7" },
		"sub id":    func(n *caps.Notice) { n.SubID = "7" },
	} {
		n := base
		change(&n)
		if other, taken := seen[n.ID()]; taken {
			t.Errorf("another %s has the name of %s", name, other)
		}
		seen[n.ID()] = name
	}
	same := base
	same.Sum = money.MustParse("3")
	if same.ID() != base.ID() {
		t.Error("how far it has filled up is a part of its name")
	}
}
