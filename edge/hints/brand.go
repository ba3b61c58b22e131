package hints

import "github.com/clickgate/clickgate/internal/click"

// brand is a brand of a browser. Of several in one list the greatest says most:
// every list names Chromium, and Edge's web view names Edge, too.
type brand uint8

const (
	// noBrand is every brand that is not listed here, and the meaningless ones
	// that Chromium mixes in ("Not;A=Brand" in changing spellings).
	noBrand brand = iota
	chromium
	googleChrome
	brave
	vivaldi
	duckDuckGo
	cocCoc
	avast
	silk
	yandex
	samsungInternet
	opera
	edge
	webView     // Android's
	edgeWebView // Windows'
	headless    // Chrome without a window, in its old mode
	// hintless stands for user agents of browsers that send no hints
	// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-CH-UA),
	// so no list names it.
	hintless
)

// brandSet is a set of brands. Bit 0 tells that there was any.
type brandSet uint32

func (s brandSet) with(b brand) brandSet { return s | 1<<b }
func (s brandSet) has(b brand) bool      { return s&(1<<b) != 0 }

// vendors are the brands that belong to one vendor's own builds, whose hints and
// user agent are made from the same values. Everybody else may build Chromium
// or embed it and set one without the other.
const vendors = brandSet(1<<googleChrome | 1<<yandex | 1<<samsungInternet | 1<<opera | 1<<edge)

func brandNamed(name string) brand {
	switch name {
	case "Chromium":
		return chromium
	case "Google Chrome":
		return googleChrome
	case "Brave":
		return brave
	case "Vivaldi":
		return vivaldi
	case "DuckDuckGo":
		return duckDuckGo
	case "CocCoc", "Coc Coc":
		return cocCoc
	case "Avast Secure Browser":
		return avast
	case "Amazon Silk":
		return silk
	case "YaBrowser", "Yandex":
		return yandex
	case "Samsung Internet":
		return samsungInternet
	case "Opera", "Opera GX", "OperaMobile", "Opera Mobile":
		return opera
	case "Microsoft Edge":
		return edge
	case "Android WebView":
		return webView
	case "Microsoft Edge WebView2":
		return edgeWebView
	case "HeadlessChrome":
		return headless
	}
	return noBrand
}

// families are the names that uap-core gives the browsers of a brand, on
// computers and on phones; none where it knows no name.
var families = [...]struct{ computer, phone string }{
	googleChrome:    {"Chrome", "Chrome Mobile"},
	brave:           {"Brave", "Brave"},
	vivaldi:         {"Vivaldi", "Vivaldi"},
	duckDuckGo:      {"DuckDuckGo", "DuckDuckGo Mobile"},
	cocCoc:          {"Coc Coc", "Coc Coc"},
	avast:           {"Avast Secure Browser", "Avast Secure Browser"},
	silk:            {"Amazon Silk", "Amazon Silk"},
	yandex:          {"Yandex Browser", "Yandex Browser"},
	samsungInternet: {"Samsung Internet", "Samsung Internet"},
	opera:           {"Opera", "Opera Mobile"},
	edge:            {"Edge", "Edge Mobile"},
	webView:         {"Chrome", "Chrome Mobile WebView"},
	headless:        {},
}

// names tells whether uap-core calls the browsers of b so.
func (b brand) names(family string) bool {
	f := &families[b]
	return family != "" && (f.computer == family || f.phone == family)
}

// generic tells whether the user agent names no more than Chrome, which all
// browsers on Chromium do that have no name of their own in it.
func generic(d *click.Device) bool {
	return d.BrowserName == "Chrome" || d.BrowserName == "Chrome Mobile"
}
