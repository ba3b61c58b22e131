package config

import (
	"maps"
	"slices"
	"strings"
)

func (v *validator) targetingGroup(d *TargetingGroup) {
	v.parent("integration", KindIntegration, d.Integration)
	v.required("name", d.Name)
	v.targeting("click_targeting_settings", d.ClickTargetingSettings)
	v.targeting("conversion_targeting_settings", d.ConversionTargetingSettings)
	v.targeting("impression_targeting_settings", d.ImpressionTargetingSettings)
}

// targeting checks one plane's settings, whether or not a dimension is on.
func (v *validator) targeting(field string, t *Targeting) {
	if t == nil {
		return
	}
	before := len(v.problems)
	v.within(field, func() {
		v.within("device", func() { v.targetDevice(&t.Device) })
		v.within("geo", func() {
			keysOf(v, "countries", t.Geo.Countries, checkCountry)
			keysOf(v, "cities", t.Geo.Cities, nil)
		})
		v.within("ip", func() {
			keysOf(v, "ip_addresses", t.IP.IPAddresses, checkAddress)
			keysOf(v, "ip_ranges", t.IP.IPRanges, checkRange)
		})
		keysOf(v, "language", t.Language, checkLanguage)
		// What is wrong here already would only be said twice.
		if v.checks.Targeting != nil && len(v.problems) == before {
			v.addAll(v.checks.Targeting(t))
		}
	})
}

func (v *validator) targetDevice(d *TargetDevice) {
	keysOf(v, "browsers", d.Browsers, nil)
	keysOf(v, "device_types", d.DeviceTypes, nil)
	keysOf(v, "operating_systems", d.OperatingSystems, nil)
	keysOf(v, "os_versions", d.OSVersions, nil)
	v.within("os_versions", func() {
		for _, os := range slices.Sorted(maps.Keys(d.OSVersions)) {
			v.within(os, func() { v.versions(os, d.OSVersions[os]) })
		}
	})
}

// windowsVersions are the versions of Windows that are names. Those that look
// like numbers are none either: 2000 is older than 7.
var windowsVersions = []string{"95", "98", "2000", "me", "nt", "vista", "xp"}

// versions checks an inclusive range whose empty bounds are open. How names
// lie between numbers is a matter of Checks.Targeting.
func (v *validator) versions(os string, t TargetOSVersion) {
	named := func(s string) bool {
		return strings.EqualFold(os, "windows") && slices.Contains(windowsVersions, strings.ToLower(s))
	}
	var lowest, highest []uint32
	if !named(t.MinVersion) {
		lowest = v.version("min_version", t.MinVersion)
	}
	if !named(t.MaxVersion) {
		highest = v.version("max_version", t.MaxVersion)
	}
	if lowest != nil && highest != nil && compareVersions(lowest, highest) > 0 {
		v.fail("max_version", "must not be below min_version %s, found %s", t.MinVersion, t.MaxVersion)
	}
}

// compareVersions compares the parts that the upper bound names: 14.4 to 14 is
// all of 14 from 14.4 on.
func compareVersions(lowest, highest []uint32) int {
	return slices.Compare(lowest[:min(len(lowest), len(highest))], highest)
}

func (v *validator) version(field, s string) []uint32 {
	if s == "" {
		return nil
	}
	version, err := parseVersion(s)
	v.failOn(field, err)
	return version
}
