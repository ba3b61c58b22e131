package rule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// systems are the operating systems that an offer takes (A26.4).
type systems []strictSystem

type strictSystem struct {
	name string
	// versions are those that are taken; none are all.
	versions []strictVersion
}

// strictVersion covers what begins with it: 4 covers 4.4.2, and 4.4 does too.
type strictVersion struct {
	major, minor uint64
	hasMinor     bool
}

func (c *compiler) systems(list []config.StrictOS) systems {
	compiled := make(systems, len(list))
	for i, doc := range list {
		s := strictSystem{name: doc.OS}
		for _, text := range doc.Versions {
			v, ok := parseVersion(text)
			if !ok {
				c.problem(fmt.Sprintf("strictly_os[%d].versions", i), fmt.Errorf("must be versions such as 14 or 4.4, found %q", text))
			}
			s.versions = append(s.versions, v)
		}
		compiled[i] = s
	}
	return compiled
}

// parseVersion reads the first two numbers of a version.
func parseVersion(s string) (v strictVersion, ok bool) {
	major, rest := leadingNumber(s)
	v.major, ok = number(major)
	if rest == "" || rest[0] != '.' && rest[0] != '_' {
		return v, ok
	}
	minor, _ := leadingNumber(rest[1:])
	v.minor, v.hasMinor = number(minor)
	return v, ok
}

func leadingNumber(s string) (digits, rest string) {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// number reads at most 9 digits: no system has as many, and a longer number
// takes part in nothing.
func number(digits string) (n uint64, ok bool) {
	if len(digits) < 1 || len(digits) > 9 {
		return 0, false
	}
	for i := range len(digits) {
		n = n*10 + uint64(digits[i]-'0')
	}
	return n, true
}

func (s systems) fits(c *click.Click) bool {
	if c.Device == nil {
		return true
	}
	name := systemOf(c.Device.OSName)
	for i := range s {
		if s[i].name == name {
			return s[i].takes(c.Device.OSVersion)
		}
	}
	return false
}

// takes compares a version of the system. Missing parts of it are 0; without
// any version it is none of those listed.
func (s *strictSystem) takes(text string) bool {
	if len(s.versions) == 0 {
		return true
	}
	v, ok := parseVersion(text)
	if !ok {
		return false
	}
	for _, w := range s.versions {
		if v.major == w.major && (!w.hasMinor || v.minor == w.minor) {
			return true
		}
	}
	return false
}

// systemOf is what the rules call a system that was parsed from a user agent;
// empty for an unknown one, which fits no rule.
func systemOf(parsed string) string {
	switch parsed {
	case "", "Other":
		return ""
	case "Android":
		return "android"
	case "iOS", "iPadOS":
		return "ios"
	case "Windows Phone":
		return "wp"
	}
	return "web"
}

func (s systems) value(c *click.Click) string {
	if c.Device == nil {
		return ""
	}
	n := len(c.Scratch)
	c.Scratch = append(append(append(c.Scratch, c.Device.OSName...), ' '), c.Device.OSVersion...)
	return strings.TrimSuffix(viewOf(c.Scratch[n:]), " ")
}

func (s systems) wants() string {
	parts := make([]string, len(s))
	for i := range s {
		parts[i] = s[i].name
		for j, v := range s[i].versions {
			parts[i] += [...]string{" ", ", "}[min(j, 1)] + v.String()
		}
	}
	return strings.Join(parts, "; ")
}

// String is the version as it was written, but for leading zeros.
func (v strictVersion) String() string {
	text := strconv.FormatUint(v.major, 10)
	if v.hasMinor {
		text += "." + strconv.FormatUint(v.minor, 10)
	}
	return text
}
