package convert

import (
	"strings"
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	want := time.Date(2026, 3, 1, 12, 30, 15, 0, time.UTC).UnixMilli()
	for text, ms := range map[string]int64{
		"": 0, "1772368215": want, "1772368215000": want, "1772368215.0": want, "2026-03-01T12:30:15Z": want, "2026-03-01T13:30:15+01:00": want,
		"2026-03-01T12:30:15": want, "2026-03-01 12:30:15": want, "2026-03-01": want - (12*3600+30*60+15)*1000, "2026-03-01T12:30:15.250Z": want + 250,
	} {
		if got, err := ParseMoment(text); got != ms || err != nil {
			t.Errorf("%q is %d, %v; want %d", text, got, err, ms)
		}
	}
	for _, text := range []string{"yesterday", "-5", "1", "20260301", "99999999999999999999", "1999-12-31", "2201-01-01", "NaN", "Inf"} {
		if got, err := ParseMoment(text); err == nil || !strings.Contains(err.Error(), "must be unix seconds") {
			t.Errorf("%q is %d, %v; want an error that says what is allowed", text, got, err)
		}
	}
}

func FuzzParseMoment(f *testing.F) {
	f.Add("1772368215")
	f.Add("2026-03-01T12:30:15Z")
	f.Fuzz(func(t *testing.T, text string) {
		ms, err := ParseMoment(text)
		if at := time.UnixMilli(ms); err == nil && text != "" && (at.Before(earliest) || at.After(latest)) {
			t.Errorf("%q is %s", text, at)
		}
	})
}

func TestKeysTellApart(t *testing.T) {
	keys := []string{
		OnceKey("a", "b"), OnceKey("ab", ""), OnceKey("", "ab"), ExternalKey("i", "x", ""), ExternalKey("i", "", "x"),
		ReferenceKey("o", "x", ""), ReferenceKey("i", "x", ""),
	}
	seen := map[string]bool{}
	for _, k := range keys {
		if len(k) != 32 || seen[k] {
			t.Errorf("key %q is taken twice or not 32 digits", k)
		}
		seen[k] = true
	}
}
