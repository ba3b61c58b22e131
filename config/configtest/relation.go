package configtest

import (
	"encoding/json"
	"slices"

	"github.com/clickgate/clickgate/config"
)

// relationSorts are mistakes in how documents relate to others. The good
// documents are there beside the broken one.
var relationSorts = []func(*copied) (Mistake, bool){
	dangling, dangling, danglingNumber, danglingEntry, foreignOwner, takenNumber, takenText,
}

// references are the fields that name a document by id, numbers those that do
// so by number, lists those that name several.
var (
	references = []string{"integration", "offer", "publisher", "targeting_group_id", "fraud_filter_group_id", "default_landing_page_id", "offers[0].offer", "fallback_offer"}
	numbers    = []string{"advertiser_id", "publisher_incremental_id", "offer_incremental_id", "event_incremental_id"}
	lists      = []string{"approved_publisher_ids", "terms_accepted_publisher_ids", "blocked_publisher_ids", "advertiser_ids", "publisher_ids"}
)

func (c *copied) field(names []string) (spot, bool) {
	return c.pick(func(s spot) bool { return slices.Contains(names, s.path) })
}

func dangling(c *copied) (Mistake, bool) {
	s, ok := c.field(references)
	if !ok {
		return Mistake{}, false
	}
	s.set([]string{"nowhere", "NOWHERE", "a b"}[c.IntN(3)])
	return c.mistake(s.path+" dangling", s.path)
}

func danglingNumber(c *copied) (Mistake, bool) {
	s, ok := c.field(numbers)
	if !ok {
		return Mistake{}, false
	}
	s.set(json.Number("987654321"))
	return c.mistake(s.path+" dangling", s.path)
}

func danglingEntry(c *copied) (Mistake, bool) {
	s, ok := c.field(lists)
	if !ok {
		return Mistake{}, false
	}
	s.set(append(slices.Clone(s.value.([]any)), "nowhere"))
	return c.mistake(s.path+" dangling", s.path+"[")
}

// foreignOwner gives a document that belongs to another one to strangers.
func foreignOwner(c *copied) (Mistake, bool) {
	s, ok := c.field(append(slices.Clone(references), numbers...))
	if !ok {
		return Mistake{}, false
	}
	c.root["organization"] = "strangers"
	return c.mistake("of another organization", s.path)
}

// another gives the document another id, so that it is one more.
func (c *copied) another() {
	c.root["id"] = "another-one"
	delete(c.root, "custom_domain")
}

func takenNumber(c *copied) (Mistake, bool) {
	s, ok := c.field([]string{"incremental_id", "priority"})
	if !ok {
		return Mistake{}, false
	}
	c.another()
	delete(c.root, "external_id")
	return c.mistake(s.path+" taken", s.path)
}

func takenText(c *copied) (Mistake, bool) {
	fields := []string{"external_id"}
	switch c.key.Kind {
	case config.KindOfferDictionary, config.KindPublisherDictionary:
		fields = []string{"source_id"}
	case config.KindBlockedSubID:
		fields = []string{"sub_id"}
	}
	s, ok := c.field(fields)
	if !ok {
		return Mistake{}, false
	}
	c.another()
	if _, numbered := c.root["incremental_id"]; numbered {
		c.root["incremental_id"] = json.Number("123456")
	}
	return c.mistake(s.path+" taken", s.path)
}
