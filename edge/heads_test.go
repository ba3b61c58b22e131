package edge

import "strings"

// Parts of user agents.
const (
	onWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
	onMac     = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
	onLinux   = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
	onCrOS    = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
	onAndroid = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
	inApp     = "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
	onIPhone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "

	chrome142   = "Chrome/142.0.0.0 Safari/537.36"
	mobile142   = "Chrome/142.0.0.0 Mobile Safari/537.36"
	firefoxUA   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
	safariUA    = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"
	oldSafariUA = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15"
	iPhoneUA    = onIPhone + "Version/18.6 Mobile/15E148 Safari/604.1"

	// Lists of brands, as https://wicg.github.io/ua-client-hints/ has them made.
	brandsChrome  = `"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"`
	brandsEdge    = `"Chromium";v="142", "Microsoft Edge";v="142", "Not_A Brand";v="99"`
	brandsOpera   = `"Opera";v="125", "Not?A_Brand";v="8", "Chromium";v="141"`
	brandsSamsung = `"Samsung Internet";v="29.0", "Chromium";v="136", "Not.A/Brand";v="99"`
	brandsYandex  = `"Chromium";v="142", "YaBrowser";v="25.10", "Not_A Brand";v="99", "Yowser";v="2.5"`
	brandsWebView = `"Chromium";v="142", "Android WebView";v="142", "Not_A Brand";v="99"`
)

// The Accept headers of navigations, from
// https://developer.mozilla.org/docs/Web/HTTP/Guides/Content_negotiation/List_of_default_Accept_values.
const (
	acceptChromium = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
	acceptPlain    = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
)

func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }

// chromiumHead is what a browser on Chromium sends over https, in its order
// (services/network/sec_header_helpers.cc, net/url_request/url_request_http_job.cc).
func chromiumHead(ua, brands, mobile, platform string, more ...string) string {
	return lines("Connection: keep-alive", "sec-ch-ua: "+brands, "sec-ch-ua-mobile: ?"+mobile, `sec-ch-ua-platform: "`+platform+`"`) +
		hintless(ua, more...)
}

// hintless is the same without client hints.
func hintless(ua string, more ...string) string {
	return lines("Upgrade-Insecure-Requests: 1", "User-Agent: "+ua, acceptChromium,
		"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1", "Sec-Fetch-Dest: document",
		"Referer: https://blog.example/", "Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en-US,en;q=0.9") + lines(more...)
}

// firefoxHead is what Firefox sends over https (nsHttpHandler.cpp, SecFetch.cpp).
func firefoxHead(ua string) string {
	return lines("User-Agent: "+ua, acceptPlain, "Accept-Language: de,en-US;q=0.7,en;q=0.3", "Accept-Encoding: gzip, deflate, br, zstd",
		"Referer: https://blog.example/", "Connection: keep-alive", "Upgrade-Insecure-Requests: 1",
		"Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site", "Sec-Fetch-User: ?1", "Priority: u=0, i")
}

// safariHead is what Safari sends over https since 16.4: without Sec-Fetch-User.
func safariHead(ua string) string {
	return lines("Sec-Fetch-Dest: document", "User-Agent: "+ua, acceptPlain, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate",
		"Accept-Language: en-GB,en;q=0.9", "Priority: u=0, i", "Accept-Encoding: gzip, deflate, br", "Connection: keep-alive")
}

// plain is what browsers send over http: no header that begins with Sec-.
func plain(ua string) string {
	return lines("Connection: keep-alive", "Upgrade-Insecure-Requests: 1", "User-Agent: "+ua, acceptChromium,
		"Accept-Encoding: gzip, deflate", "Accept-Language: en-US,en;q=0.9")
}

// sorted is what a proxy or client makes of headers that keeps them in a map.
func sorted(ua string, more ...string) string {
	return lines("User-Agent: "+ua, acceptChromium, "Accept-Encoding: gzip, br", "Accept-Language: en-US,en;q=0.9",
		"Sec-Ch-Ua: "+brandsChrome, "Sec-Ch-Ua-Mobile: ?0", `Sec-Ch-Ua-Platform: "Windows"`,
		"Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site", "Sec-Fetch-User: ?1") + lines(more...)
}

// with replaces the value of a header, or takes the header out if it is empty.
func with(head, name, value string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(head, "\r\n"), "\r\n") {
		if key, _, _ := strings.Cut(line, ":"); !strings.EqualFold(key, name) {
			out = append(out, line)
		} else if value != "" {
			out = append(out, key+": "+value)
		}
	}
	return lines(out...)
}

var humans = map[string]string{
	"Chrome on Windows":                 chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"),
	"Chrome on a Mac":                   chromiumHead(onMac+chrome142, brandsChrome, "0", "macOS"),
	"Chrome on Linux":                   chromiumHead(onLinux+chrome142, brandsChrome, "0", "Linux"),
	"Chrome OS":                         chromiumHead(onCrOS+chrome142, brandsChrome, "0", "Chrome OS"),
	"Chrome OS of 2021":                 chromiumHead(onCrOS+chrome142, brandsChrome, "0", "Chromium OS"),
	"Chrome on a phone":                 chromiumHead(onAndroid+mobile142, brandsChrome, "1", "Android"),
	"Chrome on a tablet":                chromiumHead(onAndroid+chrome142, brandsChrome, "0", "Android"),
	"desktop site":                      chromiumHead(onLinux+chrome142, brandsChrome, "0", "Linux"),
	"desktop site, true hints":          chromiumHead(onLinux+chrome142, brandsChrome, "1", "Android"),
	"desktop site of a maker's browser": chromiumHead(onWindows+chrome142, brandsSamsung, "0", "Android"),
	"Chrome, all hints":                 chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows", `sec-ch-ua-platform-version: "15.0.0"`, `sec-ch-ua-model: ""`),
	"Chrome, brands turned":             chromiumHead(onWindows+chrome142, `" Not;A Brand";v="99", "Google Chrome";v="142", "Chromium";v="142"`, "0", "Windows"),
	"Chrome, escaped grease":            chromiumHead(onWindows+chrome142, `"\\Not\"A;Brand";v="99", "Google Chrome";v="142", "Chromium";v="142"`, "0", "Windows"),
	"Chrome 109 on Windows 7":           chromiumHead(onWindows+"Chrome/109.0.0.0 Safari/537.36", `"Not_A Brand";v="99", "Google Chrome";v="109", "Chromium";v="109"`, "0", "Windows", `sec-ch-ua-platform-version: "0.1.0"`),
	"Chrome frozen at 99 by policy":     chromiumHead(onWindows+"Chrome/99.110.5481.0 Safari/537.36", `"Google Chrome";v="110", "Chromium";v="110"`, "0", "Windows"),
	"Chrome, language before the rest":  lines("Accept-Language: en-US,en;q=0.9") + with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Accept-Language", ""),
	"Chrome 79 in a frame":              with(with(with(hintless(onWindows+"Chrome/79.0.3945.130 Safari/537.36"), "Sec-Fetch-Mode", "nested-navigate"), "Sec-Fetch-Dest", ""), "Sec-Fetch-User", ""),
	"Chrome 75":                         plain(onWindows + "Chrome/75.0.3770.142 Safari/537.36"),
	"link from a chat: no user":         with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-User", ""),
	"link in a frame":                   with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Dest", "iframe"),
	"a value of the future":             with(with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Dest", "hologram"), "Sec-Fetch-Mode", "beam"),
	"Edge":                              chromiumHead(onWindows+chrome142+" Edg/142.0.0.0", brandsEdge, "0", "Windows"),
	"Edge on a phone":                   chromiumHead(onAndroid+mobile142+" EdgA/142.0.0.0", brandsEdge, "1", "Android"),
	"Edge as Chrome":                    chromiumHead(onWindows+chrome142, brandsEdge, "0", "Windows"),
	"Opera":                             chromiumHead(onWindows+"Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0", brandsOpera, "0", "Windows"),
	"Opera GX":                          chromiumHead(onWindows+"Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0", strings.Replace(brandsOpera, "Opera", "Opera GX", 1), "0", "Windows"),
	"Opera on a phone":                  chromiumHead(onAndroid+"Chrome/141.0.0.0 Mobile Safari/537.36 OPR/92.0.0.0", `"OperaMobile";v="92", "Chromium";v="141", "Not?A_Brand";v="8"`, "1", "Android"),
	"Samsung Internet":                  chromiumHead(onAndroid+"SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36", brandsSamsung, "1", "Android"),
	"Samsung Internet on a DeX desktop": chromiumHead(onLinux+"SamsungBrowser/29.0 Chrome/136.0.0.0 Safari/537.36", brandsSamsung, "0", "Android"),
	"Yandex":                            chromiumHead(onWindows+"Chrome/142.0.0.0 YaBrowser/25.10.0.0 Safari/537.36", brandsYandex, "0", "Windows"),
	"Brave":                             chromiumHead(onWindows+chrome142, `"Chromium";v="142", "Brave";v="142", "Not_A Brand";v="99"`, "0", "Windows"),
	"Vivaldi as Chrome":                 chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"),
	"DuckDuckGo on Windows' web view":   chromiumHead(onWindows+chrome142+" Ddg/142.0", `"DuckDuckGo";v="142", "Chromium";v="142", "Microsoft Edge WebView2";v="142"`, "0", "Windows"),
	"web view with an agent of its own": chromiumHead(onMac+"Chrome/120.0.0.0 Safari/537.36", `"Microsoft Edge";v="142", "Microsoft Edge WebView2";v="142", "Chromium";v="142"`, "0", "Windows"),
	"Electron as an old Chrome":         chromiumHead(onWindows+"Chrome/120.0.0.0 Safari/537.36", `"Chromium";v="142", "Not_A Brand";v="99"`, "0", "Linux"),
	"Quest":                             chromiumHead("Mozilla/5.0 (X11; Linux x86_64; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) OculusBrowser/33.0 Chrome/126.0.0.0 VR Safari/537.36", `"Oculus Browser";v="33", "Chromium";v="126"`, "0", "Android"),
	"developer tools: a Pixel":          chromiumHead(onAndroid+mobile142, brandsChrome, "1", "Android", `sec-ch-ua-model: "Pixel 7"`),
	"developer tools: an iPhone":        chromiumHead(iPhoneUA, brandsChrome, "1", "iOS"),
	"Facebook's web view":               chromiumHead(inApp+"Chrome/142.0.7444.102 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/530.0.0.48.74;]", brandsWebView, "1", "Android", "X-Requested-With: com.facebook.katana"),
	"Instagram's web view":              chromiumHead(inApp+"Chrome/142.0.7444.102 Mobile Safari/537.36 Instagram 400.0.0.0.0 Android", brandsWebView, "1", "Android", "X-Requested-With: com.instagram.android"),
	"TikTok's web view":                 hintless(inApp+"Chrome/110.0.5481.153 Mobile Safari/537.36 trill_420 BytedanceWebview/d8a21c6", "X-Requested-With: com.ss.android.ugc.trill"),
	"web view as an iPhone":             chromiumHead(iPhoneUA, brandsWebView, "1", "Android"),
	"Facebook on an iPhone":             safariHead(onIPhone + "Mobile/15E148 [FBAN/FBIOS;FBAV/530.0.0.48.74;FBBV/1;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.6;FBSS/3;FBCR/;FBID/phone;FBLC/en_US;FBOP/80]"),
	"Chrome on an iPhone":               safariHead(onIPhone + "CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1"),
	"Firefox":                           firefoxHead(firefoxUA),
	"Firefox on a phone":                firefoxHead("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"),
	"Firefox 78":                        lines("User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:78.0) Gecko/20100101 Firefox/78.0", acceptPlain, "Accept-Language: de", "Accept-Encoding: gzip, deflate, br", "Connection: keep-alive"),
	"Safari, iPad as a Mac":             safariHead(safariUA),
	"Safari on an iPhone":               safariHead(iPhoneUA),
	"Safari in a frame":                 with(safariHead(safariUA), "Sec-Fetch-Dest", "iframe"),
	"Safari 15":                         lines("User-Agent: "+oldSafariUA, acceptPlain, "Accept-Language: en-GB,en;q=0.9", "Accept-Encoding: gzip, deflate, br"),
	"Internet Explorer":                 lines("Accept: text/html, application/xhtml+xml, */*", "Accept-Language: de-DE", "User-Agent: Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Accept-Encoding: gzip, deflate"),
	"Internet Explorer, page reloaded":  lines("Accept: */*", "Accept-Language: de-DE", "User-Agent: Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Accept-Encoding: gzip, deflate"),
	"behind a CDN that sets encodings":  lines("CF-RAY: 1-FRA", "Accept-Encoding: gzip, br", "X-Forwarded-Proto: https") + chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"),
	"behind a proxy that sorts":         sorted(onWindows+chrome142, "X-Forwarded-For: 192.0.2.1"),
}

var programs = map[string]struct {
	head string
	want string
}{
	"curl":            {lines("User-Agent: curl/8.5.0", "Accept: */*"), "missing_accept_language missing_accept_encoding"},
	"curl as Chrome":  {lines("User-Agent: "+onWindows+chrome142, "Accept: */*"), "missing_accept_language missing_accept_encoding missing_sec_fetch missing_client_hints accept_without_html"},
	"python requests": {lines("User-Agent: python-requests/2.32.3", "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive"), "missing_accept_language"},
	"python requests as Chrome": {lines("User-Agent: "+onWindows+chrome142, "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive"),
		"missing_accept_language missing_sec_fetch missing_client_hints accept_without_html header_order"},
	"Go":           {lines("User-Agent: Go-http-client/1.1", "Accept-Encoding: gzip"), "missing_accept missing_accept_language"},
	"Go as Safari": {lines("User-Agent: "+safariUA, "Accept-Encoding: gzip"), "missing_accept missing_accept_language missing_sec_fetch"},
	"Scrapy as Firefox": {lines(acceptPlain, "Accept-Language: en", "User-Agent: "+firefoxUA, "Accept-Encoding: gzip, deflate, br"),
		"missing_sec_fetch"},
	"headers in the order of the alphabet":     {sorted(onWindows + chrome142), "header_order"},
	"Firefox's headers in Chrome's order":      {hintless(firefoxUA), "header_order"},
	"a robot with an address":                  {chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows", "From: bot@example.com"), "program_header"},
	"old header":                               {chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows", "Accept-Charset: utf-8"), "program_header"},
	"headless Chrome in its old mode, renamed": {chromiumHead(onWindows+chrome142, `"HeadlessChrome";v="142", "Chromium";v="142", "Not_A Brand";v="99"`, "0", "Windows"), "client_hint_contradiction"},
	"headless Chrome on a server as a phone":   {chromiumHead(onAndroid+mobile142, brandsChrome, "0", "Linux"), "client_hint_contradiction"},
	"headless Chrome on a server as Windows":   {chromiumHead(onWindows+chrome142, brandsChrome, "0", "Linux"), "client_hint_contradiction"},
	"agent from a list, hints copied once":     {chromiumHead(onMac+"Chrome/131.0.0.0 Safari/537.36", brandsChrome, "0", "Windows"), "client_hint_contradiction"},
	"another version":                          {chromiumHead(onWindows+"Chrome/131.0.0.0 Safari/537.36", brandsChrome, "0", "Windows"), "client_hint_contradiction"},
	"another version of Edge":                  {chromiumHead(onWindows+"Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", brandsEdge, "0", "Windows"), "client_hint_contradiction"},
	"Edge with Chrome's hints":                 {chromiumHead(onWindows+chrome142+" Edg/142.0.0.0", brandsChrome, "0", "Windows"), "client_hint_contradiction"},
	"Samsung Internet with Opera's hints":      {chromiumHead(onAndroid+"SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36", brandsOpera, "1", "Android"), "client_hint_contradiction"},
	"Firefox with Chrome's hints":              {with(firefoxHead(firefoxUA), "Priority", "") + lines("Sec-Ch-Ua: "+brandsChrome, `Sec-Ch-Ua-Platform: "Windows"`), "client_hint_contradiction"},
	"iPhone with Chrome's hints":               {safariHead(iPhoneUA) + lines("Sec-Ch-Ua: "+brandsChrome, `Sec-Ch-Ua-Platform: "macOS"`), "client_hint_contradiction"},
	"Chrome on an iPhone with Chrome's hints":  {safariHead(onIPhone+"CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1") + lines("Sec-Ch-Ua: "+brandsChrome), "client_hint_contradiction"},
	"phone that is no phone":                   {chromiumHead(onAndroid+mobile142, brandsChrome, "0", "Android"), "client_hint_contradiction"},
	"computer that is a phone":                 {chromiumHead(onWindows+chrome142, brandsChrome, "1", "Windows"), "client_hint_contradiction"},
	"Android with Windows' hints":              {chromiumHead(onAndroid+chrome142, brandsChrome, "0", "Windows"), "client_hint_contradiction"},
	"stuffed image":                            {imageRequest, "sec_fetch_contradiction accept_without_html"},
	"fetch of a script":                        {with(with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Dest", "empty"), "Sec-Fetch-Mode", "cors"), "sec_fetch_contradiction"},
	"data without a mode":                      {with(with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Dest", "empty"), "Sec-Fetch-Mode", ""), "sec_fetch_contradiction"},
	"document that no page opens":              {with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Mode", "no-cors"), "sec_fetch_contradiction"},
	"frame that nobody clicked in":             {with(with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"), "Sec-Fetch-Dest", "iframe"), "Sec-Fetch-User", ""), "frame_without_user"},
}

// imageRequest is what Chrome sends for <img src=...>.
var imageRequest = with(with(with(with(chromiumHead(onWindows+chrome142, brandsChrome, "0", "Windows"),
	"Sec-Fetch-Dest", "image"), "Sec-Fetch-Mode", "no-cors"), "Sec-Fetch-User", ""), "Accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8")
