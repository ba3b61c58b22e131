package filters

import (
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/internal/click"
)

var settingCases = slices.Concat(
	botCases, thresholdCases, oldVersionCases, valueCases, subIDCases, wordCases,
	duplicateCases(click.FilterDuplicateUser), duplicateCases(click.FilterUserFrequency),
	floodingCases(click.FilterClickFlooding), floodingCases(click.FilterImpressionFlooding), keywordCases,
	siteCases(click.FilterReferer), siteCases(click.FilterSiteURL),
	rejectionCases, rateCases(click.FilterHighConversionRate), rateCases(click.FilterLowConversionRate),
	sessionCases, conversionCases,
)

func ip(addr string) arrival { return arrival{change: from(addr)} }

func behindVPN(c *click.Click) { c.Geo.Proxy = click.VPN }

var botCases = []settingCase{
	{click.FilterBot, "premium_ip_check_enabled", `{}`, "", "true", nil,
		arrival{change: func(c *click.Click) { c.Geo.Proxy = click.Datacenter }}, "pass", "hit"},
	{click.FilterBot, "reject_empty_browser_language", `{}`, "false", "true", nil,
		arrival{change: func(c *click.Click) { c.AcceptLanguage = "" }}, "pass", "hit"},
	{click.FilterBot, "allowed_user_agents", `{}`, "", `["windows nt"]`, nil,
		arrival{change: func(c *click.Click) { c.Device = &click.Device{Bot: true} }}, "hit", "pass"},
	{click.FilterBot, "signals", `{}`, "", `[]`, nil,
		arrival{change: func(c *click.Click) { c.Signals = c.Signals.With(click.SignalForgedCrawler) }}, "hit", "pass"},
	{click.FilterBot, "signals", `{}`, "", `["old_http"]`, nil,
		arrival{change: func(c *click.Click) { c.Signals = c.Signals.With(click.SignalOldHTTP) }}, "pass", "hit"},
}

// suspectsOf are the filters of the threshold pattern with a base in which the
// click made by suspect is suspicious and an ordinary one is not.
var suspectsOf = []struct {
	kind    click.Filter
	prefix  string
	base    string
	suspect func(c *click.Click)
}{
	{click.FilterVPN, "", `{%s}`, behindVPN},
	{click.FilterOldBrowser, "", `{"browsers": {"Chrome": "100"}, %s}`, func(c *click.Click) { c.Device = &click.Device{BrowserName: "Chrome", BrowserVersion: "99.0.1"} }},
	{click.FilterOldOS, "", `{"oses": {"Windows": "10"}, %s}`, func(c *click.Click) { c.Device = &click.Device{OSName: "Windows", OSVersion: "8.1"} }},
	{click.FilterClickSpam, "*.", `[{"max_session_time_seconds": 3600, %s}]`, func(c *click.Click) { c.Conversion.ClickTimeMS = c.TimeMS - day }},
	{click.FilterLowSessionTimeAnomaly, "*.", `[{"min_session_time_seconds": 10, %s}]`, func(c *click.Click) { c.Conversion.ClickTimeMS = c.TimeMS - 1000 }},
}

// Under them ten suspicious clicks came within the last two hours.
var thresholdCases = func() (cases []settingCase) {
	for _, s := range suspectsOf {
		base := func(settings string) string { return fmt.Sprintf(s.base, settings) }
		elsewhere := func(c *click.Click) { s.suspect(c); c.SubID[0] = "elsewhere" }
		suspects, last := []arrival{{n: 10, change: s.suspect}}, arrival{change: s.suspect, atMS: 2 * hour}
		cases = append(cases,
			settingCase{s.kind, s.prefix + "lookback_hours", base(`"threshold_percentage": 20`), "1", "24", suspects, last, "pass", "hit"},
			settingCase{s.kind, s.prefix + "minimum_request_count", base(`"threshold_percentage": 20, "lookback_hours": 24`), "11", "10", suspects, last, "pass", "hit"},
			settingCase{s.kind, s.prefix + "threshold_percentage", base(`"lookback_hours": 24`), "100", "99", suspects, last, "pass", "hit"},
			settingCase{s.kind, s.prefix + "threshold_percentage", base(`"lookback_hours": 24`), "1", "0", nil, last, "pass", "hit"},
			settingCase{s.kind, s.prefix + "check_by_sub_id", base(`"lookback_hours": 24, "threshold_percentage": 20`), "true", "false",
				[]arrival{{n: 10, change: elsewhere}}, last, "pass", "hit"},
		)
	}
	return append(cases, settingCase{click.FilterVPN, "residential_vpn_check", `{}`, "false", "true", nil,
		arrival{change: func(c *click.Click) { c.Geo.Proxy = click.ResidentialProxy }}, "pass", "hit"})
}()

func device(browser, version, os, osVersion string) arrival {
	return arrival{change: func(c *click.Click) {
		c.Device = &click.Device{BrowserName: browser, BrowserVersion: version, OSName: os, OSVersion: osVersion}
	}}
}

var oldVersionCases = []settingCase{
	{click.FilterOldBrowser, "browsers", `{}`, `{"Chrome": "10.9"}`, `{"Chrome": "10.11"}`, nil, device("Chrome Mobile", "10.10", "", ""), "pass", "hit"},
	{click.FilterOldBrowser, "invert", `{"browsers": {"Chrome": "100"}}`, "false", "true", nil, device("Chrome", "100", "", ""), "pass", "hit"},
	{click.FilterOldOS, "oses", `{}`, `{"Windows": "XP"}`, `{"Windows": "7"}`, nil, device("", "", "Windows", "Vista"), "pass", "hit"},
	{click.FilterOldOS, "invert", `{"oses": {"macOS": "10.15"}}`, "false", "true", nil, device("", "", "Mac OS X", "10.15.7"), "pass", "hit"},
}

func params(p ...click.Param) arrival {
	return arrival{change: func(c *click.Click) { c.Params = p }}
}

var valueCases = []settingCase{
	{click.FilterDeviceID, "reject_empty_value", `{}`, "false", "true", nil, arrival{change: func(c *click.Click) { c.DeviceID = "" }}, "pass", "hit"},
	{click.FilterParameter, "configs.*.valid_values", `{"configs": {"source": {"reject_empty_value": true}}}`, `[]`, `["news"]`, nil, params(click.Param{Name: "source", Value: "blog"}), "pass", "hit"},
	{click.FilterParameter, "configs.*.blocked_values", `{"configs": {"source": {"valid_values": ["blog"]}}}`, `[]`, `["blog"]`, nil, params(click.Param{Name: "source", Value: "blog"}), "pass", "hit"},
	{click.FilterParameter, "configs.*.reject_empty_value", `{"configs": {"source": {"valid_values": ["blog"]}}}`, "false", "true", nil, params(click.Param{Name: "source"}), "pass", "hit"},
	{click.FilterParameter, "configs.*.reject_empty_value", `{"configs": {"sub_id_3": {"valid_values": ["blog"]}}}`, "false", "true", nil, params(), "pass", "hit"},
}

func subID(id string) arrival { return arrival{change: func(c *click.Click) { c.SubID[0] = id }} }

var subIDCases = []settingCase{
	{click.FilterSubIDValidityCheck, "is_integer", `{}`, "false", "true", nil, subID("12a"), "pass", "hit"},
	{click.FilterSubIDValidityCheck, "min_length", `{}`, "2", "3", nil, subID("äö"), "pass", "hit"},
	{click.FilterSubIDValidityCheck, "min_length", `{}`, "0", "1", nil, subID(""), "pass", "hit"},
	{click.FilterSubIDValidityCheck, "max_length", `{}`, "2", "1", nil, subID("äö"), "pass", "hit"},
	{click.FilterSubIDValidityCheck, "max_unique_threshold", `{}`, "3", "2", []arrival{subID("a"), subID("b"), subID("a")}, subID("c"), "pass", "pass surplus "},
	{click.FilterSubIDValidityCheck, "unified_sub_id", `{"max_unique_threshold": 1}`, "", `"other"`, []arrival{subID("a")}, subID("b"), "pass surplus ", "pass surplus other"},
}

var wordCases = []settingCase{
	{click.FilterISP, "keywords", `{}`, `["vodafone"]`, `["telekom"]`, nil, arrival{}, "pass", "hit"},
	{click.FilterISP, "invert", `{"keywords": ["vodafone"]}`, "false", "true", nil, arrival{}, "pass", "hit"},
	{click.FilterThirdPartyRejection, "rejected_keywords", `{}`, `["duplicate"]`, `[]`, nil, arrival{change: func(c *click.Click) { c.Conversion.ThirdPartyReason = "Fraud" }}, "pass", "hit"},
	{click.FilterThirdPartyRejection, "rejected_keywords", `{}`, `["duplicate"]`, `["duplicate", "fraud"]`, nil, arrival{change: func(c *click.Click) { c.Conversion.ThirdPartyReason = "Fraud" }}, "pass", "hit"},
}

// keyCases are those of what a counter is kept apart by, under a base that
// allows one.
func keyCases(kind click.Filter, prefix, base string, names ...string) (cases []settingCase) {
	for name, other := range map[string]func(c *click.Click){
		"has_offer":      func(c *click.Click) { c.Offer = "7" },
		"has_publisher":  func(c *click.Click) { c.Publisher = "7" },
		"has_sub_id":     func(c *click.Click) { c.SubID[0] = "7" },
		"has_user_agent": func(c *click.Click) { c.UserAgent = "7" },
	} {
		if slices.Contains(names, name) {
			cases = append(cases, settingCase{kind, prefix + name, base, "true", "false", []arrival{{change: other}}, arrival{}, "pass", "hit"})
		}
	}
	return cases
}

func duplicateCases(kind click.Filter) []settingCase {
	const byIP, byIPv6 = `[{"max_duplicates": 1, "expires_in_seconds": 10, "enable_duplicate_ip": true}]`, `[{"max_duplicates": 1, "expires_in_seconds": 10, "enable_duplicate_ipv6": true}]`
	cases := keyCases(kind, "*.", byIP, "has_offer", "has_publisher", "has_sub_id", "has_user_agent")
	// Another visitor but for one thing.
	fresh := func(addr string, same func(c *click.Click)) arrival {
		return arrival{change: func(c *click.Click) {
			from(addr)(c)
			c.UUID, c.Fingerprint, c.DeviceID = "u"+addr, "f"+addr, "d"+addr
			same(c)
		}}
	}
	for setting, same := range map[string]func(c *click.Click){
		"ip": from("192.0.2.9"), "uuid": func(c *click.Click) { c.UUID = "same" },
		"fingerprint": func(c *click.Click) { c.Fingerprint = "same" }, "device_id": func(c *click.Click) { c.DeviceID = "same" },
	} {
		base := `[{"max_duplicates": 1, "expires_in_seconds": 10, "enable_duplicate_ipv6": true}]`
		cases = append(cases, settingCase{kind, "*.enable_duplicate_" + setting, base, "false", "true",
			[]arrival{fresh("192.0.2.1", same)}, fresh("192.0.2.2", same), "unknown", "hit"})
	}
	return append(cases,
		settingCase{kind, "*.enable_duplicate_ipv6", byIP, "false", "true", []arrival{ip("2001:db8::1")}, ip("2001:db8::2"), "unknown", "hit"},
		settingCase{kind, "*.max_duplicates", byIP, "2", "1", []arrival{{}}, arrival{}, "pass", "hit"},
		settingCase{kind, "*.expires_in_seconds", byIP, "10", "11", []arrival{{}}, arrival{atMS: 10_000}, "pass", "hit"},
		settingCase{kind, "*.max_duplicate_ipv6_48", byIPv6, "0", "2", []arrival{ip("2001:db8:0:1::"), ip("2001:db8:0:2::")}, ip("2001:db8:0:3::"), "pass", "hit"},
		settingCase{kind, "*.max_duplicate_ipv6_48", byIPv6, "65", "", manyNetworks(64), ip("2001:db8:0:ffff::"), "pass", "hit"},
	)
}

// manyNetworks are arrivals from so many /64 of one /48.
func manyNetworks(n int) (list []arrival) {
	for i := range n {
		list = append(list, ip(fmt.Sprintf("2001:db8:0:%x::1", i)))
	}
	return list
}

func floodingCases(kind click.Filter) []settingCase {
	const base = `{"max_duplicate_ip": 1, "expires_in_seconds": 10}`
	return append(keyCases(kind, "properties.", base, "has_offer", "has_publisher", "has_sub_id", "has_user_agent"),
		settingCase{kind, "max_duplicate_ip", base, "2", "1", []arrival{{}}, arrival{}, "pass", "hit"},
		settingCase{kind, "expires_in_seconds", base, "10", "11", []arrival{{}}, arrival{atMS: 10_000}, "pass", "hit"},
		settingCase{kind, "extra_expires_in_seconds_when_rejected", base, "", "1", []arrival{{n: 2}}, arrival{atMS: 10_000}, "pass", "hit"},
		settingCase{kind, "max_duplicate_ipv6_48", base, "0", "2", []arrival{ip("2001:db8:0:1::"), ip("2001:db8:0:2::")}, ip("2001:db8:0:3::"), "pass", "hit"},
		settingCase{kind, "max_duplicate_ipv6_48", base, "65", "", manyNetworks(64), ip("2001:db8:0:ffff::"), "pass", "hit"},
	)
}

func search(words string) arrival { return arrival{change: func(c *click.Click) { c.Keyword = words }} }

var keywordCases = func() []settingCase {
	const base = `{"max_duplicate_allowed": 1, "expires_in_seconds": 10}`
	cases := keyCases(click.FilterKeyword, "properties.", base, "has_offer", "has_publisher", "has_sub_id")
	for i := range cases {
		for _, a := range []*arrival{&cases[i].before[0], &cases[i].last} {
			other := a.change
			a.change = func(c *click.Click) {
				c.Keyword = "shoes"
				if other != nil {
					other(c)
				}
			}
		}
	}
	late := search("shoes")
	late.atMS = 10_000
	return append(cases,
		settingCase{click.FilterKeyword, "keywords", base, "", `["free money"]`, nil, search("Get FREE Money now"), "pass", "hit"},
		settingCase{click.FilterKeyword, "max_duplicate_allowed", base, "2", "1", []arrival{search("shoes")}, search(" Shoes "), "pass", "hit"},
		settingCase{click.FilterKeyword, "expires_in_seconds", base, "10", "11", []arrival{search("shoes")}, late, "pass", "hit"},
	)
}()

func siteCases(kind click.Filter) []settingCase {
	at := func(url string) arrival {
		return arrival{change: func(c *click.Click) { c.Referer, c.SiteURL, c.CategoriesKnown = url, url, true }}
	}
	fraud := arrival{change: func(c *click.Click) {
		at("https://a.example/").change(c)
		c.RefererCategories, c.SiteCategories = click.CategoryFraud, click.CategoryFraud
	}}
	return []settingCase{
		{kind, "keywords", `{"reject_empty_value": true}`, `[]`, `["casino"]`, nil, at("https://a.example/CASINO?x"), "pass", "hit"},
		{kind, "categories", `{"reject_empty_value": true}`, `[]`, `["fraud"]`, nil, fraud, "pass", "hit"},
		{kind, "invert", `{"keywords": ["b.example"]}`, "false", "true", nil, at("https://a.example/"), "pass", "hit"},
		{kind, "reject_empty_value", `{"keywords": ["b.example"]}`, "false", "true", nil, at(""), "pass", "hit"},
		{kind, "reject_empty_value", `{"keywords": ["b.example"], "invert": true}`, "false", "true", nil, at(""), "pass", "hit"},
	}
}
