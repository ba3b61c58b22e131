package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// A sketch is the answer when there is no time for the rules: the common
// browsers and systems, named as uap-core names them, by what their strings
// hold. It is right about nearly all of today's traffic, whose strings browsers
// have cut down to a few shapes.

// browserMarks tell a browser by a mark, behind which its version stands. The
// first found counts: a newer browser's string holds those it grew out of.
var browserMarks = []struct{ mark, mobile, desktop string }{
	{"fbav/", "Facebook", "Facebook"},
	{"instagram ", "Instagram", "Instagram"},
	{" gsa/", "Google", "Google"},
	{"duckduckgo/", "DuckDuckGo Mobile", "DuckDuckGo"},
	{"edga/", "Edge Mobile", "Edge Mobile"},
	{"edgios/", "Edge Mobile", "Edge Mobile"},
	{"edge/", "Edge Mobile", "Edge"},
	{"edg/", "Edge", "Edge"},
	{"opr/", "Opera Mobile", "Opera"},
	{"samsungbrowser/", "Samsung Internet", "Samsung Internet"},
	{"yabrowser/", "Yandex Browser", "Yandex Browser"},
	{"ucbrowser/", "UC Browser", "UC Browser"},
	{"silk/", "Amazon Silk", "Amazon Silk"},
	{"crios/", "Chrome Mobile iOS", "Chrome Mobile iOS"},
	{"fxios/", "Firefox iOS", "Firefox iOS"},
	{"firefox/", "Firefox Mobile", "Firefox"},
	{"chrome/", "Chrome Mobile", "Chrome"},
	{"version/", "Mobile Safari", "Safari"},
	{"msie ", "IE Mobile", "IE"},
}

// systemMarks do the same for systems.
var systemMarks = []struct{ mark, name string }{
	{"windows phone ", "Windows Phone"},
	{"windows nt ", "Windows"},
	{"iphone os ", "iOS"},
	{"cpu os ", "iOS"},
	{"android ", "Android"},
	{"android", "Android"},
	{"mac os x ", "Mac OS X"},
	{"cros ", "Chrome OS"},
	{"ubuntu", "Ubuntu"},
	{"fedora", "Fedora"},
	{"linux", "Linux"},
}

// windowsNames are the names that go with Windows' internal versions.
var windowsNames = map[string]string{
	"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.1": "XP",
}

// sketch describes a browser without its brand and model.
func sketch(ua string) *click.Device {
	var buf [maxLen]byte
	low := fold(ua, &buf)
	d := &click.Device{BrowserName: other, OSName: other, Type: deviceType(ua)}
	mobile := strings.Contains(low, "mobile")
	for _, b := range browserMarks {
		if _, rest, ok := strings.Cut(low, b.mark); ok {
			d.BrowserName, d.BrowserVersion = b.desktop, leadingVersion(rest, 3)
			if mobile {
				d.BrowserName = b.mobile
			}
			break
		}
	}
	if d.BrowserName == "Chrome Mobile" && strings.Contains(low, "; wv)") {
		d.BrowserName = "Chrome Mobile WebView"
	}
	for _, s := range systemMarks {
		if _, rest, ok := strings.Cut(low, s.mark); ok {
			d.OSName, d.OSVersion = s.name, leadingVersion(rest, 4)
			break
		}
	}
	if name := windowsNames[d.OSVersion]; d.OSName == "Windows" && name != "" {
		d.OSVersion = name
	}
	return d
}

// leadingVersion reads up to max numbers, joined by dots or, as Apple writes
// them, underscores. The result is memory of its own.
func leadingVersion(s string, max int) string {
	var b strings.Builder
	for n := 0; n < max; n++ {
		end := 0
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end == 0 {
			break
		}
		if n > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s[:end])
		if end == len(s) || s[end] != '.' && s[end] != '_' {
			break
		}
		s = s[end+1:]
	}
	return b.String()
}
