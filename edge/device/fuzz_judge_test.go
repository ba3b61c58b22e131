package device

import (
	"regexp"
	"testing"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/click"
)

// Whatever a visitor sends, the classifier answers and does not contradict
// itself.
func FuzzClassify(f *testing.F) {
	for _, ua := range []string{
		"", "unknown (version", "unknown version", "(darwin", "|mozilla/5", "x|Mozilla/5.0 (", "Mozilla/5.0 (a.com; x", "Mozilla/5.0 () a.com/",
		"like gecko x chrome/", "Mozilla/5.0 (X11) Chrome/99 Safari/5 a", "Chrome/", "Chrome/99999999999999999999 Safari/1 xyz", "{", "{a}", "%", "%s",
		"windows phone", "(windows nt iphone", "version/18 safari/1 bot", "))))((((", "\x80mozilla", "yandex", googlebot, chromeAndroid,
	} {
		f.Add(ua)
	}
	f.Fuzz(func(t *testing.T, ua string) {
		ua = ua[:min(len(ua), maxLen)]
		s := classify(ua)
		if s != classify(ua) {
			t.Fatalf("classify(%q) = %+v, then something else", ua, s)
		}
		if (s.class == person) != (s == sign{}) || (s.class == person) != (s.traffic == click.NoBot) || (s.class == person) != (s.name == "") {
			t.Fatalf("classify(%q) contradicts itself: %+v", ua, s)
		}
		if len(s.name) > maxName {
			t.Fatalf("classify(%q) names %q, longer than %d bytes", ua, s.name, maxName)
		}
		asSpider(ua)
	})
}

// Whatever stands in a file of patterns, it is refused or works, and then as
// package regexp does.
func FuzzPatterns(f *testing.F) {
	f.Add([]byte("# ours\nacme\n^a|b$\n\\d{3}"), false, "acme")
	f.Add([]byte(`[{"pattern":"acme\\/"},{"pattern":"[^]x[]|[wW]\\u0041\\cJ[[a]"}]`), true, "acme/")
	f.Add([]byte(`[{"pattern":"a\\"}]`), true, "a")
	f.Add([]byte("(?i:x)\n(?:\n\xff"), false, "\xff")
	f.Add([]byte(`[null,{},1]`), true, "")
	f.Add([]byte(")(?i:a"), false, "a")
	f.Fuzz(func(t *testing.T, data []byte, json bool, ua string) {
		if len(data) > 4096 || len(ua) > maxLen {
			return // compiling takes long, and bounds have a test of their own
		}
		name := "f.txt"
		if json {
			name = "f.json"
		}
		all, err := parsePatterns(name, data)
		if err != nil {
			return
		}
		exprs, want := make([]string, len(all)), -1
		for i, p := range all {
			exprs[i] = p.expr
			if want < 0 && regexp.MustCompile(p.expr).MatchString(ua) {
				want = i
			}
		}
		find, err := uap.NewPatterns(exprs)
		if err != nil {
			t.Fatalf("%q is accepted and does not compile: %v", data, err)
		}
		if got := find.Find(ua); got != want {
			t.Fatalf("%q finds pattern %d in %q, package regexp %d", data, got, ua, want)
		}
	})
}
