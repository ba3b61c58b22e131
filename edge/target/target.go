// Package target judges whether a visitor fits the targeting of an offer
// device, place, address and language.
//
// Each dimension has a switch and maps of values: true admits, false refuses.
// A value that a map does not list is refused when the map admits anything, and
// passes when the map only refuses (D-14). All dimensions must agree, and every
// one that does not is a reason of its own.
//
// A dimension we know nothing about, because a database is not installed, never
// counts against a visitor. A visitor that a present database does not know is
// like one with an unlisted value.
package target

import (
	"unsafe"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Rules are the compiled targeting of one plane. They are immutable and safe
// for concurrent use; nil admits everybody.
type Rules struct {
	browsers  names
	types     names
	systems   names
	versions  map[string]versionRule
	countries names
	cities    names
	addresses addresses
	languages names
}

// Check returns the mistakes that Compile would find. It is a
// config.Checks.Targeting.
func Check(t *config.Targeting) config.Problems {
	_, problems := Compile(t)
	return problems
}

// Compile prepares t for judging. It returns all mistakes, with paths relative
// to t, and then no rules. Maps of a dimension that is switched off are checked
// as well, so that switching it on later cannot fail. No targeting, or none
// switched on, compiles to nil.
func Compile(t *config.Targeting) (*Rules, config.Problems) {
	if t == nil {
		return nil, nil
	}
	var c compiler
	device, geo, ip, language := c.device(&t.Device), c.geo(&t.Geo), c.addresses(&t.IP), c.languages(t.Language)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	r := new(Rules)
	if t.DeviceTargetingEnabled {
		r.browsers, r.types, r.systems, r.versions = device.browsers, device.types, device.systems, device.versions
	}
	if t.GeoTargetingEnabled {
		r.countries, r.cities = geo.countries, geo.cities
	}
	if t.IPTargetingEnabled {
		r.addresses = ip
	}
	if t.LanguageTargetingEnabled {
		r.languages = language
	}
	if r.empty() {
		return nil, nil
	}
	return r, nil
}

func (r *Rules) empty() bool {
	return r.browsers.empty() && r.types.empty() && r.systems.empty() && len(r.versions) == 0 &&
		r.countries.empty() && r.cities.empty() && r.addresses.empty() && r.languages.empty()
}

// Judge adds a reason to v for every dimension that c does not fit. The detail
// of a reason is the value that did not fit. Judge allocates nothing; the text
// of a refused address lives in c.Scratch.
func (r *Rules) Judge(c *click.Click, v *click.Verdict) {
	if r == nil {
		return
	}
	r.judgePlace(&c.Geo, v)
	r.judgeDevice(c.Device, v)
	if !r.addresses.admit(c.IP) {
		v.Reject(click.TargetingIP, addressText(c))
	}
	r.judgeLanguage(c.AcceptLanguage, v)
}

// judgePlace: cities refine countries, so they are asked only where the country
// fits; otherwise every visitor from abroad would show two reasons. A database
// that knows countries only gives every visitor an unlisted city.
func (r *Rules) judgePlace(g *click.Geo, v *click.Verdict) {
	if !g.PlaceKnown {
		return
	}
	if !r.countries.admit(g.Country) {
		v.Reject(click.TargetingCountry, g.Country)
		return
	}
	if !r.cities.admit(g.City) {
		v.Reject(click.TargetingCity, g.City)
	}
}

func (r *Rules) judgeDevice(d *click.Device, v *click.Verdict) {
	if d == nil {
		return
	}
	if !r.browsers.admitFamily(d.BrowserName, browserFamilies) {
		v.Reject(click.TargetingBrowser, d.BrowserName)
	}
	if !r.types.admit(d.Type) {
		v.Reject(click.TargetingDeviceType, d.Type)
	}
	if !r.systems.admitFamily(d.OSName, osFamilies) {
		v.Reject(click.TargetingOS, d.OSName)
	}
	if !r.admitVersion(d) {
		v.Reject(click.TargetingOSVersion, d.OSVersion)
	}
}

// addressText is the click's address as text, written behind what the click
// keeps in Scratch already. Views into an older Scratch stay valid.
func addressText(c *click.Click) string {
	n := len(c.Scratch)
	c.Scratch = c.IP.AppendTo(c.Scratch)
	text := c.Scratch[n:]
	return unsafe.String(unsafe.SliceData(text), len(text))
}
