package hints

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestParseBrands(t *testing.T) {
	for name, c := range map[string]struct {
		list    string
		brand   brand
		version string
		sent    bool
	}{
		"nothing":                     {"", noBrand, "", false},
		"Chrome":                      {`"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"`, googleChrome, "142", true},
		"Chrome, another order":       {`"Google Chrome";v="142","Not_A Brand";v="99","Chromium";v="142"`, googleChrome, "142", true},
		"Chromium":                    {`"Chromium";v="142", "Not_A Brand";v="99"`, chromium, "142", true},
		"Edge's web view":             {`"Microsoft Edge";v="1", "Microsoft Edge WebView2";v="2", "Chromium";v="3"`, edgeWebView, "2", true},
		"unknown only":                {`"Whale";v="4"`, noBrand, "4", true},
		"escapes":                     {`"\\Not\"A;Brand";v="99", "Chromium";v="142"`, chromium, "142", true},
		"semicolon in a name":         {`" Not;A Brand";v="99", "Chromium";v="142"`, chromium, "142", true},
		"other parameters":            {`"Chromium";a;b=1;c="x"; v="142"`, chromium, "142", true},
		"tabs":                        {"\"Chromium\";v=\"142\"\t,\t\"Opera\";v=\"9\"", opera, "9", true},
		"no version":                  {`"Chromium"`, chromium, "", true},
		"token":                       {`Chromium;v="142"`, noBrand, "", false},
		"open string":                 {`"Chromium";v="142`, noBrand, "", false},
		"comma at the end":            {`"Chromium";v="142",`, noBrand, "", false},
		"no comma":                    {`"Chromium";v="142" "Opera";v="1"`, noBrand, "", false},
		"something else for a comma":  {`"Chromium";v="142"x"Opera";v="1"`, noBrand, "", false},
		"control byte before a quote": {"\"A\x01\"A\";v=\"1\", \"Chromium\";v=\"142\"", noBrand, "", false},
		"bad escape":                  {`"Chro\mium";v="142"`, noBrand, "", false},
		"escape at the end":           {`"Chromium\`, noBrand, "", false},
		"no key":                      {`"Chromium";="142"`, noBrand, "", false},
		"no value":                    {`"Chromium";v=`, noBrand, "", false},
		"not ASCII":                   {`"Chromium";v="142", "Бренд";v="1"`, noBrand, "", false},
		"control byte":                {"\"Chromium\x01\";v=\"142\"", noBrand, "", false},
		"too long a list":             {strings.Repeat(`"A";v="1",`, maxMembers) + `"Chromium";v="142"`, noBrand, "", false},
		"the longest list":            {strings.Repeat(`"A";v="1",`, maxMembers-1) + `"Chromium";v="142"`, chromium, "142", true},
		"good, then bad: all lost":    {`"Google Chrome";v="142", x`, noBrand, "", false},
	} {
		h := Parse(&Headers{Brands: c.list})
		if h.brand != c.brand || h.version != c.version || h.Sent() != c.sent {
			t.Errorf("%s: brand %d version %q sent %v, want %d %q %v", name, h.brand, h.version, h.Sent(), c.brand, c.version, c.sent)
		}
	}
}

func TestParsePlatformAndMobile(t *testing.T) {
	for header, want := range map[string]platform{
		"": noPlatform, `""`: noPlatform, `"Unknown"`: noPlatform, "Windows": noPlatform, `"Windows" x`: noPlatform,
		`"Windows"`: windows, `"macOS"`: macOS, `"Mac OS X"`: macOS, `"Linux"`: linux, `"Android"`: android,
		`"Chrome OS"`: chromeOS, `"Chromium OS"`: chromeOS, `"iOS"`: otherPlatform, `"Win\\dows"`: noPlatform,
		`"` + strings.Repeat("W", maxText+1) + `"`: noPlatform,
	} {
		if got := Parse(&Headers{Platform: header}).platform; got != want {
			t.Errorf("platform %q: %d, want %d", header, got, want)
		}
	}
	for header, want := range map[string]byte{"?0": '0', "?1": '1', "": 0, "?2": 0, "1": 0, "?": 0, "?10": 0, "!1": 0} {
		if got := Parse(&Headers{Mobile: header}).mobile; got != want {
			t.Errorf("mobile %q: %q, want %q", header, got, want)
		}
	}
}

// Cases of Contradict beside the header sets in edge: what is honest.
func TestNotContradicted(t *testing.T) {
	chrome := &click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Windows"}
	list := `"Google Chrome";v="142", "Chromium";v="142"`
	for name, c := range map[string]struct {
		d *click.Device
		h Headers
	}{
		"no hints":             {chrome, Headers{}},
		"malformed":            {&click.Device{BrowserName: "Firefox"}, Headers{Brands: list + ","}},
		"a program":            {&click.Device{Bot: true, BrowserName: "Firefox"}, Headers{Brands: list}},
		"nothing known":        {&click.Device{}, Headers{Brands: `"HeadlessChrome";v="1"`}},
		"unknown browser":      {&click.Device{BrowserName: "Konqueror", OSName: "Linux"}, Headers{Brands: list, Platform: `"Linux"`}},
		"unknown system":       {&click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Fuchsia"}, Headers{Brands: list, Platform: `"Windows"`}},
		"no platform":          {chrome, Headers{Brands: list}},
		"no version":           {chrome, Headers{Brands: `"Google Chrome";v="x"`, Platform: `"Windows"`}},
		"no version of agent":  {&click.Device{BrowserName: "Chrome", OSName: "Windows"}, Headers{Brands: list, Platform: `"Windows"`}},
		"a distribution":       {&click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Ubuntu"}, Headers{Brands: list, Platform: `"Linux"`}},
		"Chrome OS on Linux":   {&click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Chrome OS"}, Headers{Brands: list, Platform: `"Linux"`}},
		"no vendor's own":      {&click.Device{BrowserName: "Firefox", OSName: "Windows"}, Headers{Brands: `"Chromium";v="142"`, Platform: `"Linux"`}},
		"a television's phone": {&click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Android"}, Headers{Brands: list, Platform: `"Android"`, Mobile: "?0"}},
		"Edge's form":          {&click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.0", OSName: "Android"}, Headers{Brands: `"Microsoft Edge";v="142"`, Mobile: "?0"}},
		"phone's desktop site": {chrome, Headers{Brands: list, Platform: `"Android"`, Mobile: "?1"}},
		"another's mobile":     {&click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.0", OSName: "Android"}, Headers{Brands: `"Brave";v="142"`, Mobile: "?0"}},
	} {
		h := Parse(&c.h)
		if h.Contradict(c.d) {
			t.Errorf("%s: a contradiction between %+v and %+v", name, c.h, *c.d)
		}
	}
}
