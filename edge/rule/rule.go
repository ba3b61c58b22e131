// Package rule judges whether a click keeps to the rules of its offer: who may
// promote the offer and when, and the countries, systems, providers,
// connections, addresses and sub ids that it takes.
// Unlike targeting they belong to one offer, or to all of an advertiser's.
//
// What we know nothing about, because a database is not installed, never counts
// against a visitor. What a present database does not know fits no list.
package rule

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// Offer are the compiled rules of an offer and its advertiser, for clicks and
// impressions. They are immutable and safe for concurrent use; nil admits
// everything. Compile makes them.
type Offer struct {
	access []*publishers
	rules  []rule
	unique *unique // nil: an address may click again
}

// rule is one field of the documents that says something.
type rule struct {
	reason click.Reason
	// path is the place of the field in the offer; fields of the advertiser
	// begin with "advertiser.".
	path string
	subject
}

// subject is what a rule looks at. It belongs to the rules and only reads the
// click, but for texts that it makes in the click's Scratch.
type subject interface {
	// fits tells whether the click may pass. It counts nothing.
	fits(c *click.Click) bool
	// value is what was looked at, valid as long as the click.
	value(c *click.Click) string
	// wants says in words what the rule asks for.
	wants() string
}

// Admits tells whether a publisher, by its opaque id, may promote the offer
// the offer is public or the publisher approved, the terms are accepted
// where they must be, and neither the offer nor its advertiser bars it.
func (o *Offer) Admits(publisherID string) bool {
	if o == nil {
		return true
	}
	for _, p := range o.access {
		if !p.admit(publisherID) {
			return false
		}
	}
	return true
}

// Judge adds a reason to v for every rule that c does not fit. The detail of a
// reason is the value that did not fit. A click that counts is counted where
// addresses must be unique, whatever else is said about it, as filters
// do; so Judge is called once for the offer that a click ends at. It allocates
// nothing: texts that it makes live in c.Scratch.
func (o *Offer) Judge(c *click.Click, v *click.Verdict) {
	if o == nil {
		return
	}
	for i := range o.rules {
		if k := &o.rules[i]; !k.fits(c) {
			v.Reject(k.reason, k.value(c))
		}
	}
	if o.unique != nil && !o.unique.admit(c) {
		v.Reject(click.IPNotUnique, o.unique.value(c))
	}
}

// Fits tells whether Judge would add nothing. It counts nothing, so a smart
// link may ask all of its offers.
func (o *Offer) Fits(c *click.Click) bool {
	if o == nil {
		return true
	}
	for i := range o.rules {
		if !o.rules[i].fits(c) {
			return false
		}
	}
	return o.unique == nil || o.unique.fits(c)
}

// Explain lists every rule with what it looked at, what it asks for and whether
// c fits: those that Judge would reject by do not. It counts nothing and
// allocates.
func (o *Offer) Explain(c *click.Click) []explain.Rule {
	if o == nil {
		return nil
	}
	rules := o.rules
	if o.unique != nil {
		rules = append(rules[:len(rules):len(rules)], rule{click.IPNotUnique, "uniq_ip_only", o.unique})
	}
	list := make([]explain.Rule, len(rules))
	for i := range rules {
		k := &rules[i]
		list[i] = explain.Rule{Part: "offer", Name: k.path, Value: strings.Clone(k.value(c)), Wants: k.wants(), Fits: k.fits(c)}
		if !list[i].Fits {
			list[i].Reason = k.reason.String()
		}
	}
	return list
}
