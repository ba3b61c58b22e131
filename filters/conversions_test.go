package filters

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestSessionTimes(t *testing.T) {
	const minute = 60_000
	unknown := arrival{change: func(c *click.Click) { c.Conversion.ClickTimeMS = 0 }}
	for _, tc := range []struct {
		typ      Type
		settings string
		last     arrival
		want     Outcome
		detail   string
	}{
		{minimumSessionTime, `{"min_session_time_seconds": 60}`, after(minute), Pass, ""},
		{minimumSessionTime, `{"min_session_time_seconds": 60}`, after(minute - 1), Hit, "less than 60 s after the click"},
		{minimumSessionTime, `{"min_session_time_seconds": 60}`, after(-minute), Hit, "less than 60 s after the click"},
		{minimumSessionTime, `{}`, after(0), Pass, ""},
		{minimumSessionTime, `{}`, after(-1), Hit, "less than 0 s after the click"},
		{minimumSessionTime, `{"min_session_time_seconds": 60}`, unknown, Unknown, ""},
		{maximumSessionTime, `{"max_session_time_seconds": 60}`, after(minute), Pass, ""},
		{maximumSessionTime, `{"max_session_time_seconds": 60}`, after(minute + 1), Hit, "more than 60 s after the click"},
		{maximumSessionTime, `{}`, after(10_000 * minute), Pass, ""},
		{maximumSessionTime, `{"max_session_time_seconds": 60}`, unknown, Unknown, ""},
		{clickSpam, `[{"max_session_time_seconds": 60}]`, after(minute + 1), Hit, "more than 60 s after the click"},
		{clickSpam, `[{"max_session_time_seconds": 60}]`, after(minute), Pass, ""},
		{clickSpam, `[{"max_session_time_seconds": 90}, {"max_session_time_seconds": 60}]`, after(minute + 1), Hit, "more than 60 s after the click"},
		{clickSpam, `[{"max_session_time_seconds": 60}]`, unknown, Unknown, ""},
		{lowSessionTimeAnomaly, `[{"min_session_time_seconds": 60}]`, after(minute - 1), Hit, "less than 60 s after the click"},
		{lowSessionTimeAnomaly, `[{"min_session_time_seconds": 60}]`, after(minute), Pass, ""},
		{lowSessionTimeAnomaly, `[{"min_session_time_seconds": 60}]`, unknown, Unknown, ""},
	} {
		got := compile(t, tc.typ, tc.settings).Check(tc.last.click())
		if got.Outcome != tc.want || got.Detail != tc.detail || tc.want == Hit && got.Reasons != click.SetOf(tc.typ.Reasons...) {
			t.Errorf("%s under %s: %s with detail %q and reasons %b, want %s with %q", tc.typ.Code, tc.settings, got.Outcome, got.Detail, got.Reasons, tc.want, tc.detail)
		}
	}
}

// What a threshold lets through is suspicious all the same: rows say so.
func TestSuspiciousConversions(t *testing.T) {
	f := compile(t, clickSpam, `[{"max_session_time_seconds": 60, "lookback_hours": 1, "threshold_percentage": 50, "minimum_request_count": 2},
		{"max_session_time_seconds": 600, "lookback_hours": 1, "threshold_percentage": 50}]`)
	late, prompt := after(61_000).click(), after(1000).click()
	for i, step := range []struct {
		click      *click.Click
		want       Outcome
		suspicious bool
	}{{late, Pass, true}, {prompt, Pass, false}, {late, Pass, true}, {late, Hit, true}, {prompt, Pass, false}} {
		if got := f.Check(step.click); got.Outcome != step.want || got.Suspicious != step.suspicious {
			t.Errorf("conversion %d is %s, suspicious %v; want %s, %v", i, got.Outcome, got.Suspicious, step.want, step.suspicious)
		}
	}
}

func TestThirdPartyRejection(t *testing.T) {
	for _, tc := range []struct {
		settings, reason string
		want             Outcome
	}{
		{`{}`, "", Pass},
		{`{}`, "anything", Hit},
		{``, "anything", Hit},
		{`{"rejected_keywords": ["fraud", "bot"]}`, "Install FRAUD detected", Hit},
		{`{"rejected_keywords": ["fraud", "bot"]}`, "cap reached", Pass},
		{`{"rejected_keywords": ["fraud", "bot"]}`, "", Pass},
	} {
		got := compile(t, thirdPartyRejection, tc.settings).Check(visitor(func(c *click.Click) { c.Conversion.ThirdPartyReason = tc.reason }))
		if got.Outcome != tc.want || tc.want == Hit && got.Detail != tc.reason {
			t.Errorf("%q under %s: %s with detail %q, want %s", tc.reason, tc.settings, got.Outcome, got.Detail, tc.want)
		}
	}
}

func TestWrongInstallTime(t *testing.T) {
	f := compile(t, wrongInstallTime, `{"time_delta_tolerance_seconds": 5}`)
	const none = -1 << 40 // what installed makes 0 of
	set := func(clicked, begin, finish int64) *click.Click {
		return visitor(func(c *click.Click) {
			for to, ms := range map[*int64]int64{&c.Conversion.ClickTimeMS: clicked, &c.Conversion.BeginInstallMS: begin, &c.Conversion.FinishInstallMS: finish} {
				if *to = c.TimeMS + ms; ms == none {
					*to = 0
				}
			}
		})
	}
	for _, tc := range []struct {
		name                   string
		clicked, begin, finish int64 // from the conversion
		want                   string
	}{
		{"in order", -60_000, -40_000, -20_000, ""},
		{"all at once", 0, 0, 0, ""},
		{"within the tolerance", -60_000, -65_000, -70_000, "install ended before the click"},
		{"just within it", -60_000, -65_000, -65_000, ""},
		{"began before the click", -60_000, -65_001, -20_000, "install began before the click"},
		{"ended before it began", -60_000, -20_000, -25_001, "install ended before it began"},
		{"began after the conversion", -60_000, 5001, 5001, "install began after the conversion"},
		{"ended after the conversion", -60_000, -20_000, 5001, "install ended after the conversion"},
		{"no click", none, -65_000, -20_000, ""},
		{"no begin", -60_000, none, -65_001, "install ended before the click"},
		{"no end", -60_000, -65_001, none, "install began before the click"},
		{"no click, and it ended after the conversion", none, none, 5001, "install ended after the conversion"},
	} {
		got := f.Check(set(tc.clicked, tc.begin, tc.finish))
		if (got.Outcome == Hit) != (tc.want != "") || got.Detail != tc.want {
			t.Errorf("%s: %s with detail %q, want %q", tc.name, got.Outcome, got.Detail, tc.want)
		}
	}
	if got := f.Check(set(-60_000, none, none)); got.Outcome != Unknown {
		t.Errorf("without install times it is %s", got.Outcome)
	}
}

func TestConversionSettings(t *testing.T) {
	interval := func(rest string) string { return `{"lookback_times": {"daily": {"enabled": true` + rest + `}}}` }
	const at = "lookback_times.daily."
	for _, typ := range []Type{highConversionRate, lowConversionRate} {
		testRefused(t, typ, []refused{
			{``, "lookback_times", "no interval that is enabled"},
			{`{"lookback_times": {"daily": {}}}`, "lookback_times", "no interval that is enabled"},
			{`{"lookback_times": {"yearly": {}}}`, "lookback_times.yearly", "unknown interval; there are hourly, daily, weekly and monthly"},
			{interval(``), at + "min_click_count", "must be 1 to 1000000000, not 0"},
			{interval(``), at + "min_conversion_count", "must be 1 to 1000000000, not 0"},
			{interval(`, "max_conversion_rate": 100.5`), at + "max_conversion_rate", "must be 0 to 100, not 100.5"},
			{interval(`, "min_conversion_rate": -1`), at + "min_conversion_rate", "must be 0 to 100, not -1"},
			{`{"lookback_times": {"daily": {"min_click_count": -1}}}`, at + "min_click_count", "must be 0 to"},
			{interval(`, "rate": 1`), at + "rate", "unknown field"},
		})
	}
	testRefused(t, highConversionRate, []refused{{interval(`, "min_conversion_rate": 5`), at + "max_conversion_rate", "must be above 0"}})
	testRefused(t, lowConversionRate, []refused{{interval(`, "max_conversion_rate": 5`), at + "min_conversion_rate", "must be above 0"}})
	testRefused(t, conversionRejectionThreshold, []refused{
		{``, "minimum_total", "must be 1 to"},
		{`{"threshold": 101}`, "threshold", "0 to 100, not 101"},
		{`{"lookback_hours": 721}`, "lookback_hours", "0 to 720"},
	})
	testRefused(t, clickSpam, []refused{
		{``, "", "a list of 1 to 20 rules, not of 0"},
		{`[{"max_session_time_seconds": -1}]`, "[0].max_session_time_seconds", "0 to 1000000000, not -1"},
		{`[{}, {"lookback_hours": 721}]`, "[1].lookback_hours", "0 to 720"},
		{`[{"max_session_time_seconds": 5}, {"max_session_time_seconds": 5, "threshold_percentage": 7}]`, "[1]", "repeats rule [0]"},
		{`[{"min_session_time_seconds": 5}]`, "[0].min_session_time_seconds", "unknown field"},
	})
	testRefused(t, lowSessionTimeAnomaly, []refused{{`[{}, {}]`, "[1]", "repeats rule [0]"}, {`[{"threshold_percentage": 101}]`, "[0].threshold_percentage", "0 to 100"}})
	testRefused(t, minimumSessionTime, []refused{{`{"min_session_time_seconds": -1}`, "min_session_time_seconds", "0 to"}})
	testRefused(t, maximumSessionTime, []refused{{`{"max_session_time_seconds": 1000000001}`, "max_session_time_seconds", "0 to"}})
	testRefused(t, thirdPartyRejection, []refused{{`{"rejected_keywords": [" "]}`, "rejected_keywords[0]", "blank"}})
	testRefused(t, wrongInstallTime, []refused{{`{"time_delta_tolerance_seconds": 1000}`, "time_delta_tolerance_seconds", "0 to 999, not 1000"}})
}
