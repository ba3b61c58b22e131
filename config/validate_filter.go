package config

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

var planes = []string{string(PlaneClick), string(PlaneImpression), string(PlaneConversion)}

const enabledSuffix = "_enabled"

// Filters returns the filters whose switch is on in list form, without target,
// sorted by type.
func (s FraudSettings) Filters() []Filter {
	var filters []Filter
	for key, value := range s {
		name, isSwitch := strings.CutSuffix(key, enabledSuffix)
		if isSwitch && string(bytes.TrimSpace(value)) == "true" {
			filters = append(filters, Filter{Type: strings.ToUpper(name), Settings: s[name]})
		}
	}
	slices.SortFunc(filters, func(a, b Filter) int { return strings.Compare(a.Type, b.Type) })
	return filters
}

// filterKinds remembers where a kind of filter stands on a plane, since one
// kind runs once on a plane (D-27).
type filterKinds map[filterKind]string

type filterKind struct {
	plane Plane
	code  string
}

// kindOf is the kind of a filter. On impressions DUPLICATE_USER is another
// name of USER_FREQUENCY (D-15).
func kindOf(plane Plane, code string) filterKind {
	if plane == PlaneImpression && code == "DUPLICATE_USER" {
		code = "USER_FREQUENCY"
	}
	return filterKind{plane, code}
}

// defaultFilters checks the integration's default group: list form, then
// object form (D-27).
func (v *validator) defaultFilters(d *Integration) {
	v.notNegative("click_filter_preset_id", d.ClickFilterPresetID)
	v.notNegative("conversion_filter_preset_id", d.ConversionFilterPresetID)
	kinds := filterKinds{}
	v.filters("default_filters", d.DefaultFilters, PlaneClick, kinds)
	v.filters("default_conversion_filters", d.DefaultConversionFilters, PlaneConversion, kinds)
	v.filters("default_impression_filters", d.DefaultImpressionFilters, PlaneImpression, kinds)
	v.fraudSettings("fraud_click_filter_settings", d.FraudClickFilterSettings, PlaneClick, kinds)
	v.fraudSettings("fraud_conversion_filter_settings", d.FraudConversionFilterSettings, PlaneConversion, kinds)
	v.fraudSettings("fraud_impression_filter_settings", d.FraudImpressionFilterSettings, PlaneImpression, kinds)
}

func (v *validator) filterGroup(d *FilterGroup) {
	v.parent("integration", KindIntegration, d.Integration)
	v.required("name", d.Name)
	v.references("advertiser_ids", KindAdvertiser, d.AdvertiserIDs)
	v.references("publisher_ids", KindPublisher, d.PublisherIDs)
	v.list("offer_ids", d.OfferIDs, nil)
	v.notNegative("click_filter_preset_id", d.ClickFilterPresetID)
	v.notNegative("conversion_filter_preset_id", d.ConversionFilterPresetID)
	v.filters("filters", d.Filters, "", filterKinds{})
}

func (v *validator) fraudFilterGroup(d *FraudFilterGroup) {
	v.parent("integration", KindIntegration, d.Integration)
	v.required("name", d.Name)
	v.notNegative("click_filter_preset_id", d.ClickFilterPresetID)
	v.notNegative("conversion_filter_preset_id", d.ConversionFilterPresetID)
	kinds := filterKinds{}
	v.fraudSettings("click_filter_settings", d.ClickFilterSettings, PlaneClick, kinds)
	v.fraudSettings("conversion_filter_settings", d.ConversionFilterSettings, PlaneConversion, kinds)
	v.fraudSettings("impression_filter_settings", d.ImpressionFilterSettings, PlaneImpression, kinds)
}

// filters checks the list form. plane is the one of the list, or empty where
// every filter names its own.
func (v *validator) filters(field string, list []Filter, plane Plane, kinds filterKinds) {
	v.enter(field)
	for i := range list {
		v.enterIndex(i)
		v.filter(&list[i], plane, kinds)
		v.leave()
	}
	v.leave()
}

func (v *validator) filter(f *Filter, plane Plane, kinds filterKinds) {
	target := f.Target
	if target == "" {
		target = plane
	}
	if !v.target(f.Target, plane) || !v.code("type", f.Type) {
		return
	}
	v.once(target, f.Type, kinds)
	if v.known("type", target, f.Type) {
		v.settings("settings", target, f.Type, f.Settings)
	}
}

// target tells whether the target is right for a list of this plane.
func (v *validator) target(target, plane Plane) bool {
	switch {
	case plane == "" && target == "":
		v.fail("target", "missing; allowed are %s", oneOf(planes))
	case target != "" && !slices.Contains(planes, string(target)):
		v.failOn("target", checkOneOf(string(target), planes))
	case plane != "" && target != "" && target != plane:
		v.fail("target", "must be %s in this list, or left out, found %s", plane, target)
	default:
		return true
	}
	return false
}

func (v *validator) code(field, code string) bool {
	if code == "" {
		v.fail(field, "missing")
		return false
	}
	if !isCode(code) {
		v.fail(field, "must be a filter type in upper case such as CLICK_FLOODING, found %q", shorten(code))
		return false
	}
	return true
}

// once reports a kind that stands on the plane already.
func (v *validator) once(plane Plane, code string, kinds filterKinds) {
	kind, here := kindOf(plane, code), v.path()
	if there, twice := kinds[kind]; twice {
		v.add(0, "filter %s judges the %s plane already, from %s; keep one", kind.code, plane, there)
		return
	}
	kinds[kind] = here
}

// known tells whether there is a filter of a type on a plane.
func (v *validator) known(field string, plane Plane, code string) bool {
	if v.checks.FilterTypes == nil {
		return true
	}
	types := v.checks.FilterTypes(plane)
	switch {
	case slices.Contains(types, code):
		return true
	case slices.Contains(readOnlyFilters[plane], code):
		v.fail(field, "%s is read-only on the %s plane; set block_clicks of the conversion filter, which then rejects clicks too", code, plane)
		return false
	}
	v.fail(field, "there is no filter %s on the %s plane%s; allowed are %s", shorten(code), plane, DidYouMean(code, types), oneOf(types))
	return false
}

func (v *validator) settings(field string, plane Plane, code string, settings Raw) {
	if v.checks.Filter == nil {
		return
	}
	v.enter(field)
	v.addAll(v.checks.Filter(plane, code, settings))
	v.leave()
}

// fraudSettings checks the object form: the key x holds the settings of filter
// X and x_enabled its switch. Settings are checked with the switch off too,
// unless they are empty.
func (v *validator) fraudSettings(field string, s FraudSettings, plane Plane, kinds filterKinds) {
	v.enter(field)
	defer v.leave()
	if plane == PlaneImpression {
		v.oneFrequency(s)
	}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		name, isSwitch := strings.CutSuffix(key, enabledSuffix)
		code := strings.ToUpper(name)
		if name == "" || name != strings.ToLower(name) || !isCode(code) {
			v.fail(key, "must be the name of a filter in lower case such as click_flooding, or click_flooding_enabled")
			continue
		}
		_, hasSettings := s[name]
		if isOff(s[name+enabledSuffix]) && slices.Contains(readOnlyFilters[plane], code) {
			continue
		}
		if (!isSwitch || !hasSettings) && v.known(name, plane, code) && !(isOff(s[name+enabledSuffix]) && isEmpty(s[name])) {
			v.settings(name, plane, code, s[name])
		}
		if isSwitch {
			v.fraudSwitch(key, name, s[key], plane, kinds)
		}
	}
}

// oneFrequency refuses both names of one filter, even switched off: which of
// them counts could only be guessed (D-15).
func (v *validator) oneFrequency(s FraudSettings) {
	_, frequency := s["user_frequency"]
	_, frequencySwitch := s["user_frequency_enabled"]
	if !frequency && !frequencySwitch {
		return
	}
	for _, key := range []string{"duplicate_user", "duplicate_user_enabled"} {
		if _, both := s[key]; both {
			v.fail(key, "duplicate_user is another name of user_frequency on the impression plane; keep one, best user_frequency")
			return
		}
	}
}

// isOff tells whether a switch is off, as one is that is not there.
func isOff(value Raw) bool {
	text := string(bytes.TrimSpace(value))
	return text == "" || text == "false"
}

// isEmpty tells whether settings say nothing. Those of a filter that is off may:
// whoever sends a whole settings object need not make up what is not used.
func isEmpty(settings Raw) bool {
	switch string(bytes.TrimSpace(settings)) {
	case "", "null", "{}", "[]":
		return true
	}
	return false
}

// readOnlyFilters show up among the filters of a plane and are set on another:
// conversion rates reject clicks where block_clicks of the conversion filter
// says so (C1). Switched off they may stand in the object form, which those who
// copy a whole settings object send.
var readOnlyFilters = map[Plane][]string{PlaneClick: {"HIGH_CONVERSION_RATE", "LOW_CONVERSION_RATE"}}

// documentedFilters are the filters of each plane by table C1, the read-only
// ones among them.
var documentedFilters = map[Plane][]string{
	PlaneClick: {
		"BOT", "VPN", "OLD_BROWSER", "OLD_OS", "DEVICE_ID", "PARAMETER", "SUB_ID_VALIDITY_CHECK", "DUPLICATE_USER",
		"CLICK_FLOODING", "ISP", "KEYWORD", "REFERER", "CONVERSION_REJECTION_THRESHOLD", "HIGH_CONVERSION_RATE", "LOW_CONVERSION_RATE",
	},
	PlaneConversion: {
		"BOT", "VPN", "OLD_BROWSER", "OLD_OS", "DEVICE_ID", "PARAMETER", "SUB_ID_VALIDITY_CHECK", "DUPLICATE_USER",
		"REFERER", "HIGH_CONVERSION_RATE", "LOW_CONVERSION_RATE", "CLICK_SPAM", "LOW_SESSION_TIME_ANOMALY",
		"MINIMUM_SESSION_TIME", "MAXIMUM_SESSION_TIME", "THIRD_PARTY_REJECTION", "WRONG_INSTALL_TIME",
	},
	PlaneImpression: {
		"BOT", "VPN", "OLD_BROWSER", "OLD_OS", "DEVICE_ID", "PARAMETER", "SUB_ID_VALIDITY_CHECK", "DUPLICATE_USER",
		"USER_FREQUENCY", "IMPRESSION_FLOODING", "ISP", "KEYWORD", "SITE_URL",
	},
}

func (v *validator) fraudSwitch(key, name string, value Raw, plane Plane, kinds filterKinds) {
	switch string(bytes.TrimSpace(value)) {
	case "true":
		v.within(name, func() { v.once(plane, strings.ToUpper(name), kinds) })
	case "false":
	default:
		v.fail(key, "must be true or false")
	}
}

// DocumentedFilters returns the types of the filters that judge a plane by
// table C1, those that are read-only there among them.
func DocumentedFilters(plane Plane) []string { return slices.Clone(documentedFilters[plane]) }
