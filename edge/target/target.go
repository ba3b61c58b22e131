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
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// Rules are the compiled targeting of one plane. They are immutable and safe
// for concurrent use; nil admits everybody.
type Rules struct {
	rules    []rule
	settings *config.Targeting
}

// rule is one map of the settings that is switched on and not empty.
type rule struct {
	*about
	subject
}

// about is what all rules on one map have in common.
type about struct {
	reason click.Reason
	// path is the place of the map in the settings.
	path string
	// wants says in words what the map asks for.
	wants func(*config.Targeting) string
}

// subject is what a rule looks at. It belongs to the rules and only reads the
// click, but for the text of its address.
type subject interface {
	// fits tells whether the click may pass; what is not known passes.
	fits(c *click.Click) bool
	// value is what was looked at, valid as long as the click.
	value(c *click.Click) string
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
// switched on, compiles to nil. The rules keep t.
func Compile(t *config.Targeting) (*Rules, config.Problems) {
	if t == nil {
		return nil, nil
	}
	var c compiler
	device, geo, ip, language := c.device(&t.Device), c.geo(&t.Geo), c.addresses(&t.IP), c.languages(t.Language)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	r := &Rules{settings: t}
	if t.GeoTargetingEnabled {
		r.addPlace(&geo)
	}
	if t.DeviceTargetingEnabled {
		r.addDevice(&device)
	}
	r.add(t.IPTargetingEnabled && !ip.empty(), &aboutIP, &ip)
	r.add(t.LanguageTargetingEnabled && !language.empty(), &aboutLanguage, &languages{language})
	if len(r.rules) == 0 {
		return nil, nil
	}
	return r, nil
}

func (r *Rules) add(when bool, a *about, s subject) {
	if when {
		r.rules = append(r.rules, rule{a, s})
	}
}

// Judge adds a reason to v for every rule that c does not fit. The detail of a
// reason is the value that did not fit. Judge allocates nothing; the text of a
// refused address lives in c.Scratch.
func (r *Rules) Judge(c *click.Click, v *click.Verdict) {
	if r == nil {
		return
	}
	for i := range r.rules {
		if k := &r.rules[i]; !k.fits(c) {
			k.reject(c, v)
		}
	}
}

func (r *rule) reject(c *click.Click, v *click.Verdict) {
	value := r.value(c)
	if r.reason == click.TargetingLanguage {
		v.RejectedLanguage = value
	}
	v.Reject(r.reason, value)
}

// Fits tells whether Judge would add nothing.
func (r *Rules) Fits(c *click.Click) bool {
	if r == nil {
		return true
	}
	for i := range r.rules {
		if !r.rules[i].fits(c) {
			return false
		}
	}
	return true
}

// Explain lists every rule with what it looked at, what it asks for and whether
// c fits: those that Judge would reject by do not. It allocates.
func (r *Rules) Explain(c *click.Click) []explain.Rule {
	if r == nil {
		return nil
	}
	list := make([]explain.Rule, len(r.rules))
	for i := range r.rules {
		k := &r.rules[i]
		list[i] = explain.Rule{
			Part: "targeting", Name: k.path, Value: strings.Clone(k.value(c)), Wants: k.wants(r.settings), Fits: k.fits(c),
		}
		if !list[i].Fits {
			list[i].Reason = k.reason.String()
		}
	}
	return list
}
