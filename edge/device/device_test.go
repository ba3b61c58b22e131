package device

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/internal/click"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Strings of the kinds that every day brings; none is from the data sets.
const (
	chromeWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
	chromeAndroid = "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.48 Mobile Safari/537.36"
	safariIPhone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
	googlebot     = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)

func newParser(tb testing.TB, o Options) *Parser {
	tb.Helper()
	p, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.Close)
	return p
}

func TestParse(t *testing.T) {
	p := newParser(t, Options{})
	for _, tc := range []struct {
		ua   string
		want click.Device
	}{
		{chromeWindows, click.Device{BrowserName: "Chrome", BrowserVersion: "143.0.0", OSName: "Windows", OSVersion: "10", Type: "Computer"}},
		{chromeAndroid, click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.7444", OSName: "Android", OSVersion: "14", Type: "Phone"}},
		{safariIPhone, click.Device{BrowserName: "Mobile Safari", BrowserVersion: "18.6", OSName: "iOS", OSVersion: "18.6.1", Type: "Phone"}},
		{"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Banca Caboto)", click.Device{BrowserName: "IE", BrowserVersion: "9.0", OSName: "Windows", OSVersion: "7", Type: "Computer"}},
		{googlebot, click.Device{Type: "Bot", Bot: true, BotName: "Googlebot", BotClass: click.GIVT, Crawler: click.Google}},
		{"", click.Device{Type: "Bot", Bot: true, BotName: "empty user agent", BotClass: click.GIVT}},
		{"WhatsApp/2.24.7.81 A", click.Device{Type: "Bot", Bot: true, BotName: "WhatsApp", BotClass: click.GIVT, Unfurler: true}},
	} {
		if got := p.Parse(tc.ua); *got != tc.want {
			t.Errorf("Parse(%q)\n got %+v\nwant %+v", tc.ua, *got, tc.want)
		}
	}
}

func TestModel(t *testing.T) {
	p := newParser(t, Options{})
	for ua, want := range map[string][2]string{
		chromeAndroid: {"Samsung", "SM-S918B"}, safariIPhone: {"Apple", "iPhone"}, chromeWindows: {}, googlebot: {},
	} {
		if brand, model := p.Model(ua); brand != want[0] || model != want[1] {
			t.Errorf("Model(%q) = %q, %q, want %q", ua, brand, model, want)
		}
	}
}

// known parses ua until its answer is in the cache, and returns that.
func (p *Parser) known(ua string) *click.Device {
	p.Parse(ua) // once is not worth remembering
	d := p.Parse(ua)
	p.cache.Wait()
	return d
}

func TestCacheAnswersTheThirdTime(t *testing.T) {
	p := newParser(t, Options{})
	first := p.known(chromeAndroid)
	if next := p.Parse(chromeAndroid); next != first {
		t.Errorf("the third Parse made a new device %p, want that of the second %p", next, first)
	}
	if got, want := p.Stats(), (Stats{Hits: 1, Misses: 2, Parsed: 2}); got != want {
		t.Errorf("Stats() = %+v, want %+v", got, want)
	}
}

// A user agent that comes once costs the cache nothing.
func TestStrangersPassByTheCache(t *testing.T) {
	p := newParser(t, Options{})
	for n := range 100 {
		p.Parse(fmt.Sprint(chromeAndroid, n))
	}
	p.cache.Wait()
	if added := p.cache.Metrics.KeysAdded(); added > 1 {
		t.Errorf("%d of 100 strangers are in the cache", added)
	}
}

func TestParseIgnoresWhatIsTooLong(t *testing.T) {
	p := newParser(t, Options{})
	long := chromeAndroid + strings.Repeat(" x", maxLen)
	first := p.known(long[:maxLen])
	if got := p.Parse(long + " Googlebot/2.1 \x01"); got != first {
		t.Errorf("Parse of %d bytes = %+v, want the answer for the first %d: %+v", len(long), *got, maxLen, *first)
	}
}

// A user agent is a view into a request's buffer, which the next request
// overwrites: neither answer nor cache may hold on to it.
func TestParseKeepsNothingOfItsArgument(t *testing.T) {
	p := newParser(t, Options{})
	for _, tc := range []struct {
		name string
		p    *Parser
		ua   string
	}{
		{"parsed", p, chromeAndroid}, {"classified", p, googlebot},
	} {
		buf := []byte(tc.ua)
		d := tc.p.Parse(unsafe.String(&buf[0], len(buf)))
		before := *d
		before.BrowserName, before.BrowserVersion = strings.Clone(d.BrowserName), strings.Clone(d.BrowserVersion)
		before.OSVersion, before.BotName, before.Model = strings.Clone(d.OSVersion), strings.Clone(d.BotName), strings.Clone(d.Model)
		for i := range buf {
			buf[i] = '#'
		}
		if *d != before {
			t.Errorf("%s: the answer changed with the request's buffer to %+v, was %+v", tc.name, *d, before)
		}
		tc.p.cache.Wait()
		if _, ok := tc.p.cache.Get(string(buf)); ok {
			t.Errorf("%s: the cache answers for what the buffer was overwritten with", tc.name)
		}
	}
}

func TestNewRefusesNegativeOptions(t *testing.T) {
	if p, err := New(Options{CacheBytes: -1}); err == nil {
		p.Close()
		t.Error("New accepted a cache of -1 bytes")
	}
}

func TestRulesFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const rest = "os_parsers:\n- {regex: 'Android (\\d+)', os_replacement: Robot, os_v1_replacement: $1}\ndevice_parsers:\n- {regex: '(SM-\\w+)', brand_replacement: Own}\n"
	p := newParser(t, Options{RulesFile: write("good.yaml", "user_agent_parsers:\n- {regex: '(Chrome)/(\\d+)', family_replacement: Ours}\n"+rest)})
	want := click.Device{BrowserName: "Ours", BrowserVersion: "142", OSName: "Robot", OSVersion: "14", Type: "Phone"}
	if got := p.Parse(chromeAndroid); *got != want {
		t.Errorf("Parse = %+v, want %+v", *got, want)
	}
	if brand, model := p.Model(chromeAndroid); brand != "Own" || model != "SM-S918B" {
		t.Errorf("Model = %s %s, want Own SM-S918B", brand, model)
	}
	large := write("large.yaml", "")
	if err := os.Truncate(large, maxRulesFile+1); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, path, want string }{
		{"absent", filepath.Join(dir, "absent.yaml"), "absent.yaml"},
		{"a folder", dir, "want a file"},
		{"too large", large, "want a file of at most 16777216 bytes"},
		{"no YAML", write("broken.yaml", "user_agent_parsers: [}"), "broken.yaml"},
		{"other YAML", write("other.yaml", "a: b\n"), "must hold user_agent_parsers"},
		{"bad expression", write("regex.yaml", "user_agent_parsers:\n- {regex: 'x('}\n"+rest), "user_agent_parsers[0]: regex \"x(\""},
	} {
		p, err := New(Options{RulesFile: tc.path})
		if err == nil {
			p.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: New: %v, want an error that names %q", tc.name, err, tc.want)
		}
	}
}
