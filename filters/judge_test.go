package filters

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// fixed is a filter that always gives the same result and notes its calls.
type fixed struct {
	result Result
	calls  int
}

func (f *fixed) Check(*click.Click) Result { f.calls++; return f.result }

// part describes a step of a chain under test.
type part struct {
	index  int
	result Result
	invert bool
	block  Block
}

func chainOf(parts ...part) *Chain {
	c := new(Chain)
	for _, p := range parts {
		c.steps = append(c.steps, step{
			filter: &fixed{result: p.result}, kind: click.Filter(p.index), invert: p.invert, block: p.block, fallback: click.ISP,
			metrics: newKindMetrics(),
		})
		c.kinds = c.kinds.With(click.Filter(p.index))
	}
	return c
}

// newKindMetrics are metrics that nobody else sees.
func newKindMetrics() *kindMetrics {
	return &kindMetrics{results: [3]*metrics.Counter{{}, {}, {}}, seconds: new(metrics.FloatCounter), timed: new(metrics.Counter)}
}

func hit(detail string, reasons ...click.Reason) Result {
	return Result{Outcome: Hit, Reasons: click.SetOf(reasons...), Detail: detail}
}

func TestJudge(t *testing.T) {
	pass, unknown := Result{}, Result{Outcome: Unknown}
	botHit, vpnHit := hit("bot", click.Bot), hit("vpn", click.VPNReason)
	for _, tc := range []struct {
		name          string
		first, second *Chain
		reasons       click.ReasonSet
		primary       click.Reason
		detail        string
		block         Block
	}{
		{name: "no chains"},
		{name: "empty chains", first: chainOf(), second: chainOf()},
		{name: "all pass", first: chainOf(part{result: pass}, part{index: 1, result: unknown})},
		{name: "the first found is primary", first: chainOf(part{result: vpnHit}, part{index: 1, result: botHit}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.VPNReason, detail: "vpn"},
		{name: "a filter with two reasons", first: chainOf(part{result: hit("dup", click.DuplicateUUID, click.DuplicateIP)}),
			reasons: click.SetOf(click.DuplicateIP, click.DuplicateUUID), primary: click.DuplicateIP, detail: "dup"},
		{name: "a hit without a reason", first: chainOf(part{result: hit("")}),
			reasons: click.SetOf(click.ISP), primary: click.ISP},
		{name: "an inverted pass", first: chainOf(part{result: pass, invert: true}),
			reasons: click.SetOf(click.ISP), primary: click.ISP, detail: "inverted"},
		{name: "an inverted hit", first: chainOf(part{result: botHit, invert: true})},
		{name: "an inverted unknown", first: chainOf(part{result: unknown, invert: true})},

		{name: "the second chain alone", second: chainOf(part{result: botHit, block: BlockOn}),
			reasons: click.SetOf(click.Bot), primary: click.Bot, detail: "bot", block: BlockOn},
		{name: "the second chain adds", first: chainOf(part{result: vpnHit}), second: chainOf(part{index: 1, result: botHit}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.VPNReason, detail: "vpn"},
		{name: "a type of the first is skipped in the second", first: chainOf(part{index: 3, result: pass}),
			second:  chainOf(part{index: 3, result: botHit, block: BlockOn}, part{index: 4, result: vpnHit}),
			reasons: click.SetOf(click.VPNReason), primary: click.VPNReason, detail: "vpn"},

		{name: "one demands the page", first: chainOf(part{result: botHit, block: BlockOn}, part{index: 1, result: vpnHit, block: BlockOff}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.Bot, detail: "bot", block: BlockOn},
		{name: "one of the second chain demands it", first: chainOf(part{result: botHit, block: BlockOff}), second: chainOf(part{index: 1, result: vpnHit, block: BlockOn}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.Bot, detail: "bot", block: BlockOn},
		{name: "one of the first chain demands it", first: chainOf(part{result: botHit, block: BlockOn}), second: chainOf(part{index: 1, result: vpnHit, block: BlockOff}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.Bot, detail: "bot", block: BlockOn},
		{name: "one forbids it, one is silent", first: chainOf(part{result: botHit, block: BlockOff}, part{index: 1, result: vpnHit}),
			reasons: click.SetOf(click.Bot, click.VPNReason), primary: click.Bot, detail: "bot", block: BlockOff},
		{name: "who does not reject has no say", first: chainOf(part{result: pass, block: BlockOn}, part{index: 1, result: unknown, block: BlockOff})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var v click.Verdict
			block := Judge(visitor(nil), &v, tc.first, tc.second)
			if v.Rejections != tc.reasons || v.Primary != tc.primary || v.Detail != tc.detail {
				t.Errorf("verdict is %b, primary %q, detail %q; want %b, %q, %q", v.Rejections, v.Primary, v.Detail, tc.reasons, tc.primary, tc.detail)
			}
			if block != tc.block {
				t.Errorf("block is %d, want %d", block, tc.block)
			}
		})
	}
}

func TestJudgeRunsAllFilters(t *testing.T) {
	reject := hit("", click.Bot)
	first, second := chainOf(part{result: reject}, part{index: 1, result: reject}), chainOf(part{index: 1, result: reject}, part{index: 2, result: reject})
	var v click.Verdict
	Judge(visitor(nil), &v, first, second)
	for i, want := range []int{1, 1, 0, 1} {
		s := append(first.steps[:2:2], second.steps...)[i]
		if got := s.filter.(*fixed).calls; got != want {
			t.Errorf("filter %d ran %d times, want %d", i, got, want)
		}
		if got := int(s.metrics.results[Hit].Get()); got != want {
			t.Errorf("filter %d counted %d hits, want %d", i, got, want)
		}
	}
}

// What targeting found before the filters stays the primary reason.
func TestJudgeKeepsEarlierReasons(t *testing.T) {
	var v click.Verdict
	v.Reject(click.TargetingCountry, "FR")
	Judge(visitor(nil), &v, chainOf(part{result: hit("bot", click.Bot)}), nil)
	if v.Primary != click.TargetingCountry || v.Detail != "FR" || !v.Rejections.Has(click.Bot) {
		t.Errorf("verdict is %+v, want the country first and the bot among the reasons", v)
	}
}

func TestCompiledChain(t *testing.T) {
	yes := true
	chain, problems := newChain([]config.Filter{
		{Type: "ISP", Settings: config.Raw(`{"keywords": ["vodafone"]}`), Invert: true, BlockOnReject: &yes},
		{Type: "BOT", Target: config.PlaneClick},
	}, testEnv())
	if problems != nil {
		t.Fatal(problems)
	}
	hits := metrics.GetOrCreateCounter(`clickgate_filters_results_total{filter="ISP",outcome="hit"}`)
	passes := metrics.GetOrCreateCounter(`clickgate_filters_results_total{filter="BOT",outcome="pass"}`)
	hitsBefore, passesBefore := hits.Get(), passes.Get()
	var v click.Verdict
	if block := Judge(visitor(nil), &v, chain, nil); block != BlockOn {
		t.Errorf("block is %d, want that the rejecting filter demands it", block)
	}
	if v.Primary != click.ISP || v.Detail != "inverted" {
		t.Errorf("an inverted filter that passes gives %q with detail %q, want ISP and inverted", v.Primary, v.Detail)
	}
	if hits.Get() != hitsBefore+1 || passes.Get() != passesBefore+1 {
		t.Errorf("counters went up by %d and %d, want 1 hit of ISP and 1 pass of BOT", hits.Get()-hitsBefore, passes.Get()-passesBefore)
	}
}

// Verdicts hold every filter's answer after invert, and what met a condition
// whatever came of it.
func TestVerdictSets(t *testing.T) {
	let := Result{Suspicious: true} // its threshold let it through
	first := chainOf(part{index: 0, result: hit("", click.Bot)}, part{index: 1, result: Result{}}, part{index: 2, result: Result{Outcome: Unknown}}, part{index: 3, result: let})
	second := chainOf(part{index: 0, result: Result{}}, part{index: 4, result: hit("", click.Bot), invert: true}, part{index: 5, result: Result{}, invert: true}, part{index: 7, result: let, invert: true})
	var v click.Verdict
	Judge(visitor(nil), &v, first, second)
	for _, tc := range []struct {
		name string
		got  click.FilterSet
		want []click.Filter
	}{
		{"passed", v.Passed, []click.Filter{1, 3, 4}},
		{"hit", v.Hit, []click.Filter{0, 5, 7}},
		{"unknown", v.Unknown, []click.Filter{2}},
		{"suspicious", v.Suspicious, []click.Filter{0, 3, 4, 7}},
	} {
		var want click.FilterSet
		for _, f := range tc.want {
			want = want.With(f)
		}
		if tc.got != want {
			t.Errorf("%s are %b, want %b", tc.name, tc.got, want)
		}
	}
}

func TestVerdictOfSubIDs(t *testing.T) {
	const kind = int(click.FilterSubIDValidityCheck)
	surplus := Result{SurplusSubID: true, UnifiedSubID: "other"}
	for _, tc := range []struct {
		name             string
		part             part
		invalid, surplus bool
		unified          string
	}{
		{"valid", part{index: kind}, false, false, ""},
		{"invalid", part{index: kind, result: hit("", click.SubIDInvalid)}, true, false, ""},
		{"surplus", part{index: kind, result: surplus}, false, true, "other"},
		{"surplus of an inverted filter", part{index: kind, result: surplus, invert: true}, true, true, "other"},
		{"another filter", part{index: 0, result: hit("", click.Bot)}, false, false, ""},
	} {
		var v click.Verdict
		Judge(visitor(nil), &v, chainOf(tc.part), nil)
		if v.InvalidSubID != tc.invalid || v.SurplusSubID != tc.surplus || v.UnifiedSubID != tc.unified {
			t.Errorf("%s: invalid %v, surplus %v as %q; want %v, %v as %q", tc.name, v.InvalidSubID, v.SurplusSubID, v.UnifiedSubID, tc.invalid, tc.surplus, tc.unified)
		}
	}
}

func TestTrialsAreNotMeasured(t *testing.T) {
	chain := chainOf(part{result: hit("bot", click.Bot), block: BlockOn})
	c := visitor(func(c *click.Click) { c.Trial = true })
	var v click.Verdict
	for range 1000 {
		if block := Judge(c, &v, chain, nil); block != BlockOn || !v.Hit.Has(click.FilterBot) {
			t.Fatalf("a trial is judged as %+v, block %d", v, block)
		}
	}
	m := chain.steps[0].metrics
	if m.results[Hit].Get() != 0 || m.timed.Get() != 0 {
		t.Errorf("trials are measured: %d hits, %d timed", m.results[Hit].Get(), m.timed.Get())
	}
}

// About one click in 128 is timed, and then every filter of it.
func TestSomeClicksAreTimed(t *testing.T) {
	const clicks = 128 * 100
	chain := chainOf(part{}, part{index: 1})
	var v click.Verdict
	for range clicks {
		Judge(visitor(nil), &v, chain, nil)
	}
	one, other := chain.steps[0].metrics, chain.steps[1].metrics
	if n := one.timed.Get(); n < 40 || n > 250 || other.timed.Get() != n {
		t.Errorf("of %d clicks %d and %d were timed, want about 100 and the same", clicks, n, other.timed.Get())
	}
	if one.seconds.Get() <= 0 || one.seconds.Get() > 10 {
		t.Errorf("their checks took %f s", one.seconds.Get())
	}
}

// Each filter is booked the time since the one before.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := newKindMetrics(), newKindMetrics()
		w := watch{time.Now()}
		time.Sleep(time.Second)
		w.lap(first)
		time.Sleep(2 * time.Second)
		w.lap(second)
		if first.seconds.Get() != 1 || second.seconds.Get() != 2 {
			t.Errorf("1 and 2 seconds are booked as %g and %g", first.seconds.Get(), second.seconds.Get())
		}
		var off watch
		off.lap(first)
		if n := first.timed.Get(); n != 1 {
			t.Errorf("%d checks were timed, want 1", n)
		}
	})
}
