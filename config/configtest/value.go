package configtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// valueSorts are mistakes in what single fields say.
var valueSorts = []func(*copied) (Mistake, bool){
	removed, emptied, wrongEnum, belowMinimum, aboveMaximum, tooLong, badURL, badID, badLabel, emptyEntry, doubledEntry,
}

// required are the fields that a kind cannot do without, besides organization.
// In files id and incremental_id are not among them.
var required = map[config.Kind][]string{
	config.KindIntegration:         {"name", "type", "conversion_secure_code"},
	config.KindAdvertiser:          {"name"},
	config.KindPublisher:           {"name"},
	config.KindTargetingGroup:      {"name", "integration"},
	config.KindFraudFilterGroup:    {"name", "integration"},
	config.KindFilterGroup:         {"name", "integration"},
	config.KindOffer:               {"name", "integration", "advertiser_id"},
	config.KindLandingPage:         {"name", "offer", "redirect_url"},
	config.KindOfferEvent:          {"name", "offer"},
	config.KindBlockedSubID:        {"publisher_incremental_id", "offer_incremental_id", "sub_id"},
	config.KindCustomPayout:        {"publisher_incremental_id", "offer_incremental_id"},
	config.KindCustomThrottle:      {"publisher_incremental_id", "offer_incremental_id"},
	config.KindPostbackManager:     {"name", "integration", "service_type", "url"},
	config.KindOfferDictionary:     {"integration", "source_id", "friendly_name"},
	config.KindPublisherDictionary: {"integration", "source_id", "friendly_name"},
	config.KindPublisherSubID:      {"publisher", "external_id", "name"},
	config.KindSmartLink:           {"name", "integration", "offers"},
	config.KindPublisherPostback:   {"publisher_incremental_id", "url"},
	config.KindPublisherPixel:      {"publisher_incremental_id", "offer_incremental_id", "name", "code", "code_type"},
}

func (c *copied) required() (spot, bool) {
	fields := append([]string{"organization"}, required[c.key.Kind]...)
	return c.pick(func(s spot) bool { return slices.Contains(fields, s.path) })
}

func removed(c *copied) (Mistake, bool) {
	s, _ := c.required()
	s.remove()
	return c.mistake(s.path+" removed", s.path)
}

func emptied(c *copied) (Mistake, bool) {
	s, _ := c.required()
	if _, ok := s.value.(string); !ok {
		return Mistake{}, false
	}
	s.set([]string{"", " ", "\t\n"}[c.IntN(3)])
	return c.mistake(s.path+" blank", s.path)
}

func wrongEnum(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { _, isText := s.value.(string); return isText && s.tag.Get("enum") != "" })
	if !ok {
		return Mistake{}, false
	}
	s.set([]string{"no such value", strings.ToUpper(s.value.(string)) + "x", " " + s.value.(string)}[c.IntN(3)])
	return c.mistake(s.path+" not among the values", s.path)
}

func belowMinimum(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return isNumber(s) && s.tag.Get("minimum") != "" })
	if !ok {
		return Mistake{}, false
	}
	s.set(json.Number([]string{"-1", "-9223372036854775808"}[c.IntN(2)]))
	return c.mistake(s.path+" below the minimum", s.path)
}

func aboveMaximum(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.tag.Get("maximum") != "" })
	if !ok {
		return Mistake{}, false
	}
	most, _ := strconv.Atoi(s.tag.Get("maximum"))
	s.set(json.Number(strconv.Itoa(most + 1 + c.IntN(1000))))
	return c.mistake(s.path+" above the maximum", s.path)
}

func tooLong(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.tag.Get("maxLength") != "" })
	if !ok {
		return Mistake{}, false
	}
	most, _ := strconv.Atoi(s.tag.Get("maxLength"))
	s.set(strings.Repeat("x", most+1))
	return c.mistake(s.path+" too long", s.path)
}

func badURL(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool {
		text, isText := s.value.(string)
		return isText && strings.Contains(s.path, "url") && strings.Contains(text, "://")
	})
	if !ok {
		return Mistake{}, false
	}
	urls := []string{
		"ftp://example.com/", "example.com", "javascript:alert(1)", "//example.com", "http://", "http://{offer_id}.example.com/",
		"http://user:secret@example.com/", "https://example.com:99999/", "https://example.com/?x={no_such_macro}", "https://exa mple.com/", "https://example.com/\n",
	}
	s.set(urls[c.IntN(len(urls))])
	return c.mistake(s.path+" no URL", s.path)
}

func badID(c *copied) (Mistake, bool) {
	ids := []string{"a b", "ä", "a/b", "a.b", "*", strings.Repeat("x", 65), "-\n", "../x"}
	c.root["id"] = ids[c.IntN(len(ids))]
	return c.mistake("id malformed", "id")
}

func badLabel(c *copied) (Mistake, bool) {
	c.root["label"] = []string{"a b", "ä", strings.Repeat("x", 65)}[c.IntN(3)]
	return c.mistake("label malformed", "label")
}

// textList picks a list of texts in which entries must differ.
func (c *copied) textList() (spot, []any, bool) {
	s, ok := c.pick(func(s spot) bool {
		list, isList := s.value.([]any)
		if !isList || len(list) == 0 || isRaw(s) || strings.Contains(s.path, "headers") {
			return false
		}
		_, ofTexts := list[0].(string)
		return ofTexts
	})
	list, _ := s.value.([]any)
	return s, list, ok
}

func emptyEntry(c *copied) (Mistake, bool) {
	s, list, ok := c.textList()
	if !ok {
		return Mistake{}, false
	}
	s.set(append(slices.Clone(list), ""))
	path := s.path + "[" + strconv.Itoa(len(list)) + "]"
	return c.mistake(path+" empty", path)
}

func doubledEntry(c *copied) (Mistake, bool) {
	s, list, ok := c.textList()
	if !ok {
		return Mistake{}, false
	}
	s.set(append(slices.Clone(list), list[c.IntN(len(list))]))
	path := s.path + "[" + strconv.Itoa(len(list)) + "]"
	return c.mistake(path+" given twice", path)
}
