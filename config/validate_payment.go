package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var (
	paymentTypes   = []string{"fixed", "percent"}
	paymentDevices = []string{"tablet", "desktop", "mobile", "ipod"}
	paymentSystems = []string{
		"Android", "BlackBerry OS", "Chrome OS", "iOS", "Linux", "Mac OS X", "MeeGo", "Other", "Symbian OS", "Ubuntu", "Windows", "Windows 10",
		"Windows 11", "Windows 7", "Windows 8", "Windows 8.1", "Windows Phone", "Windows RT", "Windows Vista", "Windows XP",
	}
)

// mostPayments bounds what a conversion is compared with.
const mostPayments = 200

// payments checks the rates of A26.2.
func (v *validator) payments(d *Offer) {
	if n := len(d.Payments); n > mostPayments {
		v.fail("payments", "must have at most %d entries, found %d", mostPayments, n)
		return
	}
	currency := d.Currency
	if in, ok := v.set.Get(Key{KindIntegration, d.Integration}); ok {
		currency = cmp.Or(currency, in.(*Integration).Currency)
	}
	v.enter("payments")
	defer v.leave()
	for i := range d.Payments {
		v.enterIndex(i)
		v.payment(&d.Payments[i])
		if d.Currency == "" || slices.Contains(offerCurrencies, d.Currency) {
			v.paymentCurrency(d.Payments[i].Currency, currency)
		}
		v.leave()
	}
}

// paymentCurrency checks that a rate is in the offer's currency: amounts are
// never converted.
func (v *validator) paymentCurrency(currency, offers string) {
	switch {
	case currency == "" || currency == offers:
	case offers == "":
		v.fail("currency", "must be empty, since neither the offer nor its integration has a currency, found %q", shorten(currency))
	default:
		v.fail("currency", "must be %s, as all amounts of the offer are, found %q", offers, shorten(currency))
	}
}

func (v *validator) payment(p *Payment) {
	v.numbers("partners", KindPublisher, p.Partners)
	v.list("countries", p.Countries, checkCountry)
	v.list("country_exclude", p.CountryExclude, func(code string) error {
		if slices.Contains(p.Countries, code) {
			return fmt.Errorf("%s is among countries too; keep one", code)
		}
		return checkCountry(code)
	})
	v.list("cities", p.Cities, nil)
	v.list("devices", p.Devices, func(s string) error { return checkOneOf(s, paymentDevices) })
	v.list("os", p.OS, func(s string) error { return checkOneOf(s, paymentSystems) })
	v.goal(p.Goal)
	v.rate(p)
	v.url("url", p.URL)
}

// rate checks what a payment says of money.
func (v *validator) rate(p *Payment) {
	v.required("type", p.Type)
	v.oneOf("type", p.Type, paymentTypes)
	check := v.amount
	if p.Type == "percent" {
		check = v.percent
	}
	check("total", p.Total)
	check("revenue", p.Revenue)
	if p.Total.IsZero() && p.Revenue.IsZero() && p.URL == "" {
		v.add(0, "must have a total, a revenue or a url: as it is the rate changes nothing")
	}
}

// goal checks what a document calls an event. It need not be there: events may
// be renamed, and come after what names them.
func (v *validator) goal(goal string) {
	v.longest("goal", goal, longestGoal)
	if goal != strings.TrimSpace(goal) {
		v.fail("goal", "must not begin or end with a space, found %q", shorten(goal))
	}
}
