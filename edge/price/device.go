package price

import (
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

// fitsSystem tells whether the visitor's system is on a list; nil is any.
func fitsSystem(list []system, c *click.Click) bool {
	if list == nil {
		return true
	}
	var name, version string
	if c.Device != nil {
		name, version = c.Device.OSName, c.Device.OSVersion
	}
	for i := range list {
		if list[i].fits(name, version) {
			return true
		}
	}
	return false
}

func (s *system) fits(name, version string) bool {
	switch {
	case s.name == otherSystems:
		return !isKnown(name)
	case !isSystem(name, s.name):
		return false
	case s.word != "":
		return strings.EqualFold(version, s.word)
	case s.version.Known():
		v := family.ParseVersion(version, true)
		return v.Known() && !v.Below(s.version) && !v.Beyond(s.version)
	}
	return true
}

func isKnown(name string) bool {
	for _, known := range knownSystems {
		if isSystem(name, known) {
			return true
		}
	}
	return false
}

// isSystem tells whether a visitor's system is one of a name, or a variant of
// it, as Ubuntu is of Linux.
func isSystem(visitors, name string) bool {
	return strings.EqualFold(visitors, name) || strings.EqualFold(variantOf(visitors), name)
}

// variantOf is the family that a system is a variant of, folded, or a name that
// no system has.
func variantOf(name string) string {
	var buf [32]byte // more than the longest name
	if len(name) > len(buf) {
		return "-"
	}
	folded := buf[:copy(buf[:], name)]
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	if of := family.Systems.Of(folded); of != "" {
		return of
	}
	return "-"
}
