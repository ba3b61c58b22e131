package filters

import (
	"strings"
	"unicode/utf8"
)

// versionParts is how many parts of a version count.
const versionParts = 4

// windows is the family, folded, whose versions may be names.
const windows = "windows"

// version is a dotted version; missing parts are 0. It is compared by its
// numbers: 10.10 is newer than 10.9.
type version struct {
	part [versionParts]uint32
	n    int // parts that were given; 0 is no version
}

// windowsNames are the versions of Windows that are no numbers, by their place
// between those that are (7, 8, 8.1, 10, 11).
var windowsNames = map[string]version{
	"95":    {[versionParts]uint32{4, 0}, 2},
	"nt":    {[versionParts]uint32{4, 0}, 2},
	"98":    {[versionParts]uint32{4, 10}, 2},
	"me":    {[versionParts]uint32{4, 90}, 2},
	"2000":  {[versionParts]uint32{5, 0}, 2},
	"xp":    {[versionParts]uint32{5, 1}, 2},
	"vista": {[versionParts]uint32{6, 0}, 2},
}

// parseVersion reads a visitor's version. What follows the numbers
// ("10.0.1-beta") does not count.
func parseVersion(s string, ofWindows bool) version {
	if v, named := windowsName(s); ofWindows && named {
		return v
	}
	var v version
	for v.n < versionParts {
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

// windowsName returns the version that a name such as XP stands for.
func windowsName(s string) (v version, ok bool) {
	const longest = len("vista")
	if len(s) > longest {
		return version{}, false
	}
	var buf [3*longest + utf8.UTFMax]byte // a byte that is no text takes three
	v, ok = windowsNames[string(appendFolded(buf[:0], s))]
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

// parseBound reads a version of the settings, which must be one all through.
func parseBound(s string, ofWindows bool) (v version, ok bool) {
	v = parseVersion(s, ofWindows)
	if _, named := windowsName(s); ofWindows && named {
		return v, true
	}
	return v, v.n > 0 && strings.Trim(s, "0123456789.") == "" && strings.Count(s, ".") == v.n-1
}

// below tells whether v is older than w.
func (v version) below(w version) bool {
	for i := range v.part {
		if v.part[i] != w.part[i] {
			return v.part[i] < w.part[i]
		}
	}
	return false
}
