package config

import (
	"slices"
	"strings"
)

// Checks are what run-time packages know about values that config only
// carries. A nil function is skipped. Functions are called from several
// goroutines at once.
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
	return s.validate(s.batches(), checks)
}

// batch is a number of documents of one kind to work on at once.
type batch struct {
	// kind is the place in kinds.
	kind    int
	entries []*entry
}

// batches are all documents of the set in their order.
func (s *Set) batches() (batches []batch) {
	for i, shelf := range s.shelves {
		for _, c := range shelf.chunks() {
			batches = append(batches, batch{i, c.Items})
		}
	}
	return batches
}

// batchesOf are the documents of some sorted keys.
func (s *Set) batchesOf(keys []Key) (batches []batch) {
	const most = 256
	for _, key := range keys {
		i := kindIndex(key.Kind)
		if n := len(batches); n == 0 || batches[n-1].kind != i || len(batches[n-1].entries) == most {
			batches = append(batches, batch{kind: i})
		}
		b := &batches[len(batches)-1]
		b.entries = append(b.entries, s.shelves[i].find(key.ID))
	}
	return batches
}

func (s *Set) validate(batches []batch, checks Checks) Problems {
	contested := len(batches) < 8 || s.relations().contested()
	found := make([]Problems, len(batches))
	inParallel(len(batches), func(i int) {
		v := validator{set: s, checks: checks, contested: contested}
		for _, e := range batches[i].entries {
			v.document(e.document, e.encode(kinds[batches[i].kind].kind))
		}
		found[i] = v.found
	})
	return slices.Concat(found...).sorted()
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
	// contested is false when no two documents claim one value.
	contested bool
}

// owner says to whom a document belongs.
type owner struct {
	key                       Key
	organization, integration string
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
	case *SmartLink:
		v.smartLink(d)
	case *PublisherPostback:
		v.publisherPostback(d)
	case *PublisherPixel:
		v.publisherPixel(d)
	case *User:
		v.user(d)
	case *PublisherUser:
		v.publisherUser(d)
	case *APIKey:
		v.apiKey(d)
	}
	v.unique(d)
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
	case *SmartLink:
		o.integration = d.Integration
	}
	return o
}

// pathOf is the first part of the paths of a document's problems.
func pathOf(key Key) string {
	return strings.TrimSuffix(string(key.Kind)+"/"+shorten(key.ID), "/")
}
