package filters

import "github.com/clickgate/clickgate/internal/click"

// came is n clicks or conversions that the filter of another plane measures.
func came(n int, plane click.Plane, rejected bool) arrival {
	return arrival{n: n, plane: plane, foreign: true, rejected: rejected}
}

func (a arrival) with(change func(c *click.Click)) arrival { a.change = change; return a }

func elsewhere(c *click.Click) { c.SubID[0] = "elsewhere" }

// Of ten conversions within the last two hours six were rejected.
var rejectionCases = func() []settingCase {
	const kind = click.FilterConversionRejectionThreshold
	const base = `{"lookback_hours": 24, "minimum_total": 10, "threshold": 50}`
	conversions := []arrival{came(6, click.PlaneConversion, true), came(4, click.PlaneConversion, false)}
	last := arrival{atMS: 2 * hour}
	return []settingCase{
		{kind, "lookback_hours", base, "1", "3", conversions, last, "pass", "hit"},
		{kind, "lookback_hours", base, "0", "1", conversions, arrival{}, "pass", "hit"},
		{kind, "minimum_total", base, "11", "10", conversions, last, "pass", "hit"},
		{kind, "threshold", base, "60", "59.9", conversions, last, "pass", "hit"},
		{kind, "by_sub_id", base, "true", "false", []arrival{came(10, click.PlaneConversion, true).with(elsewhere)}, last, "pass", "hit"},
	}
}()

// rateCases: 20 clicks and 10 conversions came, a rate of 50 %.
func rateCases(kind click.Filter) []settingCase {
	bound, inside, outside := "max_conversion_rate", "50", "49.5"
	if kind == click.FilterLowConversionRate {
		bound, inside, outside = "min_conversion_rate", "50", "50.5"
	}
	const prefix = "lookback_times.*."
	interval := func(name string) string {
		return `{"lookback_times": {"` + name + `": {"enabled": true, "min_click_count": 20, "min_conversion_count": 10, "` + bound + `": ` + outside + `}}}`
	}
	daily := interval("daily")
	clicks, conversions := came(20, click.PlaneClick, false), came(10, click.PlaneConversion, false)
	traffic := []arrival{clicks, conversions}
	return []settingCase{
		{kind, "lookback_times", `{}`, lookback(interval("hourly")), lookback(interval("daily")), traffic, arrival{atMS: 2 * hour}, "pass", "hit"},
		{kind, "lookback_times", `{}`, lookback(interval("daily")), lookback(interval("weekly")), traffic, arrival{atMS: 2 * day}, "pass", "hit"},
		{kind, "lookback_times", `{}`, lookback(interval("weekly")), lookback(interval("monthly")), traffic, arrival{atMS: 20 * day}, "pass", "hit"},
		{kind, prefix + bound, daily, inside, outside, traffic, arrival{}, "pass", "hit"},
		{kind, prefix + "min_click_count", daily, "21", "20", traffic, arrival{}, "pass", "hit"},
		{kind, prefix + "min_conversion_count", daily, "11", "10", traffic, arrival{}, "pass", "hit"},
		{kind, "check_by_sub_id", daily, "true", "false", []arrival{clicks.with(elsewhere), conversions.with(elsewhere)}, arrival{}, "pass", "hit"},
		{kind, "block_clicks", daily, "false", "true", traffic, came(1, click.PlaneClick, false), "nothing", "hit"},
		enabledCase(kind, bound, outside, traffic),
	}
}

// lookback is the value of lookback_times in settings.
func lookback(settings string) string {
	return settings[len(`{"lookback_times": `) : len(settings)-1]
}

// enabledCase switches the hourly rate off, beside one that needs too much.
func enabledCase(kind click.Filter, bound, outside string, traffic []arrival) settingCase {
	off := `{"lookback_times": {"daily": {"enabled": true, "min_click_count": 1000, "min_conversion_count": 1, "` + bound + `": ` + outside + `},
		"hourly": {"enabled": false, "min_click_count": 1, "min_conversion_count": 1, "` + bound + `": ` + outside + `}}}`
	return settingCase{kind, "lookback_times.hourly.enabled", off, "false", "true", traffic, arrival{}, "pass", "hit"}
}

// after is a conversion so many milliseconds after its click.
func after(ms int64) arrival {
	return arrival{change: func(c *click.Click) { c.Conversion.ClickTimeMS = c.TimeMS - ms }}
}

var sessionCases = []settingCase{
	{click.FilterClickSpam, "*.max_session_time_seconds", `[{}]`, "60", "59", nil, after(60_000), "pass", "hit"},
	{click.FilterClickSpam, "*.max_session_time_seconds", `[{}]`, "0", "1", nil, after(60_000), "pass", "hit"},
	{click.FilterLowSessionTimeAnomaly, "*.min_session_time_seconds", `[{}]`, "60", "61", nil, after(60_000), "pass", "hit"},
	{click.FilterMinimumSessionTime, "min_session_time_seconds", `{}`, "60", "61", nil, after(60_000), "pass", "hit"},
	{click.FilterMaximumSessionTime, "max_session_time_seconds", `{}`, "60", "59", nil, after(60_000), "pass", "hit"},
	{click.FilterMaximumSessionTime, "max_session_time_seconds", `{}`, "0", "1", nil, after(60_000), "pass", "hit"},
}

// installed is a conversion whose install took from begin to finish, in
// milliseconds after a click one hour ago; -1 is not known.
func installed(begin, finish int64) arrival {
	return arrival{change: func(c *click.Click) {
		c.Conversion.ClickTimeMS = c.TimeMS - hour
		c.Conversion.BeginInstallMS, c.Conversion.FinishInstallMS = c.Conversion.ClickTimeMS+begin, c.Conversion.ClickTimeMS+finish
	}}
}

var conversionCases = []settingCase{
	{click.FilterWrongInstallTime, "time_delta_tolerance_seconds", `{}`, "10", "9", nil, installed(-10_000, 1000), "pass", "hit"},
	{click.FilterWrongInstallTime, "time_delta_tolerance_seconds", `{}`, "10", "9", nil, installed(0, -10_000), "pass", "hit"},
	{click.FilterWrongInstallTime, "time_delta_tolerance_seconds", `{}`, "10", "9", nil, installed(20_000, 10_000), "pass", "hit"},
	{click.FilterWrongInstallTime, "time_delta_tolerance_seconds", `{}`, "10", "9", nil, installed(hour+10_000, hour+10_000), "pass", "hit"},
	{click.FilterWrongInstallTime, "time_delta_tolerance_seconds", `{}`, "10", "9", nil, installed(0, hour+10_000), "pass", "hit"},
}
