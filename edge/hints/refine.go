package hints

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// Refine returns what d and the hints tell together: the browser behind a user
// agent that says no more than Chrome, full versions, the system's true version,
// the model. Names are those of uap-core. Where the hints add nothing the answer
// is d; otherwise it is into, overwritten, whose strings may be views into the
// headers: it lives as long as the request. Hints that contradict d must not
// refine it; which of the two is true is unknown.
func (h *Hints) Refine(d, into *click.Device) *click.Device {
	if !h.Sent() || d.Bot || d.BrowserName == "" || !h.adds(d) {
		return d
	}
	*into = *d
	h.refineBrowser(into)
	h.refineSystem(into)
	return into
}

// adds tells whether the hints may say more than d, which few do that nobody
// asked for.
func (h *Hints) adds(d *click.Device) bool {
	x := h.headers
	return x.FullVersions != "" || x.PlatformVersion != "" || x.Model != "" || x.FormFactors != "" ||
		h.brand > googleChrome && generic(d) || h.desktopSite(d)
}

// desktopSite tells whether d is an Android device that asks for computers' pages.
func (h *Hints) desktopSite(d *click.Device) bool {
	return h.platform == android && d.OSName == "Linux"
}

func (h *Hints) refineBrowser(d *click.Device) {
	full := h.fullVersion()
	same := h.brand.names(d.BrowserName) || h.brand == chromium && generic(d)
	switch {
	case same && full != "" && major(full) == major(d.BrowserVersion):
		d.BrowserVersion = parts(full, 3)
	case !same && generic(d):
		h.nameBrowser(d, full)
	}
}

// nameBrowser sets the browser to the hinted brand, if uap-core knows it.
func (h *Hints) nameBrowser(d *click.Device, full string) {
	name := families[h.brand].computer
	if d.BrowserName == "Chrome Mobile" {
		name = families[h.brand].phone
	}
	version := full
	if version == "" {
		version = h.version
	}
	if name == "" || !isVersion(version) {
		return
	}
	d.BrowserName, d.BrowserVersion = name, parts(version, 3)
}

// fullVersion is the version of h's brand in Sec-CH-UA-Full-Version-List.
func (h *Hints) fullVersion() string {
	list := h.headers.FullVersions
	for range maxMembers {
		if list == "" {
			break
		}
		m, rest, ok := cutMember(list)
		if !ok {
			break
		}
		if brandNamed(m.name) == h.brand && isVersion(m.version) {
			return m.version
		}
		list = rest
	}
	return ""
}

func (h *Hints) refineSystem(d *click.Device) {
	version := text(h.headers.PlatformVersion)
	if !isVersion(version) {
		version = ""
	}
	switch {
	case h.desktopSite(d):
		d.OSName, d.OSVersion, d.Type = "Android", "", h.androidType()
		h.refineAndroid(d, version)
	case systemOf(d) != h.platform:
	case h.platform == android:
		h.refineAndroid(d, version)
	case h.platform == windows:
		if name := windowsName(version); name != "" {
			d.OSVersion = name
		}
	case (h.platform == macOS || h.platform == chromeOS) && version != "":
		d.OSVersion = strings.TrimSuffix(version, ".0.0")
	}
}

func (h *Hints) refineAndroid(d *click.Device, version string) {
	if version != "" {
		d.OSVersion = strings.TrimSuffix(version, ".0.0")
	}
	if model := text(h.headers.Model); model != "" {
		setModel(d, model)
	}
	if d.Type == phone || d.Type == tablet {
		d.Type = h.form(d.Type)
	}
}

// The values of click.Device.Type that hints can tell.
const (
	phone  = "Phone"
	tablet = "Tablet"
)

// androidType is the type of an Android device whose user agent hides it, by the
// rule that user agents are read by: tablets are those that are not mobile.
func (h *Hints) androidType() string {
	if h.mobile == '1' {
		return phone
	}
	return tablet
}

// form is the type that Sec-CH-UA-Form-Factors name, or else the known one.
func (h *Hints) form(known string) string {
	list := h.headers.FormFactors
	for range maxMembers {
		m, rest, ok := cutMember(list)
		switch {
		case !ok:
			return known
		case m.name == "Mobile":
			return phone
		case m.name == "Tablet":
			return tablet
		}
		list = rest
	}
	return known
}
