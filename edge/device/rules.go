package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/ua-parser/uap-go/uaparser"
)

// look asks uap-core's rules, in their order. It walks them itself instead of
// calling the package's Parse, which starts three goroutines and takes the lock
// of a second cache for each call. All strings of the answer are fresh memory.
func look(rules *uaparser.RegexDefinitions, ua string) *click.Device {
	var dev uaparser.Device
	for _, r := range rules.Device {
		if r.Match(ua, &dev); dev.Family != "" {
			break
		}
	}
	if dev.Family == spider {
		if s, believed := asSpider(ua); believed {
			return s.device()
		}
		dev = uaparser.Device{} // no device either
	}
	browser, os := lookBrowser(rules, ua), lookOS(rules, ua)
	return &click.Device{
		BrowserName:    browser.Family,
		BrowserVersion: version(browser.Major, browser.Minor, browser.Patch),
		OSName:         os.Family,
		OSVersion:      version(os.Major, os.Minor, os.Patch, os.PatchMinor),
		Type:           deviceType(ua),
		Brand:          dev.Brand,
		Model:          dev.Model,
	}
}

func lookBrowser(rules *uaparser.RegexDefinitions, ua string) uaparser.UserAgent {
	var browser uaparser.UserAgent
	for _, r := range rules.UA {
		if r.Match(ua, &browser); browser.Family != "" {
			return browser
		}
	}
	return uaparser.UserAgent{Family: other}
}

func lookOS(rules *uaparser.RegexDefinitions, ua string) uaparser.Os {
	var os uaparser.Os
	for _, r := range rules.OS {
		if r.Match(ua, &os); os.Family != "" {
			return os
		}
	}
	return uaparser.Os{Family: other}
}

// version joins the parts of a version up to the first that is missing.
func version(parts ...string) string {
	n := 0
	for n < len(parts) && parts[n] != "" {
		n++
	}
	return strings.Join(parts[:n], ".")
}
