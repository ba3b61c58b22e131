package filters

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/family"
)

// maxFamilies bounds the list of a filter and maxFamilyName a name in it, in
// bytes.
const (
	maxFamilies   = 100
	maxFamilyName = 100
)

// bound is the version that a family is measured against. older and newer say
// in words what lies on either side, for event rows.
type bound struct {
	version      family.Version
	older, newer string
}

// newBounds reads a map of families to versions and notes what is wrong with it.
func newBounds(m *mistakes, path string, list map[string]string, names *family.Names) map[string]bound {
	if len(list) == 0 || len(list) > maxFamilies {
		m.add(path, "must have 1 to %d entries, not %d", maxFamilies, len(list))
	}
	bounds := make(map[string]bound, len(list))
	for _, listed := range slices.Sorted(maps.Keys(list)) {
		at := fmt.Sprintf("%s[%q]", path, listed)
		name, text := canonical(names, listed), list[listed]
		v, ok := family.ParseBound(text, name == family.Windows)
		switch {
		case name == "" || len(name) > maxFamilyName:
			m.add(at, "the name must have 1 to %d bytes, not %d", maxFamilyName, len(name))
		case !ok:
			m.add(at, "must be a version of 1 to %d numbers such as 14.4, found %q", family.MaxParts, text)
		case bounds[name].version.Known() && bounds[name].version != v:
			m.add(at, "%s stands here twice, under different names; keep one", name)
		}
		bounds[name] = bound{v, fmt.Sprintf("below %s %s", listed, text), fmt.Sprintf("%s %s or above", listed, text)}
	}
	return bounds
}

// canonical is a family of the settings as the parser of user agents calls it,
// folded.
func canonical(names *family.Names, listed string) string {
	name := strings.TrimSpace(listed)
	return names.Canonical(string(appendFolded(make([]byte, 0, 3*len(name)+utf8.UTFMax), name)))
}

// boundOf returns what a family of a click is measured against: the version on
// its own name or on the family whose version numbers it shares. ok is false
// when neither is listed. isWindows tells how its versions read.
func boundOf(bounds map[string]bound, names *family.Names, visitor string) (b bound, isWindows, ok bool) {
	var buf [3*maxFamilyName + utf8.UTFMax]byte // stays on the stack; longer names are cut and fit none
	name := appendFolded(buf[:0], visitor)
	if b, ok = bounds[string(name)]; !ok {
		b, ok = bounds[names.VersionsOf(name)]
	}
	return b, string(name) == family.Windows, ok
}
