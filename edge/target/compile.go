package target

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/family"
)

// compiler gathers the problems of all dimensions. Maps are walked in the order
// of their keys, so that the same document always gives the same list.
type compiler struct{ problems config.Problems }

func (c *compiler) problem(path, key, format string, args ...any) {
	c.problems = append(c.problems, config.Problem{
		Path:    fmt.Sprintf("%s[%q]", path, key),
		Message: fmt.Sprintf(format, args...),
	})
}

type deviceRules struct {
	browsers, types, systems names
	versions                 versions
}

func (c *compiler) device(d *config.TargetDevice) deviceRules {
	return deviceRules{
		browsers: c.names("device.browsers", d.Browsers, family.Browsers.Canonical, nil),
		types:    c.names("device.device_types", d.DeviceTypes, aliased(typeAliases), checkType),
		systems:  c.names("device.operating_systems", d.OperatingSystems, family.Systems.Canonical, nil),
		versions: c.versions("device.os_versions", d.OSVersions),
	}
}

type geoRules struct{ countries, cities names }

func (c *compiler) geo(g *config.TargetGeo) geoRules {
	return geoRules{
		countries: c.names("geo.countries", g.Countries, aliased(countryAliases), checkCountry),
		cities:    c.names("geo.cities", g.Cities, asWritten, nil),
	}
}

// names compiles one map. canonical replaces an alias; check says what is wrong
// with a folded name, nil accepts any.
func (c *compiler) names(path string, m map[string]bool, canonical, check func(string) string) names {
	n := names{verdicts: make(map[string]bool, len(m))}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		name, ok := c.name(path, key, canonical)
		if !ok {
			continue
		}
		if check != nil {
			if wrong := check(name); wrong != "" {
				c.problem(path, key, "%s", wrong)
				continue
			}
		}
		if verdict, listed := n.verdicts[name]; listed && verdict != m[key] {
			c.problem(path, key, "%q is both admitted and refused, under different spellings", name)
			continue
		}
		n.verdicts[name] = m[key]
		n.admits = n.admits || m[key]
	}
	return n
}

// name folds a key and replaces an alias.
func (c *compiler) name(path, key string, canonical func(string) string) (string, bool) {
	trimmed := strings.TrimSpace(key)
	if trimmed == "" || len(trimmed) > maxName {
		c.problem(path, key, "%d bytes long; allowed are 1 to %d", len(trimmed), maxName)
		return "", false
	}
	return canonical(string(fold(nil, trimmed))), true
}

func checkType(name string) string {
	if deviceTypes[name] {
		return ""
	}
	return "unknown device type; allowed are Phone, Tablet, Computer, TV, Bot and Other"
}

func checkCountry(name string) string {
	if len(name) == 2 && isLetter(name[0]) && isLetter(name[1]) {
		return ""
	}
	return "not a two-letter country code of ISO 3166-1"
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

func (c *compiler) versions(path string, m map[string]config.TargetOSVersion) versions {
	rules := make(versions, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		name, ok := c.name(path, key, family.Systems.Canonical)
		if !ok {
			continue
		}
		rule := versionRule{allowed: m[key].IsAllowed}
		rule.min = c.bound(path, key, "min_version", name, m[key].MinVersion)
		rule.max = c.bound(path, key, "max_version", name, m[key].MaxVersion)
		if rule.min.Beyond(rule.max) {
			c.problem(path, key, "min_version %s lies above max_version %s", m[key].MinVersion, m[key].MaxVersion)
		}
		if other, listed := rules[name]; listed && other != rule {
			c.problem(path, key, "%q has two different rules, under different spellings", name)
		}
		rules[name] = rule
	}
	return rules
}

// bound reads one end of a version range.
func (c *compiler) bound(path, key, field, system, text string) family.Version {
	if text == "" {
		return family.Version{}
	}
	v, ok := family.ParseBound(text, system == family.Windows)
	if !ok {
		c.problem(path, key, "%s %q is not a version of 1 to %d numbers such as 10.15.7", field, text, family.MaxParts)
	}
	return v
}

func (c *compiler) addresses(t *config.TargetIP) addresses {
	a := addresses{single: make(map[netip.Addr]bool, len(t.IPAddresses))}
	for _, key := range slices.Sorted(maps.Keys(t.IPAddresses)) {
		addr, err := parseAddress(key)
		if err != nil {
			c.problem("ip.ip_addresses", key, "%v", err)
			continue
		}
		verdict := t.IPAddresses[key]
		if other, listed := a.single[addr]; listed && other != verdict {
			c.problem("ip.ip_addresses", key, "%s is both admitted and refused, under different spellings", addr)
		}
		a.single[addr] = verdict
		a.admits = a.admits || verdict
	}
	for _, key := range slices.Sorted(maps.Keys(t.IPRanges)) {
		r, err := parseRange(key)
		if err != nil {
			c.problem("ip.ip_ranges", key, "%v", err)
			continue
		}
		if t.IPRanges[key] {
			a.allowed, a.admits = append(a.allowed, r), true
			continue
		}
		a.refused = append(a.refused, r)
	}
	a.allowed, a.refused = a.allowed.sorted(), a.refused.sorted()
	return a
}

func parseAddress(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(strings.TrimSpace(text))
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("%q is not an address such as 10.0.0.1 or 2001:db8::1", text)
	}
	return addr.Unmap(), nil
}

func parseRange(text string) (addrRange, error) {
	first, last, found := strings.Cut(text, "-")
	if !found {
		return addrRange{}, fmt.Errorf("%q is not a range such as 10.0.0.1-10.0.0.255", text)
	}
	a, err := parseAddress(first)
	if err != nil {
		return addrRange{}, err
	}
	b, err := parseAddress(last)
	if err != nil {
		return addrRange{}, err
	}
	if a.BitLen() != b.BitLen() {
		return addrRange{}, fmt.Errorf("%s and %s are of different families", a, b)
	}
	if b.Less(a) {
		return addrRange{}, fmt.Errorf("the first address %s lies after the last one %s", a, b)
	}
	return addrRange{a, b}, nil
}

func (c *compiler) languages(m map[string]bool) names {
	dashed := make(map[string]bool, len(m))
	n := names{verdicts: dashed}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		tag := string(foldTag(nil, strings.TrimSpace(key)))
		if !isLanguageTag(tag) {
			c.problem("language", key, "not a language tag such as de or pt-BR")
			continue
		}
		if verdict, listed := dashed[tag]; listed && verdict != m[key] {
			c.problem("language", key, "%q is both admitted and refused, under different spellings", tag)
		}
		dashed[tag] = m[key]
		n.admits = n.admits || m[key]
	}
	return n
}

// isLanguageTag: subtags of 1 to 8 letters or digits, the first of 2 or more
// letters.
func isLanguageTag(tag string) bool {
	for i, subtag := range strings.Split(tag, "-") {
		if len(subtag) < 1 || len(subtag) > 8 || i == 0 && len(subtag) < 2 {
			return false
		}
		for _, c := range []byte(subtag) {
			if !isLetter(c) && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}
