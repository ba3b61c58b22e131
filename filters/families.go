package filters

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxFamilies bounds the list of a filter and maxFamilyName a name in it, in
// bytes.
const (
	maxFamilies   = 100
	maxFamilyName = 100
)

// naming is what the filters of browsers and of systems know about names: what
// operators call a family, and which variants belong to it. All are folded. A
// version on "Chrome" is also asked of Chrome on phones; one on the variant's
// own name goes before.
type naming struct{ aliases, variants map[string]string }

var browserNames = naming{
	aliases: map[string]string{
		"google chrome":     "chrome",
		"internet explorer": "ie",
		"microsoft edge":    "edge",
		"mozilla firefox":   "firefox",
		"msie":              "ie",
		"yandex":            "yandex browser",
	},
	variants: map[string]string{
		"chrome mobile":              "chrome",
		"chrome mobile ios":          "chrome",
		"chrome mobile webview":      "chrome",
		"edge mobile":                "edge",
		"firefox ios":                "firefox",
		"firefox mobile":             "firefox",
		"ie mobile":                  "ie",
		"mobile safari":              "safari",
		"mobile safari ui/wkwebview": "safari",
		"opera mobile":               "opera",
		"opera tablet":               "opera",
		"yandex mobile":              "yandex browser",
	},
}

var osNames = naming{
	aliases: map[string]string{
		"chromeos":  "chrome os",
		"iphone os": "ios",
		"mac":       "mac os x",
		"mac os":    "mac os x",
		"macos":     "mac os x",
		"os x":      "mac os x",
		"osx":       "mac os x",
	},
	variants: map[string]string{"ipados": "ios"},
}

// bound is the version that a family is measured against. older and newer say
// in words what lies on either side, for event rows.
type bound struct {
	version      version
	older, newer string
}

// newBounds reads a map of families to versions and notes what is wrong with it.
func newBounds(m *mistakes, path string, list map[string]string, names naming) map[string]bound {
	if len(list) == 0 || len(list) > maxFamilies {
		m.add(path, "must have 1 to %d entries, not %d", maxFamilies, len(list))
	}
	bounds := make(map[string]bound, len(list))
	for _, family := range slices.Sorted(maps.Keys(list)) {
		at := fmt.Sprintf("%s[%q]", path, family)
		name, text := names.canonical(family), list[family]
		v, ok := parseBound(text, name == windows)
		switch {
		case name == "" || len(name) > maxFamilyName:
			m.add(at, "the name must have 1 to %d bytes, not %d", maxFamilyName, len(name))
		case !ok:
			m.add(at, "must be a version of 1 to %d numbers such as 14.4, found %q", versionParts, text)
		case bounds[name].version.n > 0 && bounds[name].version != v:
			m.add(at, "%s stands here twice, under different names; keep one", name)
		}
		bounds[name] = bound{v, fmt.Sprintf("below %s %s", family, text), fmt.Sprintf("%s %s or above", family, text)}
	}
	return bounds
}

// canonical is a family of the settings as the parser of user agents calls it,
// folded.
func (n naming) canonical(family string) string {
	name := strings.TrimSpace(family)
	name = string(appendFolded(make([]byte, 0, 3*len(name)+utf8.UTFMax), name))
	if alias, ok := n.aliases[name]; ok {
		return alias
	}
	return name
}

// bound returns what a family of a click is measured against; ok is false when
// it is not listed. isWindows tells how its versions read.
func (n naming) bound(bounds map[string]bound, family string) (b bound, isWindows, ok bool) {
	var buf [3*maxFamilyName + utf8.UTFMax]byte // stays on the stack; longer names are cut and fit none
	name := appendFolded(buf[:0], family)
	if b, ok = bounds[string(name)]; !ok {
		b, ok = bounds[n.variants[string(name)]]
	}
	return b, string(name) == windows, ok
}
