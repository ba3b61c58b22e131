package price

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

var m = money.MustParse

// conversion is one by publisher 7, with a sale of 200.
func conversion(change ...func(*click.Click)) *click.Click {
	c := &click.Click{Plane: click.PlaneConversion}
	c.Link.PublisherNumber = "7"
	c.Conversion.PurchaseValue = m("200")
	for _, f := range change {
		f(c)
	}
	return c
}

func onPlane(p click.Plane) func(*click.Click) { return func(c *click.Click) { c.Plane = p } }
func event(number string) func(*click.Click) {
	return func(c *click.Click) { c.Conversion.EventNumber = number }
}
func by(publisher string) func(*click.Click) {
	return func(c *click.Click) { c.Link.PublisherNumber = publisher }
}
func asks(payout, revenue string) func(*click.Click) {
	return func(c *click.Click) {
		c.Conversion.RequestPayout, c.Conversion.RequestRevenue = m(payout), m(revenue)
	}
}

func check(t *testing.T, name string, got Amounts, payout, payoutBy, revenue, revenueBy string) {
	t.Helper()
	if want := (Amounts{m(payout), m(revenue), payoutBy, revenueBy}); got != want {
		t.Errorf("%s: %s by %q, %s by %q; want %s by %q, %s by %q", name, got.Payout, got.PayoutBy, got.Revenue, got.RevenueBy, payout, payoutBy, revenue, revenueBy)
	}
}

// Every type of both sides, on every plane.
func TestTypes(t *testing.T) {
	type earned struct{ click, impression, conversion string }
	payouts := map[string]earned{
		"CPA": {"0", "0", "1.5"}, "CPS": {"0", "0", "20"}, "CPAxCPS": {"0", "0", "21.5"}, "CPC": {"1.5", "0", "0"}, "CPM": {"0", "0.0015", "0"},
	}
	revenues := map[string]earned{
		"RPA": {"0", "0", "3"}, "RPS": {"0", "0", "40"}, "RPAxRPS": {"0", "0", "43"}, "RPC": {"3", "0", "0"}, "RPM": {"0", "0.003", "0"},
	}
	prv := map[string]earned{ // 10 percent of the revenue
		"RPA": {"0", "0", "0.3"}, "RPS": {"0", "0", "4"}, "RPAxRPS": {"0", "0", "4.3"}, "RPC": {"0.3", "0", "0"}, "RPM": {"0", "0.0003", "0"},
	}
	for payoutType, payout := range payouts {
		payouts["PRV"] = earned{} // as revenue has it
		for revenueType, revenue := range revenues {
			if payoutType == "PRV" {
				payout = prv[revenueType]
			}
			terms := Compile(&config.Offer{DefaultPayout: config.Payout{
				PayoutType: payoutType, Payout: m("1.5"), PayoutPercent: m("10"), RevenueType: revenueType, Revenue: m("3"), RevenuePercent: m("20"),
			}}, &config.Amounts{}, nil, nil)
			name := payoutType + "/" + revenueType
			check(t, name+" click", terms.Price(conversion(onPlane(click.PlaneClick))), payout.click, "offer", revenue.click, "offer")
			check(t, name+" impression", terms.Price(conversion(onPlane(click.PlaneImpression))), payout.impression, "offer", revenue.impression, "offer")
			check(t, name+" conversion", terms.Price(conversion()), payout.conversion, "offer", revenue.conversion, "offer")
		}
	}
}

// Who has the say, level by level, and each side by itself.
func TestOrder(t *testing.T) {
	defaults := &config.Amounts{ClickPayout: m("0.01"), ClickRevenue: m("0.02"), ConversionPayout: m("0.1"), ConversionRevenue: m("0.2")}
	offer := &config.Offer{
		DefaultPayout: config.Payout{PayoutType: "CPA", Payout: m("1"), RevenueType: "RPA", Revenue: m("2")},
		Payments:      []config.Payment{{Goal: "2", Type: "fixed", Revenue: m("5"), Total: m("6")}, {Partners: []int64{9}, Type: "percent", Revenue: m("50")}},
	}
	events := []*config.OfferEvent{
		{IncrementalID: 1, Terms: config.Payout{PayoutType: "CPA", Payout: m("11"), RevenueType: "RPA", Revenue: m("12")}},
		{IncrementalID: 2}, // without terms
		{IncrementalID: 3, Terms: config.Payout{RevenueType: "RPS", RevenuePercent: m("1")}},
	}
	customs := []*config.CustomPayout{
		{PublisherIncrementalID: 7, PayoutType: "CPA", Payout: m("3"), RevenueType: "Unknown", Revenue: m("99")},
		{PublisherIncrementalID: 7, EventIncrementalID: 1, PayoutType: "Unknown", Payout: m("99"), RevenueType: "RPA", Revenue: m("13")},
		{PublisherIncrementalID: 7, EventIncrementalID: 2, PayoutType: "CPA", Payout: m("14")},
		{PublisherIncrementalID: 8, PayoutType: "CPC", Payout: m("0.5"), RevenueType: "RPC", Revenue: m("0.6")},
	}
	terms := Compile(offer, defaults, events, customs)
	bare := Compile(&config.Offer{}, defaults, nil, customs)
	onClick := onPlane(click.PlaneClick)
	for _, tt := range []struct {
		name                                 string
		terms                                *Terms
		of                                   *click.Click
		payout, payoutBy, revenue, revenueBy string
	}{
		{"custom payout, revenue not overridden", terms, conversion(), "3", "custom payout", "2", "offer"},
		{"another publisher", terms, conversion(by("5")), "1", "offer", "2", "offer"},
		{"no publisher", terms, conversion(by("")), "1", "offer", "2", "offer"},
		{"an event of its own, payout not overridden", terms, conversion(event("1")), "11", "event", "13", "custom payout"},
		{"an event for another publisher", terms, conversion(event("1"), by("5")), "11", "event", "12", "event"},
		{"the initial conversion's custom payout is not the event's", terms, conversion(event("3")), "1", "offer", "2", "event"},
		{"an event without terms", terms, conversion(event("2"), by("5")), "5", "payment item 1", "6", "payment item 1"},
		{"an event without terms, for a publisher with some", terms, conversion(event("2")), "14", "custom payout", "6", "payment item 1"},
		{"a personal item for one side", terms, conversion(by("9")), "100", "payment item 2", "2", "offer"},
		{"a more specific item says nothing of a side", terms, conversion(by("9"), event("2")), "100", "payment item 2", "6", "payment item 1"},
		{"an unknown event", terms, conversion(event("44"), by("5")), "1", "offer", "2", "offer"},
		{"defaults", bare, conversion(by("5")), "0.1", "integration", "0.2", "integration"},
		{"a custom payout on an offer without terms", bare, conversion(), "3", "custom payout", "0.2", "integration"},
		{"a click of an offer by conversion", terms, conversion(onClick, by("5")), "0", "offer", "0", "offer"},
		{"a click by custom payout", terms, conversion(onClick, by("8")), "0.5", "custom payout", "0.6", "custom payout"},
		{"what was paid by the click is not paid again", terms, conversion(by("8")), "0", "custom payout", "0", "custom payout"},
		{"a click of an item by conversion", terms, conversion(onClick, by("9")), "0", "payment item 2", "0", "offer"},
		{"a click by defaults", bare, conversion(onClick, by("5")), "0.01", "integration", "0.02", "integration"},
		{"an event of a click does not count", terms, conversion(onClick, event("1"), by("8")), "0.5", "custom payout", "0.6", "custom payout"},
		{"an impression by defaults", bare, conversion(onPlane(click.PlaneImpression), by("5")), "0", "", "0", ""},
		{"no offer", nil, conversion(), "0", "", "0", ""},
	} {
		check(t, tt.name, tt.terms.Price(tt.of), tt.payout, tt.payoutBy, tt.revenue, tt.revenueBy)
	}
}

// What a request asks for counts where the terms come to nothing.
func TestRequested(t *testing.T) {
	for name, tt := range map[string]struct {
		payout, revenue                                 string // types, with percentages and amounts of 10
		of                                              *click.Click
		wantPayout, payoutBy, wantRevenue, wantByRevene string
	}{
		"no terms":                         {"", "", conversion(asks("4", "5")), "4", "request", "5", "request"},
		"nothing asked":                    {"", "", conversion(), "0", "", "0", ""},
		"terms that pay":                   {"CPA", "RPS", conversion(asks("4", "5")), "10", "offer", "20", "offer"},
		"a share of no sale":               {"CPS", "RPS", conversion(asks("4", "5"), sale("0")), "4", "request", "5", "request"},
		"a share of a refund":              {"CPS", "RPAxRPS", conversion(sale("-10")), "0", "offer", "10", "offer"},
		"a share of the revenue asked for": {"PRV", "RPS", conversion(asks("4", "5"), sale("0")), "0.5", "offer", "5", "request"},
		"a share of nothing":               {"PRV", "RPS", conversion(asks("4", "0"), sale("0")), "4", "request", "0", "offer"},
		"paid by the click":                {"CPC", "RPC", conversion(asks("4", "5")), "0", "offer", "0", "offer"},
		"paid by impressions":              {"CPM", "RPM", conversion(asks("4", "5")), "0", "offer", "0", "offer"},
		"paid a share by the click":        {"PRV", "RPC", conversion(asks("4", "5")), "0", "offer", "0", "offer"},
		"less than nothing":                {"", "", conversion(asks("-4", "-5")), "0", "", "0", ""},
		"a click asks for nothing":         {"", "", conversion(onPlane(click.PlaneClick), asks("4", "5")), "0", "", "0", ""},
	} {
		p := config.Payout{PayoutType: tt.payout, Payout: m("10"), PayoutPercent: m("10"), RevenueType: tt.revenue, Revenue: m("10"), RevenuePercent: m("10")}
		terms := Compile(&config.Offer{DefaultPayout: p}, &config.Amounts{}, nil, nil)
		check(t, name, terms.Price(tt.of), tt.wantPayout, tt.payoutBy, tt.wantRevenue, tt.wantByRevene)
	}
}

func sale(value string) func(*click.Click) {
	return func(c *click.Click) { c.Conversion.PurchaseValue = m(value) }
}
