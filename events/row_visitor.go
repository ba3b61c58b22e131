package events

import (
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

func appendVisitor(dst []byte, c *click.Click) []byte {
	if c.IP.IsValid() {
		dst = append(dst, `,"click_ip":"`...)
		dst = append(c.IP.WithZone("").AppendTo(dst), '"')
	}
	dst = appendText(dst, `,"uuid":`, c.UUID, maxText)
	dst = appendText(dst, `,"fingerprint":`, c.Fingerprint, maxText)
	dst = appendText(dst, `,"device_id":`, c.DeviceID, maxText)
	dst = appendText(dst, `,"user_agent":`, c.UserAgent, maxUserAgent)
	return appendLanguages(dst, c.AcceptLanguage)
}

// appendLanguages appends the language tags of an Accept-Language header in
// the header's order, without their weights.
func appendLanguages(dst []byte, header string) []byte {
	prefix := `,"browser_language":[`
	for n := 0; n < maxLanguages && header != ""; {
		var item string
		item, header, _ = strings.Cut(header, ",")
		item, _, _ = strings.Cut(item, ";")
		item = strings.Trim(item, " \t")
		if item == "" {
			continue
		}
		dst = appendText(dst, prefix, item, maxLanguage)
		prefix = ","
		n++
	}
	if prefix == "," {
		dst = append(dst, ']')
	}
	return dst
}

func appendGeo(dst []byte, g *click.Geo) []byte {
	dst = appendText(dst, `,"country":`, g.Country, maxText)
	dst = appendText(dst, `,"city":`, g.City, maxText)
	dst = appendText(dst, `,"postal_code":`, g.PostalCode, maxText)
	if g.HasLocation {
		dst = appendNumber(dst, `,"lat":`, g.Lat)
		dst = appendNumber(dst, `,"long":`, g.Long)
	}
	if g.Network.IsValid() {
		dst = append(dst, `,"ip_network":"`...)
		dst = append(g.Network.AppendTo(dst), '"')
	}
	if g.ASN != 0 {
		dst = strconv.AppendUint(append(dst, `,"asn":`...), uint64(g.ASN), 10)
	}
	dst = appendText(dst, `,"isp":`, g.ISP, maxText)
	return appendText(dst, `,"proxy_type":`, g.Proxy.String(), maxText)
}

func appendDevice(dst []byte, d *click.Device) []byte {
	if d == nil {
		return dst
	}
	dst = appendText(dst, `,"browser_name":`, d.BrowserName, maxText)
	dst = appendText(dst, `,"browser_version":`, d.BrowserVersion, maxText)
	dst = appendText(dst, `,"os_name":`, d.OSName, maxText)
	dst = appendText(dst, `,"os_version":`, d.OSVersion, maxText)
	return appendText(dst, `,"device_type":`, d.Type, maxText)
}
