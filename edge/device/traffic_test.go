package device

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

const (
	desktopChrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	desktopSafari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"
)

// Where a browser's string has no room for a word, the word is a program's name;
// where it has, it is not.
func TestClassifyByPlace(t *testing.T) {
	for _, tc := range []struct{ name, ua, bot string }{
		{"behind Chrome", desktopChrome + " Acme/1.0", "Acme"},
		{"behind Chrome, in a comment", desktopChrome + " (Acme)", "Acme"},
		{"behind Safari", desktopSafari + " Acme/1.0", "Acme"},
		{"behind Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Acme", "Acme"},
		{"before Mozilla", "Acme_Daily/1.0 " + desktopChrome, "Acme_Daily"},
		{"before Mozilla on a phone", "Acme, Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/76.0.3809.111 Mobile Safari/537.36", "Acme"},
		{"left over from a list", "iphone|" + safariIPhone, "iphone"},
		{"site as system", "Mozilla/5.0 (acme.example; Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/40.0.0.0 Safari/537.36", "acme.example"},
		{"site before the engine", "Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) acme.com/policy AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1", "acme.com"},
		{"name without a version", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Acme Version/18.0 Mobile/15E148 Safari/604.1", "Acme"},
		{"in the system's comment", "Mozilla/5.0 (X11; Linux x86_64; Acme) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Acme"},
		{"tool of Apple's", "ACMED (unknown version) CFNetwork/1107.1 Darwin/19.0.0", "ACMED"},
		{"runtime on a Mac", "Acme/3.0.16 (darwin arm64)", "Acme"},
		{"duty on a phone's browser", chromeAndroid + " AcmeMonitor/1.0", "AcmeMonitor"},

		{"fork with Chrome's version", desktopChrome + " Acme/140.1", ""},
		{"fork with a long version", desktopChrome + " Acme/96.8.6047.48", ""},
		{"fork that says so", desktopChrome + " AcmeBrowser/3.1", ""},
		{"known fork", desktopChrome + " OPR/119.0.0.0", ""},
		{"app in a window of Edge", desktopChrome + " Edg/140.0.0.0 acme.io", ""},
		{"app in Electron", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Acme/4.5 Chrome/138.0.0.0 Electron/37.0.0 Safari/537.36 Acme", ""},
		{"toolbar of old", "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/34.0.1847.137 Safari/537.36 ACMEBAR", ""},
		{"unknown processor", "Mozilla/5.0 (X11; armv9l; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", ""},
		{"app behind a phone's browser", chromeAndroid + " Acme/1.0", ""},
		{"duty in an app's window", "Mozilla/5.0 (Linux; Android 13; SM-A135F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 AcmeTracker/2", ""},
		{"app before Mozilla", "com.acme/5.7/Mozilla/5.0 (Linux; Android 11; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/90.0.4430.210 Mobile Safari/537.36", ""},
		{"numbered name before Chrome", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Acme/1.2 Chrome/140.0.0.0 Safari/537.36", ""},
		{"platform blanked", "Mozilla/5.0 (en-us) AppleWebKit/525.13 (KHTML, like Gecko) Version/3.1 Safari/525.13", ""},
		{"browser known without a platform", "Mozilla/5.0 (hidden; rv:40.0) Gecko/20100101 IceDragon/40.1.1.18 Firefox/40.0.2", ""},
		{"media player", "Acme Streaming Player 4.4", ""},
		{"app that says so", "AcmeApp/14.35", ""},
		{"Windows phone", "Acme/1 Windows Phone/10.0 Microsoft", ""},
	} {
		got := classify(tc.ua)
		if got.name != tc.bot || (got.class != person) != (tc.bot != "") {
			t.Errorf("%s: classify(%q) = %+v, want name %q", tc.name, tc.ua, got, tc.bot)
		}
	}
}

func TestBotClass(t *testing.T) {
	for _, tc := range []struct {
		name, ua string
		want     click.BotClass
	}{
		{"person", chromeAndroid, click.NoBot},
		{"crawler", googlebot, click.GIVT},
		{"library", "curl/8.5.0", click.GIVT},
		{"unfurler", "WhatsApp/2.24.7.81 A", click.GIVT},
		{"unknown browser", "Acme/1.0", click.GIVT},
		{"empty", "", click.GIVT},
		{"no words", "-", click.GIVT},
		{"automation", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", click.SIVT},
		{"driver", desktopChrome + " Selenium/4.1", click.SIVT},
		{"automation that says whose it is", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36 (compatible; Acmebot/1.0)", click.GIVT},
		{"control characters", "Mozilla/5.0\x00", click.SIVT},
		{"two systems", "Mozilla/5.0 (Windows NT 10.0; Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", click.SIVT},
		{"a phone and Windows", "Mozilla/5.0 (iPhone; Windows NT 10.0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", click.SIVT},
		{"template", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} Safari/537.36", click.SIVT},
		{"shell template", "Mozilla/5.0 (Windows NT 10.0) Chrome/${chrome_version} Safari/537.36", click.SIVT},
		{"printf", "Mozilla/5.0 (Windows NT %s; Win64) AppleWebKit/537.36", click.SIVT},
		{"percent code", "Mozilla/5.0 (Linux; Android 9; A%20B%d0%b0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/76.0.3809.111 Mobile Safari/537.36", click.NoBot},
		{"braces of Facebook", "[FBAN/FB4A;FBAV/567.1.0.52.74;FBDM/{density=3.0,width=1080};FBPN/com.facebook.katana;FBDV/SM-S921B]", click.NoBot},
		{"brace at the end", chromeAndroid + "{", click.NoBot},
		{"braces around nothing", chromeAndroid + "{}", click.NoBot},
		{"percent at the end", chromeAndroid + " 100%", click.NoBot},
		{"two Apples", "Mozilla/5.0 (iPad; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Mobile/15E148 Safari/604.1", click.NoBot},
	} {
		if got := classify(tc.ua); got.traffic != tc.want || (got.class == person) != (tc.want == click.NoBot) {
			t.Errorf("%s: classify(%q) = %+v, want %q", tc.name, tc.ua, got, tc.want)
		}
	}
}

func TestClaimedCrawler(t *testing.T) {
	for _, tc := range []struct {
		ua   string
		want click.Crawler
	}{
		{googlebot, click.Google},
		{"AdsBot-Google (+http://www.google.com/adsbot.html)", click.Google},
		{"Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", click.Google},
		{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", click.Bing},
		{"Mozilla/5.0 (compatible; YandexImages/3.0; +http://yandex.com/bots)", click.Yandex},
		{"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", click.Baidu},
		{desktopSafari + " (Applebot/0.1; +http://www.apple.com/go/applebot)", click.Apple},
		{"DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", click.DuckDuckGo},
		{"meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", click.Meta},
		{"facebookexternalhit/1.1", click.Meta},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", click.OpenAI},
		{"CCBot/2.0 (https://commoncrawl.org/faq/)", click.CommonCrawl},
		{"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", click.Ahrefs},

		{"FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)", click.NoCrawler},
		{"AdsBot/1.0 (+https://acme.example)", click.NoCrawler},
		{"acme-externalagent/1.1", click.NoCrawler},
		{"notgooglebot/1.0", click.NoCrawler},
		{chromeAndroid, click.NoCrawler},
	} {
		if got := classify(tc.ua).crawler; got != tc.want {
			t.Errorf("classify(%q) says the crawler is %q, want %q", tc.ua, got, tc.want)
		}
	}
}

// uap-core's rules are believed where the classifier has not seen for itself.
func TestSpiders(t *testing.T) {
	p := newParser(t, Options{})
	for _, tc := range []struct {
		ua   string
		want bool
	}{
		{"ZyBorg Mozilla/4.0 (compatible; MSIE; ZyBorg; Win32)", true},
		{"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Banca Caboto)", false},
		{"Voyager3/AmigaoS3.1", false},
	} {
		if s := classify(tc.ua); s.class != person {
			t.Errorf("the classifier knows %q by itself: %+v", tc.ua, s)
		}
		d := p.Parse(tc.ua)
		if d.Bot != tc.want || tc.want && (d.BotName == "" || d.BotClass != click.GIVT) {
			t.Errorf("Parse(%q) = %+v, want a bot: %v", tc.ua, *d, tc.want)
		}
	}
}
