// Package hints reads the user agent client hints of a request (Sec-CH-UA*,
// https://wicg.github.io/ua-client-hints/): what they add to the user agent, and
// whether they contradict it.
//
// Chromium sends three of them with every request over https: its brands, the
// platform and whether it wants a phone's page. The others come only when an
// earlier answer of the same origin asked for them (Ask). Firefox, Safari and
// all browsers on iOS send none.
package hints

import "strings"

// Ask is the value of an Accept-CH header that asks for the hints which Refine
// can use beyond those that are always sent. A browser honours it over https
// only, and from its next request to the same origin on.
const Ask = "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Form-Factors"

// Headers are the values of the hints as they came: views into the request.
type Headers struct {
	Brands          string // Sec-CH-UA
	FullVersions    string // Sec-CH-UA-Full-Version-List
	Mobile          string // Sec-CH-UA-Mobile
	Platform        string // Sec-CH-UA-Platform
	PlatformVersion string // Sec-CH-UA-Platform-Version
	Model           string // Sec-CH-UA-Model
	FormFactors     string // Sec-CH-UA-Form-Factors
}

// Hints are the headers as understood. They are valid as long as the headers.
type Hints struct {
	headers *Headers
	// brand is the most telling of the known brands, named all of them.
	brand   brand
	version string
	named   brandSet
	// mobile is '0' or '1', 0 when unknown.
	mobile   byte
	platform platform
}

// platform is a value of Sec-CH-UA-Platform.
type platform uint8

const (
	noPlatform platform = iota
	windows
	macOS
	linux
	android
	chromeOS
	// otherPlatform is any that no build of a vendor has, as developer tools
	// send that emulate an iPhone.
	otherPlatform
)

// Parse reads the hints that are sent with every request; the others are read
// when they are used. What is malformed counts as not sent, as RFC 8941 asks. h
// is kept: let it be part of what is pooled.
func Parse(h *Headers) Hints {
	r := Hints{headers: h, platform: platformNamed(h.Platform)}
	if !r.readBrands(h.Brands) {
		r.brand, r.version, r.named = noBrand, "", 0
	}
	if len(h.Mobile) == 2 && h.Mobile[0] == '?' && (h.Mobile[1] == '0' || h.Mobile[1] == '1') {
		r.mobile = h.Mobile[1]
	}
	return r
}

// Sent tells whether the request has a list of brands. An empty one is none:
// browsers send it when somebody overrides their user agent.
func (h *Hints) Sent() bool { return h.named != 0 }

func (h *Hints) readBrands(list string) bool {
	for range maxMembers {
		if list == "" {
			return true
		}
		m, rest, ok := cutMember(list)
		if !ok {
			return false
		}
		b := brandNamed(m.name)
		h.named = h.named.with(b)
		if b >= h.brand {
			h.brand, h.version = b, m.version
		}
		list = rest
	}
	return list == ""
}

// platformNamed reads a platform. Chromium called macOS and Chrome OS otherwise
// in its first versions.
func platformNamed(header string) platform {
	if header == "" {
		return noPlatform
	}
	switch text(header) {
	case "", "Unknown":
		return noPlatform
	case "Windows":
		return windows
	case "macOS", "Mac OS X":
		return macOS
	case "Linux":
		return linux
	case "Android":
		return android
	case "Chrome OS", "Chromium OS", "CrOS":
		return chromeOS
	}
	return otherPlatform
}

// text is the value of a header that is one string, empty for anything else. A
// string with escapes is none: no system or device is called so.
func text(header string) string {
	s, rest, ok := cutString(header)
	if !ok || rest != "" || len(s) > maxText || strings.IndexByte(s, '\\') >= 0 {
		return ""
	}
	return s
}
