package hints

import "github.com/clickgate/clickgate/internal/click"

// Contradict tells whether the hints name another browser, system or form factor
// than the user agent that d was read from (click.SignalClientHintContradiction).
//
// It is a reason to reject, so it judges only hints of vendors' own builds,
// where both come from the same place (components/embedder_support/
// user_agent_utils.cc in Chromium), and knows the honest differences:
//
//   - The user agent is frozen: "Windows NT 10.0" on Windows 11, "Intel Mac OS X
//     10_15_7" on every Mac, "Android 10; K" on every phone
//     (https://www.chromium.org/updates/ua-reduction/).
//   - Brave, Vivaldi and others have their brand in the hints only; Edge calls
//     itself Chrome on sites that need it.
//   - Android's desktop site says "X11; Linux x86_64", and the hints Linux or
//     Android; browsers of phones' makers also say Windows or Mac there.
//   - Apps set the user agent of their web view as they like (Edge WebView2;
//     Android WebView, Electron and CEF name no vendor).
//   - Developer tools emulate devices: Chrome sends no hints then, or consistent
//     ones; emulations of Apple's devices have a platform that no build has.
//   - Tablets and televisions leave "Mobile" out of both.
//   - Policies may freeze the user agent's version at 99.
//
// What remains are people who override their user agent by hand (--user-agent, an
// extension that does not know the hints): they forge it, too.
func (h *Hints) Contradict(d *click.Device) bool {
	switch {
	case d.Bot || d.BrowserName == "" || h.platform == otherPlatform:
		return false
	case h.named.has(edgeWebView):
		return false
	case h.named.has(headless):
		return true // the user agent would say so as well
	case h.named&vendors == 0:
		return false
	}
	claimed := brandOf(d)
	if d.OSName == "iOS" || claimed > googleChrome && !h.named.has(claimed) {
		return true // a browser without hints, or a vendor's with another's
	}
	return h.otherVersion(d, claimed) || h.otherSystem(d) || h.otherForm(d)
}

// brandOf is the brand that the user agent names, as far as it matters here.
func brandOf(d *click.Device) brand {
	switch d.BrowserName {
	case "Chrome", "Chrome Mobile":
		return googleChrome
	case "Edge", "Edge Mobile":
		return edge
	case "Opera", "Opera Mobile":
		return opera
	case "Samsung Internet":
		return samsungInternet
	case "Yandex Browser":
		return yandex
	case "Firefox", "Firefox Mobile", "Safari", "Mobile Safari", "Mobile Safari UI/WKWebView":
		return hintless
	}
	return noBrand
}

// frozenMajor is the user agent's version under ForceMajorVersionToMinorPosition
// (https://chromeenterprise.google/policies/).
const frozenMajor = 99

// otherVersion: both name Chrome, or both Edge, in different versions.
func (h *Hints) otherVersion(d *click.Device, b brand) bool {
	if b != h.brand || b != googleChrome && b != edge {
		return false
	}
	claimed, hinted := major(d.BrowserVersion), major(h.version)
	return claimed != hinted && claimed != 0 && hinted != 0 && claimed != frozenMajor
}

// otherSystem: one is Windows or a Mac and the other is not. Linux, Android and
// Chrome OS show each other's names too often.
func (h *Hints) otherSystem(d *click.Device) bool {
	claimed := systemOf(d)
	if claimed == noPlatform || h.platform == noPlatform || claimed == h.platform {
		return false
	}
	if h.platform == android {
		return false // the desktop site
	}
	return apart(claimed) || apart(h.platform)
}

func apart(p platform) bool { return p == windows || p == macOS }

// otherForm: a phone's Chrome that wants no phone's pages, or a computer's that
// does. Both follow one switch in Chrome.
func (h *Hints) otherForm(d *click.Device) bool {
	if h.brand != googleChrome {
		return false
	}
	switch h.mobile {
	case '0':
		return d.BrowserName == "Chrome Mobile" && d.OSName == "Android"
	case '1':
		return h.platform != android && apart(systemOf(d))
	}
	return false
}

// systemOf is the platform that the user agent names.
func systemOf(d *click.Device) platform {
	switch d.OSName {
	case "Windows":
		return windows
	case "Mac OS X":
		return macOS
	case "Linux", "Ubuntu", "Debian", "Fedora":
		return linux
	case "Android":
		return android
	case "Chrome OS":
		return chromeOS
	}
	return noPlatform
}
