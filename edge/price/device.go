package price

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

// deviceTypes are what payment items call the values of click.Device.Type.
var deviceTypes = map[string]string{"mobile": "Phone", "tablet": "Tablet", "desktop": "Computer"}

// fitsDevice tells whether the visitor's device is on a list; nil is any.
func fitsDevice(list []string, c *click.Click) bool {
	if list == nil {
		return true
	}
	for _, name := range list {
		if name == "ipod" && strings.Contains(c.UserAgent, "iPod") {
			return true
		}
		if t, ok := deviceTypes[name]; ok && c.Device != nil && c.Device.Type == t {
			return true
		}
	}
	return false
}

// system is an operating system of a payment item: a name as the parsing of
// user agents has it, and for Windows perhaps a version.
type system struct {
	name    string
	version family.Version
	// word is a version that is no number, as in Windows RT.
	word string
}

// otherSystems is the name of all systems that have no other.
const otherSystems = "Other"

// knownSystems are the names that payment items have for systems.
var knownSystems = []string{"Android", "BlackBerry OS", "Chrome OS", "iOS", "Linux", "Mac OS X", "MeeGo", "Symbian OS", "Windows", "Windows Phone"}

func newSystems(names []string) (all []system) {
	for _, name := range names {
		s := system{name: name}
		if version, ok := strings.CutPrefix(name, "Windows "); ok && version != "Phone" {
			s = windows(version)
		}
		all = append(all, s)
	}
	return all
}

// windows is a version of Windows. A whole number means its first release: 8 is
// not 8.1.
func windows(version string) system {
	s := system{name: "Windows"}
	v, known := family.ParseBound(version, true)
	if !known {
		s.word = version
		return s
	}
	if whole, ok := family.ParseBound(version+".0", true); ok && !strings.Contains(version, ".") {
		v = whole
	}
	s.version = v
	return s
}

// visitorSystem is a visitor's system as items ask for it.
type visitorSystem struct {
	name, version string
	// family is what name is a variant of, folded, as linux of Ubuntu; "-" for
	// none.
	family string
	other  bool // it has no name in payment items
}

func systemOf(c *click.Click) (v visitorSystem) {
	if c.Device != nil {
		v.name, v.version = c.Device.OSName, c.Device.OSVersion
	}
	v.family = familyOf(v.name)
	v.other = !slices.ContainsFunc(knownSystems, v.is)
	return v
}

// is tells whether the system is one of a name, or a variant of it.
func (v *visitorSystem) is(name string) bool {
	return strings.EqualFold(v.name, name) || strings.EqualFold(v.family, name)
}

// fitsSystem tells whether the visitor's system is on a list; nil is any.
func fitsSystem(list []system, v *visitorSystem) bool {
	for i := range list {
		if list[i].fits(v) {
			return true
		}
	}
	return list == nil
}

func (s *system) fits(v *visitorSystem) bool {
	switch {
	case s.name == otherSystems:
		return v.other
	case !v.is(s.name):
		return false
	case s.word != "":
		return strings.EqualFold(v.version, s.word)
	case s.version.Known():
		version := family.ParseVersion(v.version, true)
		return !version.Below(s.version) && !version.Beyond(s.version)
	}
	return true
}

func familyOf(name string) string {
	var buf [32]byte // more than the longest name of a variant
	folded := buf[:copy(buf[:], name)]
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return cmp.Or(family.Systems.Of(folded), "-")
}
