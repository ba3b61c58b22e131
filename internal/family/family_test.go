package family

import (
	"strings"
	"testing"
)

var tables = map[string]*Names{"Browsers": &Browsers, "Systems": &Systems}

// TestTablesAreFolded: an entry with a capital letter would never match, and
// what an entry leads to is looked up no further.
func TestTablesAreFolded(t *testing.T) {
	for table, names := range tables {
		check := func(key, value string) {
			if key != strings.ToLower(key) || value != strings.ToLower(value) || value == "" || names.Canonical(value) != value {
				t.Errorf("%s: %q leads to %q; both must be lower case, and the latter no alias", table, key, value)
			}
		}
		for alias, name := range names.aliases {
			check(alias, name)
		}
		for name, v := range names.variants {
			check(name, v.family)
			if names.Of([]byte(v.family)) != "" || names.Canonical(name) != name {
				t.Errorf("%s: the variant %q of %q stands in two places", table, name, v.family)
			}
		}
	}
}

func TestFamilies(t *testing.T) {
	for _, tc := range []struct {
		names              *Names
		name               string
		covered, versioned string
	}{
		{&Browsers, "chrome", "", ""},
		{&Browsers, "chrome mobile", "chrome", "chrome"},
		{&Browsers, "brave", "chrome", ""},
		{&Browsers, "vivaldi", "chrome", ""},
		{&Browsers, "coc coc", "chrome", ""},
		{&Browsers, "avast secure browser", "chrome", ""},
		{&Browsers, "edge", "", ""},
		{&Browsers, "duckduckgo", "", ""},
		{&Browsers, "duckduckgo mobile", "", ""},
		{&Browsers, "opera mobile", "opera", "opera"},
		{&Browsers, "opera mini", "opera", ""},
		{&Browsers, "", "", ""},
		{&Systems, "ipados", "ios", "ios"},
		{&Systems, "ubuntu", "linux", ""},
		{&Systems, "android", "", ""},
		{&Systems, "chrome os", "", ""},
	} {
		if got := tc.names.Of([]byte(tc.name)); got != tc.covered {
			t.Errorf("%q belongs to %q, want %q", tc.name, got, tc.covered)
		}
		if got := tc.names.VersionsOf([]byte(tc.name)); got != tc.versioned {
			t.Errorf("%q has the version numbers of %q, want %q", tc.name, got, tc.versioned)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, tc := range []struct {
		names      *Names
		name, want string
	}{
		{&Browsers, "google chrome", "chrome"}, {&Browsers, "msie", "ie"}, {&Browsers, "chrome", "chrome"}, {&Browsers, "of mine", "of mine"},
		{&Systems, "macos", "mac os x"}, {&Systems, "iphone os", "ios"}, {&Systems, "", ""},
	} {
		if got := tc.names.Canonical(tc.name); got != tc.want {
			t.Errorf("%q is called %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestLookUpsAllocateNothing(t *testing.T) {
	name := []byte("avast secure browser")
	if n := testing.AllocsPerRun(100, func() {
		Browsers.Of(name)
		Browsers.VersionsOf(name)
		ParseVersion("Vista", true)
		ParseVersion("10_15_7", false)
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
