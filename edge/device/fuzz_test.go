package device

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// Whatever a visitor sends, Parse answers, twice the same, and within bounds.
func FuzzParse(f *testing.F) {
	for _, ua := range []string{
		"", "-", googlebot, chromeAndroid, safariIPhone, "\xff\xfe", "bot", "(((((", "a@b.cc", "www.", "http://",
		"Mozilla/5.0 (compatible;", "like gecko x", "Safari;x", "Android Build bot Build", "İſK",
	} {
		f.Add(ua)
	}
	p := newParser(f, Options{})
	f.Fuzz(func(t *testing.T, ua string) {
		first := *p.Parse(ua)
		if again := fresh(p, ua); first != *again {
			t.Fatalf("Parse(%q) = %+v, then %+v", ua, first, *again)
		}
		if first.Bot != (first.Type == typeBot) || first.Bot != (first.BotName != "") || first.Unfurler && !first.Bot {
			t.Fatalf("Parse(%q) contradicts itself: %+v", ua, first)
		}
		if len(first.BotName) > maxName {
			t.Fatalf("Parse(%q) names a bot %q, longer than %d bytes", ua, first.BotName, maxName)
		}
	})
}

// fresh answers as Parse does, but never from the cache.
func fresh(p *Parser, ua string) *click.Device {
	ua = ua[:min(len(ua), maxLen)]
	if s := classify(ua); s.class != person {
		return s.device()
	}
	return look(p.rules, ua)
}
