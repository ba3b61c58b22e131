package target

// Names are compared without case. Beyond that, a rule on a family covers the
// variants that user-agent parsing tells apart: "Chrome" is also Chrome on
// phones, on iOS and in apps' web views, because that is what an operator means
// who picks Chrome from a list. A rule on the variant's own name wins, so
// {"Chrome": true, "Chrome Mobile WebView": false} keeps web views out. Other
// browsers on the same engine (Edge, Opera, Samsung Internet) are no variants.

// browserFamilies leads from a variant, folded, to its family.
var browserFamilies = map[string]string{
	"chrome mobile":              "chrome",
	"chrome mobile ios":          "chrome",
	"chrome mobile webview":      "chrome",
	"edge mobile":                "edge",
	"firefox ios":                "firefox",
	"firefox mobile":             "firefox",
	"ie mobile":                  "ie",
	"mobile safari":              "safari",
	"mobile safari ui/wkwebview": "safari",
	"opera mini":                 "opera",
	"opera mobile":               "opera",
	"opera tablet":               "opera",
	"yandex mobile":              "yandex browser",
}

// osFamilies does the same for systems: distributions are Linux. Android and
// Chrome OS are not, since nobody who says Linux means them.
var osFamilies = map[string]string{
	"arch linux": "linux",
	"centos":     "linux",
	"debian":     "linux",
	"fedora":     "linux",
	"gentoo":     "linux",
	"ipados":     "ios",
	"linux mint": "linux",
	"mandriva":   "linux",
	"red hat":    "linux",
	"slackware":  "linux",
	"suse":       "linux",
	"ubuntu":     "linux",
}

// What operators call things, folded, and what parsing calls them.
var (
	browserAliases = map[string]string{
		"google chrome":     "chrome",
		"internet explorer": "ie",
		"microsoft edge":    "edge",
		"mozilla firefox":   "firefox",
		"msie":              "ie",
		"yandex":            "yandex browser",
	}
	osAliases = map[string]string{
		"chromeos":  "chrome os",
		"iphone os": "ios",
		"mac":       "mac os x",
		"mac os":    "mac os x",
		"macos":     "mac os x",
		"os x":      "mac os x",
		"osx":       "mac os x",
	}
	typeAliases = map[string]string{
		"connected tv": "tv",
		"desktop":      "computer",
		"laptop":       "computer",
		"mobile":       "phone", // not tablets: they have a type of their own
		"pc":           "computer",
		"smart tv":     "tv",
		"smartphone":   "phone",
	}
	countryAliases = map[string]string{
		"el": "gr",
		"uk": "gb",
	}
)

// deviceTypes are the values of click.Device.Type, folded.
var deviceTypes = map[string]bool{
	"phone": true, "tablet": true, "computer": true, "tv": true, "bot": true, "other": true,
}
