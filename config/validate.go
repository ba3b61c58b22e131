package config

import (
	"iter"
	"strings"
)

// Checks are what run-time packages know about values that config only
// carries. A nil function is skipped.
type Checks struct {
	// FilterTypes lists the types of filters that judge a plane.
	FilterTypes func(plane Plane) []string
	// Filter checks the type and the settings of a filter on a plane: the
	// type exists, judges that plane and accepts the settings (nil is the
	// defaults). Paths are relative to the settings.
	Filter func(plane Plane, code string, settings Raw) Problems
	// URL checks the macros of a URL template.
	URL func(template string) error
	// Domain checks a host that links may lead to.
	Domain func(domain string) error
	// Targeting checks the names in one plane's settings. Paths are relative
	// to the settings.
	Targeting func(*Targeting) Problems
}

// Validate checks what the documents say, each alone and all together, and
// returns every mistake with its path, sorted. The set is fit for use when
// there is none. It has no side effects.
func (s *Set) Validate(checks Checks) Problems {
	v := newValidator(s, checks)
	for i, shelf := range s.shelves {
		for e := range shelf.all() {
			v.document(e.document, e.encode(kinds[i].kind))
		}
	}
	return v.found.sorted()
}

// validator checks one document after the other. The embedded report is about
// the present one.
type validator struct {
	report
	set    *Set
	checks Checks
	found  Problems
	owner  owner
	label  string
	// numbers and texts remember who was first with a value that is unique.
	numbers map[numberKey]Key
	texts   map[textKey]Key
	// Documents by incremental id, as other documents name them.
	advertisers map[int64]*Advertiser
	publishers  map[int64]*Publisher
	offers      map[int64]*Offer
	events      map[int64]*OfferEvent
}

// owner says to whom a document belongs.
type owner struct {
	key                       Key
	organization, integration string
}

// numberKey and textKey are a value that may occur once in its scope.
type numberKey struct {
	what, scope string
	value       int64
}

type textKey struct{ what, scope, value string }

func newValidator(s *Set, checks Checks) *validator {
	return &validator{
		set: s, checks: checks,
		numbers:     make(map[numberKey]Key, s.Len()),
		texts:       map[textKey]Key{},
		advertisers: byIncrementalID(s.Advertisers(), func(d *Advertiser) int64 { return d.IncrementalID }),
		publishers:  byIncrementalID(s.Publishers(), func(d *Publisher) int64 { return d.IncrementalID }),
		offers:      byIncrementalID(s.Offers(), func(d *Offer) int64 { return d.IncrementalID }),
		events:      byIncrementalID(s.OfferEvents(), func(d *OfferEvent) int64 { return d.IncrementalID }),
	}
}

// byIncrementalID indexes documents. Of those that wrongly share a number the
// first counts, so that the mistake is told of the others only.
func byIncrementalID[T Document](documents iter.Seq[T], id func(T) int64) map[int64]T {
	index := map[int64]T{}
	for d := range documents {
		if _, taken := index[id(d)]; !taken {
			index[id(d)] = d
		}
	}
	return index
}

// document checks d. unwritable is why d has no canonical form, which only
// values of other origin than a decoder lack.
func (v *validator) document(d Document, unwritable error) {
	v.owner, v.label = ownerOf(d), metaOf(d).Label
	if unwritable != nil {
		v.add(0, "%s", unwritable)
	}
	v.identity()
	switch d := d.(type) {
	case *Integration:
		v.integration(d)
	case *Advertiser:
		v.advertiser(d)
	case *Publisher:
		v.publisher(d)
	case *TargetingGroup:
		v.targetingGroup(d)
	case *FraudFilterGroup:
		v.fraudFilterGroup(d)
	case *FilterGroup:
		v.filterGroup(d)
	case *Offer:
		v.offer(d)
	case *LandingPage:
		v.landingPage(d)
	case *OfferEvent:
		v.offerEvent(d)
	case *BlockedSubID:
		v.blockedSubID(d)
	case *CustomPayout:
		v.customPayout(d)
	case *CustomThrottle:
		v.customThrottle(d)
	case *PostbackManager:
		v.postbackManager(d)
	case *OfferDictionary:
		v.dictionary(d.Integration, d.SourceID, d.FriendlyName)
	case *PublisherDictionary:
		v.dictionary(d.Integration, d.SourceID, d.FriendlyName)
	case *PublisherSubID:
		v.publisherSubID(d)
	case *User:
		v.user(d)
	case *PublisherUser:
		v.publisherUser(d)
	case *APIKey:
		v.apiKey(d)
	}
	v.found = append(v.found, v.problems.in("", pathOf(v.owner.key))...)
	v.problems = v.problems[:0]
}

// identity checks what every document carries.
func (v *validator) identity() {
	key := v.owner.key
	switch {
	case key.ID == "":
		v.fail("id", "missing")
	case key.Kind == KindIntegration && !isLabel(key.ID):
		v.fail("id", `must be a DNS label: 1 to 63 lower-case letters, digits or "-", not at the ends, found %q`, shorten(key.ID))
	case !isID(key.ID):
		v.fail("id", `must be 1 to 64 letters, digits, "-" or "_", found %q`, shorten(key.ID))
	}
	v.required("organization", v.owner.organization)
	if v.label != "" && !isLabelOfFiles(v.label) {
		v.fail("label", `must be 1 to 64 letters, digits, "-", "_" or ".", found %q`, shorten(v.label))
	}
}

func ownerOf(d Document) owner {
	m := metaOf(d)
	o := owner{key: d.Key(), organization: m.Organization}
	switch d := d.(type) {
	case *Integration:
		o.integration = d.ID
	case *TargetingGroup:
		o.integration = d.Integration
	case *FraudFilterGroup:
		o.integration = d.Integration
	case *FilterGroup:
		o.integration = d.Integration
	case *Offer:
		o.integration = d.Integration
	case *PostbackManager:
		o.integration = d.Integration
	case *OfferDictionary:
		o.integration = d.Integration
	case *PublisherDictionary:
		o.integration = d.Integration
	}
	return o
}

// pathOf is the first part of the paths of a document's problems.
func pathOf(key Key) string {
	return strings.TrimSuffix(string(key.Kind)+"/"+shorten(key.ID), "/")
}
