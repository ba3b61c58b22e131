package signal

import "github.com/clickgate/clickgate/internal/click"

// engine is what sends a browser's requests.
type engine uint8

const (
	unknown engine = iota
	blink
	gecko
	webkit
	// embedded is a web view: it loads pages as browsers do, but its app may
	// change the headers.
	embedded
)

// browser is what may be expected of a user agent.
type browser struct {
	engine engine
	fetch  bool // it sends Sec-Fetch-*
	hints  bool // it sends Sec-CH-UA
}

// browserOf tells what may be expected of d. The versions are those of
// https://github.com/mdn/browser-compat-data: Sec-Fetch-Dest came with Chrome 80,
// Firefox 90 and Safari 16.4, Sec-CH-UA with Chrome 89.
func browserOf(d *click.Device) browser {
	switch d.BrowserName {
	case "Chrome", "Chrome Mobile":
		return blinkSince(d, 1, 80, 89)
	case "Edge", "Edge Mobile":
		return blinkSince(d, 79, 80, 89) // its own engine before
	case "Opera":
		return blinkSince(d, 15, 67, 75)
	case "Opera Mobile":
		return blinkSince(d, 15, 57, 63)
	case "Samsung Internet":
		return blinkSince(d, 5, 14, 15)
	case "Firefox", "Firefox Mobile":
		return browser{engine: gecko, fetch: since(d, 90, 0)}
	case "Safari", "Mobile Safari":
		return browser{engine: webkit, fetch: since(d, 16, 4)}
	case "Chrome Mobile WebView", "Chrome Mobile iOS", "Mobile Safari UI/WKWebView", "Facebook", "Instagram":
		return browser{engine: embedded}
	}
	return browser{}
}

func blinkSince(d *click.Device, first, fetch, hints int) browser {
	if !since(d, first, 0) {
		return browser{}
	}
	return browser{engine: blink, fetch: since(d, fetch, 0), hints: since(d, hints, 0)}
}

// since tells whether d's browser has at least a version.
func since(d *click.Device, wantMajor, wantMinor int) bool {
	major, rest := number(d.BrowserVersion)
	if major != wantMajor || wantMinor == 0 {
		return major >= wantMajor
	}
	if rest == "" {
		return false
	}
	minor, _ := number(rest[1:])
	return minor >= wantMinor
}

// number is the number that s begins with, at most 10^6, and what follows it.
func number(s string) (n int, rest string) {
	i := 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		n = min(n*10+int(s[i]-'0'), 1_000_000)
	}
	return n, s[i:]
}
