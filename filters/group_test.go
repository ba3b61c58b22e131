package filters

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

const (
	highRate   = `{"lookback_times": {"daily": {"enabled": true, "min_click_count": 4, "min_conversion_count": 2, "max_conversion_rate": 40}}, "block_clicks": true}`
	rejections = `{"lookback_hours": 24, "minimum_total": 2, "threshold": 50}`
)

// group compiles filters of clicks and conversions over a memory.
func group(t *testing.T, m *state.Memory, clicks, conversions []config.Filter) Chains {
	t.Helper()
	chains, problems := CompileGroup(Lists{click.PlaneClick: clicks, click.PlaneConversion: conversions}, Env{Scope: "filter_group/test", State: m})
	if problems.Any() {
		t.Fatal(problems)
	}
	return chains
}

// pass judges and records a click or conversion, and returns the verdict.
func pass(c *click.Click, plane click.Plane, chains Chains, change func(v *click.Verdict)) click.Verdict {
	var v click.Verdict
	c.Plane = plane
	Judge(c, &v, chains[plane], nil)
	if change != nil {
		change(&v)
	}
	Record(c, &v, chains[plane], nil)
	return v
}

func memory() *state.Memory { return testEnv().State }

// Both of a group's filters look at the other plane; traffic is counted once.
func TestGroupCountsForOtherPlanes(t *testing.T) {
	high := config.Filter{Type: "HIGH_CONVERSION_RATE", Settings: config.Raw(highRate)}
	low := config.Filter{Type: "LOW_CONVERSION_RATE", Settings: config.Raw(lowConversionRate.Example)}
	share := config.Filter{Type: "CONVERSION_REJECTION_THRESHOLD", Settings: config.Raw(rejections)}
	chains := group(t, memory(), []config.Filter{share}, []config.Filter{high, low})
	for plane, want := range map[click.Plane]int{click.PlaneClick: 1, click.PlaneImpression: 0, click.PlaneConversion: 1} {
		if got := len(chains[plane].ledgers); got != want {
			t.Errorf("%ss are written into %d ledgers, want %d", plane, got, want)
		}
	}
	if got, want := chains[click.PlaneClick].Kinds(), click.FilterSet(0).With(click.FilterConversionRejectionThreshold).With(click.FilterHighConversionRate).With(click.FilterLowConversionRate); got != want {
		t.Errorf("clicks are judged by %b, want %b", got, want)
	}
	if got, want := chains[click.PlaneConversion].Kinds(), click.FilterSet(0).With(click.FilterHighConversionRate).With(click.FilterLowConversionRate); got != want {
		t.Errorf("conversions are judged by %b, want %b", got, want)
	}
	none := group(t, memory(), nil, nil)
	if len(none[click.PlaneClick].ledgers)+len(none[click.PlaneConversion].ledgers) > 0 {
		t.Error("a group without such filters counts traffic")
	}
}

func TestRecord(t *testing.T) {
	high := []config.Filter{{Type: "HIGH_CONVERSION_RATE", Settings: config.Raw(highRate)}}
	blocked := func(v *click.Verdict) { v.Blocked = true }
	rejected := func(v *click.Verdict) { v.Reject(click.TargetingCountry, "") }
	for _, tc := range []struct {
		name   string
		click  func(c *click.Click)
		change func(v *click.Verdict)
		plane  click.Plane
		want   state.Traffic
	}{
		{"a click", nil, nil, click.PlaneClick, state.Traffic{Clicks: 1}},
		{"a click that was blocked", nil, blocked, click.PlaneClick, state.Traffic{}},
		{"a rejected click that monitoring let through", nil, rejected, click.PlaneClick, state.Traffic{Clicks: 1}},
		{"a conversion", nil, nil, click.PlaneConversion, state.Traffic{Conversions: 1}},
		{"a rejected conversion", nil, rejected, click.PlaneConversion, state.Traffic{Conversions: 1, Rejected: 1}},
		{"an impression", nil, nil, click.PlaneImpression, state.Traffic{}},
		{"a prefetch", func(c *click.Click) { c.Purpose = click.Prefetch }, nil, click.PlaneClick, state.Traffic{}},
		{"a trial", func(c *click.Click) { c.Trial = true }, nil, click.PlaneConversion, state.Traffic{}},
	} {
		m := memory()
		chains := group(t, m, nil, high)
		pass(visitor(tc.click), tc.plane, chains, tc.change)
		l := chains[click.PlaneClick].ledgers[0]
		if got := l.sum(visitor(nil), 1); got != tc.want {
			t.Errorf("%s is counted as %+v, want %+v", tc.name, got, tc.want)
		}
	}
	Record(visitor(nil), new(click.Verdict), nil, nil)
}

// A publisher whose rate is too high gets no more clicks through, and again
// some when what gave him away has left the window.
func TestBlockedClicks(t *testing.T) {
	chains := group(t, memory(), nil, []config.Filter{{Type: "HIGH_CONVERSION_RATE", Settings: config.Raw(highRate)}})
	blockRejected := func(v *click.Verdict) { v.Blocked = v.Rejected() }
	for range 4 {
		pass(visitor(nil), click.PlaneClick, chains, blockRejected)
	}
	for range 2 {
		if v := pass(visitor(nil), click.PlaneConversion, chains, nil); v.Rejected() {
			t.Fatalf("a conversion below the minimum is rejected: %v", v.Primary)
		}
	}
	for _, plane := range []click.Plane{click.PlaneClick, click.PlaneConversion} {
		v := pass(visitor(nil), plane, chains, blockRejected)
		if v.Primary != click.HighConversionRate || !v.Hit.Has(click.FilterHighConversionRate) || v.Detail != "conversion rate above the maximum of the daily interval" {
			t.Errorf("a %s at 50 %% is %v with detail %q, want it rejected for the daily rate", plane, v.Primary, v.Detail)
		}
	}
	other := func(c *click.Click) { c.Publisher = "9" }
	if v := pass(visitor(other), click.PlaneClick, chains, nil); v.Rejected() {
		t.Errorf("another publisher's click is rejected: %v", v.Primary)
	}
	late := func(c *click.Click) { c.TimeMS += 25 * hour }
	if v := pass(visitor(late), click.PlaneClick, chains, nil); v.Rejected() {
		t.Errorf("a day later clicks are still rejected: %v", v.Primary)
	}
}

// A group that is compiled again, with one filter more, goes on counting.
func TestGroupKeepsLedger(t *testing.T) {
	m := memory()
	share := []config.Filter{{Type: "CONVERSION_REJECTION_THRESHOLD", Settings: config.Raw(rejections)}}
	before := group(t, m, nil, []config.Filter{{Type: "HIGH_CONVERSION_RATE", Settings: config.Raw(highRate)}})
	for range 2 {
		pass(visitor(nil), click.PlaneConversion, before, func(v *click.Verdict) { v.Reject(click.Bot, "") })
	}
	after := group(t, m, share, nil)
	if v := pass(visitor(nil), click.PlaneClick, after, nil); v.Primary != click.ConversionRejections {
		t.Errorf("the rejections before the reload are forgotten: %v", v.Primary)
	}
	elsewhere, problems := CompileGroup(Lists{click.PlaneClick: share}, Env{Scope: "filter_group/other", State: m})
	if problems.Any() {
		t.Fatal(problems)
	}
	if v := pass(visitor(nil), click.PlaneClick, elsewhere, nil); v.Rejected() {
		t.Error("another group sees them")
	}
}

// A lookback that the memory is too small for is refused where it stands.
func TestLookbackTooLongForMemory(t *testing.T) {
	small := state.NewMemory(state.Options{Keys: 100, RateBytes: 1, LedgerBytes: 1})
	_, problems := CompileGroup(Lists{
		click.PlaneClick: {
			{Type: "VPN", Settings: config.Raw(`{"lookback_hours": 720, "threshold_percentage": 1}`)},
			{Type: "CONVERSION_REJECTION_THRESHOLD", Settings: config.Raw(`{"lookback_hours": 720, "minimum_total": 1}`)},
		},
		click.PlaneConversion: {{Type: "HIGH_CONVERSION_RATE", Settings: config.Raw(highRate)}},
	}, Env{Scope: "x", State: small})
	for _, want := range []struct {
		plane click.Plane
		path  string
	}{
		{click.PlaneClick, "[0].settings.lookback_hours"},
		{click.PlaneClick, "[1].settings.lookback_hours"},
		{click.PlaneConversion, "[0].settings.lookback_times.daily"},
	} {
		if !hasProblem(problems[want.plane], want.path, "720") && !hasProblem(problems[want.plane], want.path, "24") {
			t.Errorf("no problem at %s of %ss; there are %v", want.path, want.plane, problems[want.plane])
		}
	}
}
