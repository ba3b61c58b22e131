package family

import (
	"strings"
	"testing"
)

func TestVersionsAreOrdered(t *testing.T) {
	for _, tc := range []struct {
		isWindows bool
		ascending string
	}{
		{false, "9 10.9 10.9.1 10.10 10.10.0.1 11"},
		{false, "0.1 1 1.0.0.1 2"},
		{false, "10_14_6 10_15 10_15_7 11_0"},
		{true, "95 98 ME 2000 XP Vista 7 8 8.1 10 11"},
		{true, "nt xp vista 10"},
	} {
		list := strings.Fields(tc.ascending)
		for i, a := range list {
			for j, b := range list {
				if got := ParseVersion(a, tc.isWindows).Below(ParseVersion(b, tc.isWindows)); got != (i < j) {
					t.Errorf("%s below %s: %v", a, b, got)
				}
			}
		}
	}
	for _, same := range []string{"14 14.0", "14.4 14.4-beta", "14 14 (Build 7)", "99999999999999 100000000"} {
		a, b, _ := strings.Cut(same, " ")
		if v, w := ParseVersion(a, false), ParseVersion(b, false); v.Below(w) || w.Below(v) {
			t.Errorf("%s and %s are not the same", a, b)
		}
	}
	for _, none := range []string{"", "XP", "beta", ".1", "-1", "ä"} {
		if v := ParseVersion(none, false); v.n > 0 {
			t.Errorf("%q is the version %v", none, v)
		}
	}
}

// FuzzVersion: any text is a version or none, a bound is one all through, and
// either is not below itself.
func FuzzVersion(f *testing.F) {
	for _, s := range []string{"10.15.7", "XP", "1.2.3.4.5", "1..2", "", "10.", "99999999999", "\xff", "v1", "XP\x96 "} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, isWindows bool) {
		v := ParseVersion(s, isWindows)
		if _, ok := windowsName(s); ok && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Errorf("%q is a name of a version", s)
		}
		if v.Below(v) || v.n < 0 || v.n > MaxParts {
			t.Errorf("%q is %+v", s, v)
		}
		b, ok := ParseBound(s, isWindows)
		if ok && (b != v || b.n == 0 || strings.ContainsAny(s, " -_")) {
			t.Errorf("%q is the bound %+v and the version %+v", s, b, v)
		}
		if digits := strings.Trim(s, "0123456789") == "" && s != ""; digits && !ok {
			t.Errorf("the number %q is no bound", s)
		}
	})
}

func TestBeyond(t *testing.T) {
	for _, tc := range []struct {
		version, limit string
		want           bool
	}{
		{"10.15.7", "10", false}, {"10.15.7", "10.15", false}, {"10.15.7", "10.14", true}, {"11", "10.15", true},
		{"10", "10.0.0", false}, {"9.9", "10", false}, {"10", "", false}, {"", "10", false},
	} {
		if got := ParseVersion(tc.version, false).Beyond(ParseVersion(tc.limit, false)); got != tc.want {
			t.Errorf("%q beyond %q: %v", tc.version, tc.limit, got)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, tc := range []struct {
		text      string
		isWindows bool
		want      bool
	}{
		{"10", false, true}, {"14.4", false, true}, {"1.2.3.4", false, true}, {"1.2.3.4.5", false, false}, {"", false, false},
		{".", false, false}, {"1.", false, false}, {"1..2", false, false}, {"10_4", false, false}, {"10 beta", false, false},
		{"XP", false, false}, {"xP", true, true}, {"vista", true, true}, {"Vistas", true, false}, {"2000", true, true}, {"Longhorn", true, false},
	} {
		if v, ok := ParseBound(tc.text, tc.isWindows); ok != tc.want || ok && !v.Known() {
			t.Errorf("%q as a bound (of Windows: %v) is %+v, %v", tc.text, tc.isWindows, v, ok)
		}
	}
}
