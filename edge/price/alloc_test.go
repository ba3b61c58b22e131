//go:build !race

package price

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// full are terms with everything, of which the last item fits.
func full() (*Terms, *click.Click) {
	offer := &config.Offer{DefaultPayout: config.Payout{PayoutType: "PRV", PayoutPercent: m("12.5"), RevenueType: "RPC", Revenue: m("0.3")}}
	for range 20 {
		offer.Payments = append(offer.Payments, config.Payment{
			Partners: []int64{1, 2, 7}, Countries: []string{"AT", "DE"}, Cities: []string{"Berlin", "Köln"}, Devices: []string{"ipod", "mobile"},
			OS: []string{"Other", "Linux", "Windows 7"}, Goal: "0", Type: "percent", Total: m("5"), Revenue: m("4"), URL: "https://a.example/",
		})
	}
	offer.Payments[19].OS = append(offer.Payments[19].OS, "iOS")
	customs := []*config.CustomPayout{{PublisherIncrementalID: 8, PayoutType: "CPA", Payout: m("3")}}
	events := []*config.OfferEvent{{IncrementalID: 1, Terms: config.Payout{PayoutType: "CPA", Payout: m("11")}}}
	return Compile(offer, &config.Amounts{}, events, customs), conversion(visitor)
}

func TestNoAllocations(t *testing.T) {
	terms, c := full()
	for _, plane := range []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion} {
		c.Plane = plane
		var got Amounts
		var at int
		if n := testing.AllocsPerRun(100, func() { got = terms.Price(c); at, _ = terms.Target(c) }); n != 0 || got.PayoutBy != "payment item 20" || at != 19 {
			t.Errorf("plane %d: %v allocations, by %q and item %d", plane, n, got.PayoutBy, at)
		}
	}
}

func BenchmarkPrice(b *testing.B) {
	plain := Compile(&config.Offer{DefaultPayout: config.Payout{PayoutType: "CPC", Payout: m("0.1"), RevenueType: "RPC", Revenue: m("0.3")}}, &config.Amounts{}, nil, nil)
	terms, c := full()
	for name, t := range map[string]*Terms{"plain": plain, "20 items": terms} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				t.Price(c)
			}
		})
	}
}
