package device

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/clickgate/clickgate/internal/click"
	"go.uber.org/goleak"
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
		{chromeAndroid, click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.7444", OSName: "Android", OSVersion: "14", Type: "Phone", Brand: "Samsung", Model: "SM-S918B"}},
		{safariIPhone, click.Device{BrowserName: "Mobile Safari", BrowserVersion: "18.6", OSName: "iOS", OSVersion: "18.6.1", Type: "Phone", Brand: "Apple", Model: "iPhone"}},
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

func TestCacheAnswersTheSecondTime(t *testing.T) {
	p := newParser(t, Options{})
	first := p.Parse(chromeAndroid)
	p.cache.Wait()
	if second := p.Parse(chromeAndroid); second != first {
		t.Errorf("the second Parse made a new device %p, want that of the first %p", second, first)
	}
	if got, want := p.Stats(), (Stats{Hits: 1, Misses: 1, Parsed: 1}); got != want {
		t.Errorf("Stats() = %+v, want %+v", got, want)
	}
}

func TestParseIgnoresWhatIsTooLong(t *testing.T) {
	p := newParser(t, Options{})
	long := chromeAndroid + strings.Repeat(" x", maxLen)
	first := p.Parse(long[:maxLen])
	p.cache.Wait()
	if got := p.Parse(long + " Googlebot/2.1 \x01"); got != first {
		t.Errorf("Parse of %d bytes = %+v, want the answer for the first %d: %+v", len(long), *got, maxLen, *first)
	}
}

// Of many who wait with the same unseen user agent only one parses it.
func TestParseLooksAgainAfterWaiting(t *testing.T) {
	p := newParser(t, Options{MaxParses: 1, MaxWait: time.Minute})
	p.gate.slots <- struct{}{} // somebody is parsing
	answer := make(chan *click.Device)
	go func() { answer <- p.Parse(chromeAndroid) }()
	for p.gate.waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	want := p.keep(chromeAndroid, &click.Device{})
	p.cache.Wait()
	<-p.gate.slots
	if got := <-answer; got != want {
		t.Errorf("Parse after waiting = %+v, want what was cached meanwhile", *got)
	}
	if s := p.Stats(); s.Parsed != 0 {
		t.Errorf("Stats() = %+v, want nothing parsed", s)
	}
}

// A user agent is a view into a request's buffer, which the next request
// overwrites: neither answer nor cache may hold on to it.
func TestParseKeepsNothingOfItsArgument(t *testing.T) {
	p := newParser(t, Options{})
	crowded := newParser(t, Options{MaxWait: time.Nanosecond})
	crowded.gate.slots <- struct{}{}
	for _, tc := range []struct {
		name string
		p    *Parser
		ua   string
	}{
		{"parsed", p, chromeAndroid}, {"classified", p, googlebot}, {"sketched", crowded, safariIPhone},
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

func TestCrowdedParserSketches(t *testing.T) {
	p := newParser(t, Options{MaxParses: 1, MaxWait: time.Millisecond})
	p.gate.slots <- struct{}{} // somebody is parsing
	got := p.Parse(chromeAndroid)
	want := click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.7444", OSName: "Android", OSVersion: "14", Type: "Phone"}
	if *got != want {
		t.Errorf("crowded Parse = %+v, want the sketch %+v", *got, want)
	}
	if bot := p.Parse(googlebot); !bot.Bot {
		t.Errorf("crowded Parse(%q) = %+v, want a bot as always", googlebot, *bot)
	}
	<-p.gate.slots
	p.cache.Wait()
	if again := p.Parse(chromeAndroid); again.Model != "SM-S918B" {
		t.Errorf("after the crowd Parse = %+v, want the full answer: a sketch must not be cached", *again)
	}
	if s, want := p.Stats(), (Stats{Misses: 3, Classified: 1, Parsed: 1, Sketched: 1}); s != want {
		t.Errorf("Stats() = %+v, want %+v", s, want)
	}
}

func TestGateBoundsQueueAndWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 2, 10*time.Millisecond)
		if !g.enter() {
			t.Fatal("enter() = false at an idle gate")
		}
		waits := make(chan time.Duration, 3)
		start := time.Now()
		for range 3 {
			go func() {
				if g.enter() {
					t.Error("enter() = true while the only slot is taken")
				}
				waits <- time.Since(start)
			}()
		}
		for i, want := range []time.Duration{0, 10 * time.Millisecond, 10 * time.Millisecond} {
			if got := <-waits; got != want {
				t.Errorf("turned away %d: waited %v, want %v", i, got, want)
			}
		}
		g.leave()
		if !g.enter() {
			t.Error("enter() = false after leave()")
		}
	})
}

func TestNewRefusesNegativeOptions(t *testing.T) {
	for _, o := range []Options{{CacheBytes: -1}, {MaxParses: -1}, {MaxQueue: -1}, {MaxWait: -1}} {
		if p, err := New(o); err == nil {
			p.Close()
			t.Errorf("New(%+v) accepted a negative option", o)
		}
	}
}

func TestSketch(t *testing.T) {
	for _, tc := range []struct {
		ua   string
		want click.Device
	}{
		{chromeWindows, click.Device{BrowserName: "Chrome", BrowserVersion: "143.0.0", OSName: "Windows", OSVersion: "10", Type: "Computer"}},
		{safariIPhone, click.Device{BrowserName: "Mobile Safari", BrowserVersion: "18.6", OSName: "iOS", OSVersion: "18.6.1", Type: "Phone"}},
		{"Mozilla/5.0 (Linux; Android 13; SM-A135F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.7339.51 Mobile Safari/537.36",
			click.Device{BrowserName: "Chrome Mobile WebView", BrowserVersion: "140.0.7339", OSName: "Android", OSVersion: "13", Type: "Phone"}},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
			click.Device{BrowserName: "Edge", BrowserVersion: "140.0.0", OSName: "Mac OS X", OSVersion: "10.15.7", Type: "Computer"}},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
			click.Device{BrowserName: "Firefox", BrowserVersion: "140.0", OSName: "Linux", Type: "Computer"}},
		{"unknown", click.Device{BrowserName: "Other", OSName: "Other", Type: "Other"}},
	} {
		if got := sketch(tc.ua); *got != tc.want {
			t.Errorf("sketch(%q)\n got %+v\nwant %+v", tc.ua, *got, tc.want)
		}
	}
}
