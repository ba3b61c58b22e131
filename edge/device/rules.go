package device

import (
	"strings"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/click"
)

// look asks uap-core's rules. All strings of the answer are memory of their own.
func look(rules *uap.Parser, ua string) *click.Device {
	browser, os, spider := rules.Browse(ua)
	if spider {
		if s, believed := asSpider(ua); believed {
			return s.device()
		}
	}
	return &click.Device{
		BrowserName:    browser.Family,
		BrowserVersion: version(browser.Major, browser.Minor, browser.Patch),
		OSName:         os.Family,
		OSVersion:      version(os.Major, os.Minor, os.Patch, os.PatchMinor),
		Type:           deviceType(ua),
	}
}

// Model tells brand and model of the device that ua names. It is a parse of its
// own: clicks do without.
func (p *Parser) Model(ua string) (brand, model string) {
	d := p.rules.Parse(ua[:min(len(ua), maxLen)]).Device
	if d.Family == uap.Spider {
		return "", ""
	}
	return d.Brand, d.Model
}

// version joins the parts of a version up to the first that is missing.
func version(parts ...string) string {
	n := 0
	for n < len(parts) && parts[n] != "" {
		n++
	}
	return strings.Join(parts[:n], ".")
}
