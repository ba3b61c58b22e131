package target

import "github.com/clickgate/clickgate/internal/click"

// versionParts is how many parts of a version count.
const versionParts = 4

// version is a dotted version; missing parts are 0.
type version struct {
	part [versionParts]uint32
	n    int // parts that were given; 0 is no version
}

// windowsNames are the Windows versions that are names, by their place between
// the numbered ones (7, 8, 8.1, 10, 11).
var windowsNames = map[string]version{
	"95":    {[versionParts]uint32{4, 0}, 2},
	"nt":    {[versionParts]uint32{4, 0}, 2},
	"98":    {[versionParts]uint32{4, 10}, 2},
	"me":    {[versionParts]uint32{4, 90}, 2},
	"2000":  {[versionParts]uint32{5, 0}, 2},
	"xp":    {[versionParts]uint32{5, 1}, 2},
	"vista": {[versionParts]uint32{6, 0}, 2},
}

const windows = "windows"

// parseVersion reads a version. What follows the numbers ("10.0.1-beta") does
// not count. Without a leading number there is no version, but for Windows.
func parseVersion(s string, ofWindows bool) version {
	if ofWindows {
		var buf folded
		if v, named := windowsNames[string(fold(buf[:0], s))]; named {
			return v
		}
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

// leadingNumber is the number s begins with, at most 10^8, and its length.
func leadingNumber(s string) (number uint32, digits int) {
	for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
		number = min(number*10+uint32(s[digits]-'0'), 100_000_000)
		digits++
	}
	return number, digits
}

// compare orders the first parts of v and w: -1, 0 or +1.
func (v version) compare(w version, parts int) int {
	for i := range parts {
		switch {
		case v.part[i] < w.part[i]:
			return -1
		case v.part[i] > w.part[i]:
			return 1
		}
	}
	return 0
}

// versionRule is an inclusive range of versions of one system; a bound without
// parts is open. A range that is not allowed refuses what lies inside, an
// allowed one what lies outside.
type versionRule struct {
	allowed  bool
	min, max version
}

func (r versionRule) admit(v version) bool { return r.holds(v) == r.allowed }

// holds tells whether v lies in the range. Only the parts that the upper bound
// names are compared with it, so that "10" includes 10.15.7. A version that is
// unknown lies only in a range without bounds.
func (r versionRule) holds(v version) bool {
	if r.min.n == 0 && r.max.n == 0 {
		return true
	}
	return v.n > 0 && v.compare(r.min, versionParts) >= 0 && v.compare(r.max, r.max.n) <= 0
}

// versions are the rules by system, folded.
type versions map[string]versionRule

// admit judges the version of the system by the rule on it or on its family.
// Systems without a rule pass whatever the other rules say: whether a system is
// wanted at all is the job of operating_systems.
func (r versions) admit(d *click.Device) bool {
	var buf folded
	system := fold(buf[:0], d.OSName)
	rule, listed := r[string(system)]
	if !listed {
		rule, listed = r[osFamilies[string(system)]]
	}
	return !listed || rule.admit(parseVersion(d.OSVersion, string(system) == windows))
}
