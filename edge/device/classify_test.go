package device

import "testing"

func TestClassify(t *testing.T) {
	for _, tc := range []struct {
		name, ua string
		class    class
		bot      string
	}{
		{"crawler by name", googlebot, program, "Googlebot"},
		{"longer product name", "Googlebot-Image/1.0", program, "Googlebot-Image"},
		{"crawler on a phone", "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Nobodybot/3.1)", program, "Nobodybot"},
		{"crawler as a device", "Mozilla/5.0 (Linux; Android 7.0; Nobodybot) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36", program, "Nobodybot"},
		{"bare duty takes the words before", "Acme web spider/4.0", program, "Acme web spider"},
		{"duty with a number", "acmecrawler4j", program, "acmecrawler4j"},
		{"library", "python-requests/2.32.3", program, "python-requests"},
		{"library without a version", "axios", program, "axios"},
		{"unknown library", "acme_http/0.3", program, "acme_http"},
		{"library on a desktop", "acme-rest/2.1.0 (linux x86_64)", program, "acme-rest"},
		{"headless browser", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", program, "HeadlessChrome"},
		{"monitor", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 AcmeMonitor/2", program, "AcmeMonitor"},
		{"contact URL", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Acme/1.0 (+https://acme.example/why)", program, "Acme"},
		{"contact e-mail", "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0 Acme (ops@acme.example)", program, "Acme"},
		{"compatible stranger", "Mozilla/5.0 (compatible; Acme/1.0; Windows NT 10.0)", program, "Acme"},
		{"guest in the engine's comment", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; Acme/1.0) Chrome/140.0.0.0 Safari/537.36", program, "Acme"},
		{"guest behind the last version", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36; Acme/1.0", program, "Acme"},
		{"Google's programs", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Google-Acme", program, "Google-Acme"},
		{"no platform", "Mozilla/5.0", program, "browser without a platform"},
		{"empty", "", program, "empty user agent"},
		{"blank", " \t ", program, "empty user agent"},
		{"one dash", "-", program, "user agent without words"},
		{"control characters", "Mozilla/5.0 (Windows NT 10.0)\r\nX: y", program, "control characters"},
		{"name is capped", "Mozilla/5.0 (compatible; abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijbot)", program, "abcdefghijabcdefghijabcdefghijabcdefghij"},

		{"unfurler", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", unfurler, "Slackbot-LinkExpanding"},
		{"unfurler in a browser's clothes", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0", unfurler, "facebookexternalhit"},
		{"unknown unfurler", "Acme Link Preview", unfurler, "Preview"},
		{"messenger fetches a preview", "WhatsApp/2.24.7.81 A", unfurler, "WhatsApp"},

		{"browser in a messenger", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 WhatsApp/2.25", person, ""},
		{"browser in Line", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.1.0", person, ""},
		{"browser in Pinterest", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]", person, ""},
		{"browser in Facebook", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22A3354 [FBAN/FBIOS;FBAV/490.0.0.40.109;FBDV/iPhone14,5]", person, ""},
		{"browser in an app of many words", "Mozilla/5.0 (Linux; Android 13; SM-A135F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 DocScanner/4.5", person, ""},
		{"phone called Cubot", "Mozilla/5.0 (Linux; Android 10; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", person, ""},
		{"phone called Robot", "Mozilla/5.0 (Linux; Android 12; Acme Robot 3 Build/S3RQ) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", person, ""},
		{"Electron app", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.45.0 Chrome/138.0.0.0 Electron/37.0.0 Safari/537.36", person, ""},
		{"browser in Tumblr", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Tumblr/41.0", person, ""},
		{"Yandex browser", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8.0.0 Safari/537.36", person, ""},
		{"television", "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 WebAppManager", person, ""},
		{"text browser", "Links (2.29; Linux 6.1 x86_64; GNU C 12; text)", person, ""},
		{"native app", "Acme/42 CFNetwork/1568.100.1 Darwin/24.0.0", person, ""},
		{"old Internet Explorer", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)", person, ""},
		{"at sign in a build", "Mozilla/5.0 (Linux; Android 4.0.3; ARCHOS 101G9 Build/ICS@ROM_04.06) AppleWebKit/535.19 (KHTML, like Gecko) Chrome/18.0 Safari/535.19", person, ""},
	} {
		got := classify(tc.ua)
		if got.class != tc.class || got.name != tc.bot {
			t.Errorf("%s: classify(%q)\n got %+v\nwant class %d, name %q", tc.name, tc.ua, got, tc.class, tc.bot)
		}
	}
}

func TestDeviceType(t *testing.T) {
	for _, tc := range []struct{ ua, want string }{
		{chromeWindows, "Computer"},
		{chromeAndroid, "Phone"},
		{safariIPhone, "Phone"},
		{"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1", "Tablet"},
		{"Mozilla/5.0 (Linux; Android 14; Pixel Tablet) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Tablet"},
		{"Mozilla/5.0 (Linux; Android 9; SM-T510) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Tablet"},
		{"Mozilla/5.0 (Android 14; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0", "Tablet"},
		{"Dalvik/2.1.0 (Linux; U; Android 13; M2101K6G Build/TKQ1)", "Phone"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Computer"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Computer"},
		{"Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36", "TV"},
		{"Mozilla/5.0 (Linux; Android 9; AFTS Build/PS7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/80 Mobile Safari/537.36", "TV"},
		{"Roku4640X/DVP-7.70 (297.70E04154A)", "TV"},
		{"Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Phone"},
		{"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15", "Other"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edge/44.18363", "Other"},
	} {
		if got := deviceType(tc.ua); got != tc.want {
			t.Errorf("deviceType(%q) = %s, want %s", tc.ua, got, tc.want)
		}
	}
}
