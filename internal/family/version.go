package family

import (
	"cmp"
	"strings"
)

// MaxParts is how many parts of a version count.
const MaxParts = 4

// Windows is the folded name of the system whose versions may be names.
const Windows = "windows"

// Version is a dotted version; missing parts are 0. It is compared by its
// numbers: 10.10 is newer than 10.9. The zero Version is none.
type Version struct {
	part [MaxParts]uint32
	n    int // parts that were given
}

// windowsNames are the versions of Windows that are no numbers, by their place
// between those that are (7, 8, 8.1, 10, 11).
var windowsNames = map[string]Version{
	"95":    {[MaxParts]uint32{4, 0}, 2},
	"nt":    {[MaxParts]uint32{4, 0}, 2},
	"98":    {[MaxParts]uint32{4, 10}, 2},
	"me":    {[MaxParts]uint32{4, 90}, 2},
	"2000":  {[MaxParts]uint32{5, 0}, 2},
	"xp":    {[MaxParts]uint32{5, 1}, 2},
	"vista": {[MaxParts]uint32{6, 0}, 2},
}

// ParseVersion reads a visitor's version. What follows the numbers
// ("10.0.1-beta") does not count. Without a leading number there is none, but
// for the names of Windows versions. It allocates nothing.
func ParseVersion(s string, ofWindows bool) Version {
	if v, named := windowsName(s); ofWindows && named {
		return v
	}
	var v Version
	for v.n < MaxParts {
		number, digits := leadingNumber(s)
		if digits == 0 {
			break
		}
		v.part[v.n] = number
		v.n++
		if s = s[digits:]; s == "" || s[0] != '.' && s[0] != '_' {
			break
		}
		s = s[1:]
	}
	return v
}

// ParseBound reads a version that settings ask for. Unlike a visitor's it must
// be one all through: 1 to MaxParts numbers, or the name of a Windows version.
func ParseBound(s string, ofWindows bool) (v Version, ok bool) {
	v = ParseVersion(s, ofWindows)
	if _, named := windowsName(s); ofWindows && named {
		return v, true
	}
	return v, v.n > 0 && strings.Trim(s, "0123456789.") == "" && strings.Count(s, ".") == v.n-1
}

// windowsName returns the version that a name such as XP stands for.
func windowsName(s string) (v Version, ok bool) {
	var buf [len("vista")]byte
	if len(s) > len(buf) {
		return Version{}, false
	}
	name := buf[:copy(buf[:], s)]
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			name[i] = c + 'a' - 'A'
		}
	}
	v, ok = windowsNames[string(name)]
	return v, ok
}

// leadingNumber is the number s begins with, at most 10^8, and its length.
func leadingNumber(s string) (number uint32, digits int) {
	for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
		number = min(number*10+uint32(s[digits]-'0'), 100_000_000)
		digits++
	}
	return number, digits
}

// Known tells whether v is a version at all.
func (v Version) Known() bool { return v.n > 0 }

// Below tells whether v is older than w.
func (v Version) Below(w Version) bool { return v.compare(w, MaxParts) < 0 }

// Beyond tells whether v is newer than w in the parts that w names: 10.15.7 is
// not beyond 10, and nothing is beyond no version.
func (v Version) Beyond(w Version) bool { return v.compare(w, w.n) > 0 }

// compare orders the first parts of v and w: -1, 0 or +1.
func (v Version) compare(w Version, parts int) int {
	for i := range parts {
		if order := cmp.Compare(v.part[i], w.part[i]); order != 0 {
			return order
		}
	}
	return 0
}
