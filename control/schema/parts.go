package schema

import (
	"maps"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/internal/click"
)

// The parts that the settings of filters are made of.

type fields map[string]*huma.Schema

func object(doc string, parts ...fields) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Description: doc, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, p := range parts {
		maps.Copy(s.Properties, p)
	}
	return s
}

func mapOf(value *huma.Schema, doc string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: doc, AdditionalProperties: value}
}

func flag(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeBoolean, Description: doc} }

func text(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }

func whole(low, high float64, doc string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Minimum: &low, Maximum: &high, Description: doc}
}

func percent(doc string) *huma.Schema {
	low, high := 0.0, 100.0
	return &huma.Schema{Type: huma.TypeNumber, Minimum: &low, Maximum: &high, Description: doc}
}

func list(item *huma.Schema, doc string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: item, Description: doc}
}

// rules is a list of 1 to 20 rules.
func rules(item *huma.Schema, doc string) *huma.Schema {
	s, most := list(item, doc), mostRules
	s.MaxItems = &most
	return s
}

// oneOf is one of some names.
func oneOf(names []string) *huma.Schema {
	s := text("One of the names")
	for _, name := range names {
		s.Enum = append(s.Enum, name)
	}
	return s
}

// signals are the names of all signals of automation.
func signals() (names []string) {
	for g := range click.SignalCount {
		names = append(names, g.String())
	}
	return names
}

// values are those of a parameter.
func values(doc string) *huma.Schema {
	least, most, entries := 1, longestValue, mostValues
	s := list(&huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Description: "A value, compared exactly"}, doc)
	s.MaxItems = &entries
	return s
}

func keywords(doc string) *huma.Schema {
	least, most, entries := 1, longestKeyword, mostKeywords
	word := &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Description: "A word, whatever the case"}
	s := list(word, doc)
	s.MaxItems = &entries
	return s
}

// threshold is the shared pattern of table C2.
var threshold = fields{
	"lookback_hours":        whole(0, longestLookback, "How long requests are counted"),
	"minimum_request_count": whole(0, largestCount, "Requests that pass before the share is judged"),
	"threshold_percentage":  whole(0, 100, "Share of suspicious requests over which they are rejected; 0 rejects all of them"),
	"check_by_sub_id":       flag("Measures each sub id of a publisher by itself"),
}

// keyParts are what counts are kept apart by.
var keyParts = fields{
	"has_offer":      flag("Each offer has a count of its own"),
	"has_publisher":  flag("Each publisher has a count of its own"),
	"has_sub_id":     flag("Each sub id has a count of its own"),
	"has_user_agent": flag("Each user agent has a count of its own"),
}

func window() *huma.Schema { return whole(1, longestWindow, "The window, in seconds") }

var duplicates = rules(object("A rule", keyParts, fields{
	"enable_duplicate_ip":          flag("Watches IPv4 addresses"),
	"enable_duplicate_ipv6":        flag("Watches IPv6 networks of /64"),
	"enable_duplicate_uuid":        flag("Watches visitor ids"),
	"enable_duplicate_fingerprint": flag("Watches fingerprints of browsers"),
	"enable_duplicate_device_id":   flag("Watches device ids"),
	"max_duplicates":               whole(1, largestCount, "How often one may come within the window"),
	"max_duplicate_ipv6_48":        wide("max_duplicates"),
	"expires_in_seconds":           window(),
}), "Visitors that come too often; any rule may reject")

// wide is the limit of an IPv6 /48 beside that of a /64.
func wide(narrow string) *huma.Schema {
	return whole(0, largestCount, "How often all of an IPv6 /48 together may come within the window; left out, 64 times "+narrow+", and 0 is no limit")
}

func flooding(doc string) *huma.Schema {
	return object(doc, fields{
		"max_duplicate_ip":                       whole(1, largestCount, "How often an address may come within the window"),
		"max_duplicate_ipv6_48":                  wide("max_duplicate_ip"),
		"expires_in_seconds":                     window(),
		"extra_expires_in_seconds_when_rejected": whole(1, longestWindow, "Seconds that each rejection prolongs the window by"),
		"properties":                             object("What addresses are counted apart by", keyParts),
	})
}

var keyword = object("Search keywords, by words in them and those that come too often", fields{
	"keywords":              keywords("Words to look for"),
	"max_duplicate_allowed": whole(1, largestCount, "How often the same search keyword may come within the window"),
	"expires_in_seconds":    window(),
	"properties": object("What search keywords are counted apart by", fields{
		"has_offer": keyParts["has_offer"], "has_publisher": keyParts["has_publisher"], "has_sub_id": keyParts["has_sub_id"],
	}),
})

func address(doc string) *huma.Schema {
	return object(doc, fields{
		"keywords":           keywords("Words in the address"),
		"categories":         list(oneOf(click.Categories()), "Sorts of content"),
		"invert":             flag("Lets only what has one of the words or categories pass"),
		"reject_empty_value": flag("Rejects requests without the address; inverted or not, nothing else does"),
	})
}

var rejections = object("Clicks of publishers whose conversions are rejected", fields{
	"lookback_hours": whole(0, longestLookback, "How long conversions are counted"),
	"minimum_total":  whole(1, largestCount, "Conversions before the share is judged"),
	"threshold":      percent("Share of rejected conversions over which clicks are rejected"),
	"by_sub_id":      flag("Measures each sub id of a publisher by itself"),
})

func rates(doc string) *huma.Schema {
	interval := func(name string) *huma.Schema {
		return object("The rate "+name, fields{
			"enabled":              flag("The rate is judged"),
			"min_click_count":      whole(0, largestCount, "Clicks before the rate is judged, at least 1 where it is"),
			"min_conversion_count": whole(0, largestCount, "Conversions before the rate is judged, at least 1 where it is"),
			"min_conversion_rate":  percent("Conversions per 100 clicks below which low_conversion_rate rejects"),
			"max_conversion_rate":  percent("Conversions per 100 clicks above which high_conversion_rate rejects"),
		})
	}
	return object(doc, fields{
		"lookback_times": object("Rates, by interval", fields{
			"hourly": interval("of an hour"), "daily": interval("of a day"), "weekly": interval("of a week"), "monthly": interval("of a month"),
		}),
		"check_by_sub_id": flag("Measures each sub id of a publisher by itself"),
		"block_clicks":    flag("Rejects clicks too while the rate is out of range; this is how the filter judges clicks"),
	})
}
