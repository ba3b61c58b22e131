package rule

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

func uniqueOffer(id, session string) config.Offer {
	return config.Offer{Meta: config.Meta{ID: id}, OfferRules: config.OfferRules{UniqIPOnly: true, ClickSession: session}}
}

// step is a click and whether it is taken.
type step struct {
	name   string
	after  time.Duration // since the first click
	offer  int
	change func(*click.Click)
	taken  bool
}

func TestUniqueAddresses(t *testing.T) {
	address := func(text string) func(*click.Click) {
		return func(c *click.Click) { c.IP = netip.MustParseAddr(text) }
	}
	purpose := func(p click.Purpose) func(*click.Click) { return func(c *click.Click) { c.Purpose = p } }
	impression := func(c *click.Click) { c.Plane = click.PlaneImpression }
	for _, tc := range []struct {
		name, session string
		steps         []step
	}{
		{"once in a session", "1h", []step{
			{"first", 0, 0, nil, true}, {"second", time.Minute, 0, nil, false}, {"last moment", time.Hour - time.Second, 0, nil, false},
			{"next session", time.Hour + time.Second, 0, nil, true}, {"second of the next", time.Hour + 2*time.Second, 0, nil, false},
		}},
		{"offers apart", "1h", []step{{"first", 0, 0, nil, true}, {"other offer", 0, 1, nil, true}, {"again", 0, 1, nil, false}}},
		{"addresses apart", "1h", []step{{"first", 0, 0, nil, true}, {"other", 0, 0, address("192.0.2.8"), true}}},
		{"IPv6 by /64", "1h", []step{
			{"first", 0, 0, address("2001:db8::1"), true}, {"same network", 0, 0, address("2001:db8::2"), false}, {"other network", 0, 0, address("2001:db8:0:1::1"), true},
		}},
		{"what does not count leaves nothing behind", "1h", []step{
			{"prefetch", 0, 0, purpose(click.Prefetch), true}, {"head", 0, 0, purpose(click.Head), true}, {"first", 0, 0, nil, true}, {"prefetch again", 0, 0, purpose(click.Prefetch), false},
		}},
		{"impressions are another matter", "1h", []step{
			{"impression", 0, 0, impression, true}, {"first", 0, 0, nil, true}, {"impression after it", 0, 0, impression, true},
		}},
		{"no address", "1h", []step{
			{"first", 0, 0, func(c *click.Click) { c.IP = netip.Addr{} }, true}, {"second", 0, 0, func(c *click.Click) { c.IP = netip.Addr{} }, true},
		}},
		{"a year is as long as the memory", "", []step{
			{"first", 0, 0, nil, true}, {"last moment", state.MaxWindow - time.Hour, 0, nil, false}, {"after", state.MaxWindow + time.Hour, 0, nil, true},
		}},
		{"a rejected click counts", "1h", []step{
			{"rejected", 0, 0, func(c *click.Click) { c.Verdict.Reject(click.Bot, "") }, true}, {"next", 0, 0, nil, false},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := memory()
			var offers [2]*Offer
			for i, id := range []string{"one", "two"} {
				o := uniqueOffer(id, tc.session)
				offers[i], _ = Compile(&o, nil, m)
			}
			for _, s := range tc.steps {
				c := visitor(s.change)
				c.TimeMS += s.after.Milliseconds()
				o := offers[s.offer]
				fits, told := o.Fits(c), o.Explain(c)
				o.Judge(c, &c.Verdict)
				taken := !c.Verdict.Rejections.Has(click.IPNotUnique)
				if taken != s.taken || fits != taken || told[0].Fits != taken {
					t.Errorf("%s: taken %t, Fits %t, explained as %+v; want %t", s.name, taken, fits, told[0], s.taken)
				}
				if !taken && c.Verdict.Detail != c.IP.String() {
					t.Errorf("%s: the detail is %q", s.name, c.Verdict.Detail)
				}
			}
		})
	}
}

// A reload keeps the addresses that have clicked.
func TestUniqueAddressesOutliveReloads(t *testing.T) {
	m := memory()
	o := uniqueOffer("one", "1h")
	for i, want := range []bool{true, false} {
		rules, _ := Compile(&o, nil, m)
		c := visitor(nil)
		if rules.Judge(c, &c.Verdict); c.Verdict.Rejected() == want {
			t.Errorf("click %d is taken: %t", i, !want)
		}
	}
}

func TestOneFirstClickUnderConcurrency(t *testing.T) {
	rules := compile(t, uniqueOffer("one", "1h"), nil)
	var taken atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				c := visitor(nil)
				if rules.Judge(c, &c.Verdict); !c.Verdict.Rejected() {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := taken.Load(); n != 1 {
		t.Errorf("%d first clicks of one address are taken", n)
	}
}
