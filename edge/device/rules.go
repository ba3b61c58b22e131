package device

import (
	"strings"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/click"
)

// look asks uap-core's rules. All strings of the answer are memory of their own.
func look(rules *uap.Parser, ua string) *click.Device {
	r := rules.Parse(ua)
	if r.Device.Family == uap.Spider {
		if s, believed := asSpider(ua); believed {
			return s.device()
		}
		r.Device = uap.Device{} // no device either
	}
	return &click.Device{
		BrowserName:    r.Browser.Family,
		BrowserVersion: version(r.Browser.Major, r.Browser.Minor, r.Browser.Patch),
		OSName:         r.OS.Family,
		OSVersion:      version(r.OS.Major, r.OS.Minor, r.OS.Patch, r.OS.PatchMinor),
		Type:           deviceType(ua),
		Brand:          r.Device.Brand,
		Model:          r.Device.Model,
	}
}

// version joins the parts of a version up to the first that is missing.
func version(parts ...string) string {
	n := 0
	for n < len(parts) && parts[n] != "" {
		n++
	}
	return strings.Join(parts[:n], ".")
}
