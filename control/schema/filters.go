package schema

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
)

// Bounds of settings that several filters share.
const (
	longestWindow   = 30 * 24 * 3600 // seconds
	longestLookback = 30 * 24        // hours
	largestCount    = 1e9
	mostRules       = 20
	mostKeywords    = 1000
	longestKeyword  = 100
	mostValues      = 1000
	longestValue    = 500
	longestSubID    = 50
	mostSubIDs      = 100_000
)

// filterSettings are the settings of every documented filter (table C3), by its
// name in the object form. Those of the filters that are built are checked
// once more by themselves.
var filterSettings = map[string]*huma.Schema{
	"bot": object("Programs: by user agent, address, the marks of automation and contradictions in the request", fields{
		"premium_ip_check_enabled":      flag("Also rejects addresses of hosting providers"),
		"reject_empty_browser_language": flag("Rejects requests without Accept-Language"),
		"allowed_user_agents":           keywords("Programs with one of these words in their user agent pass"),
		"signals":                       list(oneOf(signals()), "Marks in the request that reject; left out, those that contradict what the request says of itself"),
	}),
	"vpn": object("Addresses of VPNs and proxies", threshold, fields{
		"residential_vpn_check": flag("Residential proxies count too"),
	}),
	"old_browser": object("Browsers below a version", threshold, fields{
		"browsers": mapOf(text("A version such as 14.4"), "The first good version of each browser family"),
		"invert":   flag("Suspects the listed versions and above instead"),
	}),
	"old_os": object("Operating systems below a version", threshold, fields{
		"oses":   mapOf(text("A version such as 14.4"), "The first good version of each operating system"),
		"invert": flag("Suspects the listed versions and above instead"),
	}),
	"device_id": object("Requests without a good device id", fields{
		"reject_empty_value": flag("Rejects requests without a device id"),
	}),
	"parameter": object("Values of request parameters", fields{
		"configs": mapOf(object("The values of a parameter", fields{
			"valid_values":       values("Only these pass; empty is any"),
			"blocked_values":     values("These are rejected, whatever is valid"),
			"reject_empty_value": flag("Rejects requests without the parameter"),
		}), "Checks, by parameter: the name of a field such as sub_id_2, whatever feeds it, or else one of the query"),
	}),
	"sub_id_validity_check": object("Sub ids that are none", fields{
		"is_integer":           flag("Only digits pass"),
		"min_length":           whole(0, longestSubID, "The shortest that passes, in characters"),
		"max_length":           whole(0, longestSubID, "The longest that passes, in characters; 0 is 50"),
		"max_unique_threshold": whole(0, mostSubIDs, "How many different ones a publisher may use on an offer in 24 hours; 0 is any number, and surplus ones pass"),
		"unified_sub_id":       text("What the advertiser gets instead of those beyond that number"),
	}),
	"duplicate_user":                 duplicates,
	"user_frequency":                 duplicates,
	"click_flooding":                 flooding("Addresses that click too often"),
	"impression_flooding":            flooding("Addresses that cause too many impressions"),
	"isp":                            object("Internet providers by words in their names", fields{"keywords": keywords("Words to look for"), "invert": flag("Lets only names with one of the words pass")}),
	"keyword":                        keyword,
	"referer":                        address("The page the visitor came from"),
	"site_url":                       address("The page the impression was shown on"),
	"conversion_rejection_threshold": rejections,
	"high_conversion_rate":           rates("Publishers with too many conversions a click"),
	"low_conversion_rate":            rates("Publishers with too few conversions a click"),
	"click_spam": rules(object("A rule", threshold, fields{
		"max_session_time_seconds": whole(0, largestCount, "A longer time from click to conversion is suspicious; 0 is none"),
	}), "Conversions long after their click"),
	"low_session_time_anomaly": rules(object("A rule", threshold, fields{
		"min_session_time_seconds": whole(0, largestCount, "A shorter time from click to conversion is suspicious"),
	}), "Conversions soon after their click"),
	"minimum_session_time": object("Conversions too soon after their click", fields{
		"min_session_time_seconds": whole(0, largestCount, "The shortest time that passes"),
	}),
	"maximum_session_time": object("Conversions too long after their click", fields{
		"max_session_time_seconds": whole(0, largestCount, "The longest time that passes; 0 is any"),
	}),
	"third_party_rejection": object("Conversions that the other platform rejected", fields{
		"rejected_keywords": keywords("Words in its reason; empty is any reason"),
	}),
	"wrong_install_time": object("Install times that contradict each other", fields{
		"time_delta_tolerance_seconds": whole(0, 999, "How far clocks may be apart"),
	}),
}

// fraudSettings spells out the properties of filters in object form.
func (b *Book) fraudSettings(s *huma.Schema) {
	for name, plane := range map[string]config.Plane{
		"click_filter_settings": config.PlaneClick, "fraud_click_filter_settings": config.PlaneClick,
		"conversion_filter_settings": config.PlaneConversion, "fraud_conversion_filter_settings": config.PlaneConversion,
		"impression_filter_settings": config.PlaneImpression, "fraud_impression_filter_settings": config.PlaneImpression,
	} {
		if p := s.Properties[name]; p != nil {
			ref := b.planeSettings(plane)
			ref.Description = p.Description
			s.Properties[name] = ref
		}
	}
}

// planeSettings is the object form for the filters of a plane.
func (b *Book) planeSettings(plane config.Plane) *huma.Schema {
	settings := object("Filters in object form: x has the settings of the filter and x_enabled its switch")
	for _, code := range config.DocumentedFilters(plane) {
		name := strings.ToLower(code)
		settings.Properties[name+"_enabled"] = flag("Runs the filter " + code)
		ref := b.Define(title(name)+"Settings", filterSettings[name])
		ref.Description = "Settings of " + name + ": " + filterSettings[name].Description
		settings.Properties[name] = ref
	}
	return b.Define(title(string(plane))+"FilterSettings", settings)
}

// title is the name of a component: "click_flooding" is ClickFlooding.
func title(name string) string {
	var words strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		words.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return words.String()
}
