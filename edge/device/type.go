package device

import "strings"

// The values of click.Device.Type.
const (
	typePhone    = "Phone"
	typeTablet   = "Tablet"
	typeComputer = "Computer"
	typeTV       = "TV"
	typeBot      = "Bot"
	typeOther    = "Other"
)

// typeRules name the kind of device by what its user agent holds, in lower case.
// The first that holds counts. Consoles, watches, glasses and speakers come
// before the systems they run on, and are Other.
var typeRules = []struct {
	kind  string
	marks []string
}{
	{typeOther, []string{"playstation", "nintendo", "xbox", "watchos", "oculus", "quest ", "sonos"}},
	{typeTV, []string{
		"smart-tv", "smarttv", "smart_tv", "hbbtv", "googletv", "google tv", "android tv", "appletv", "apple tv", "tvos",
		"roku", "crkey", "netcast", "web0s", "bravia", "viera", "aquosbrowser", "dlnadoc", "inettvbrowser", "nettv",
		"; aft", " aft", "fire tv", "mibox", "chromecast", "philipstv", "dtv", "webtv", "large screen", "opera tv",
	}},
	{typeTablet, []string{"ipad", "tablet;", "tablet ", "playbook", "touchpad", "kindle", "; kf", "silk/"}},
	{typePhone, []string{
		"iphone", "ipod", "windows phone", "iemobile", "blackberry", "bb10", "kaios", "symbian", "series60", "series40",
		"midp", "j2me", "opera mini", "opera mobi", "maemo", "meego", "bada", "webos/", "(mobile;", "windows ce",
	}},
	{typePhone, makers[:]},
	{typeComputer, []string{"cros "}},
}

// desktopMarks tell a computer when nothing says that it is smaller.
var desktopMarks = []string{"windows", "macintosh", "mac os", "linux", "x11", "bsd", "sunos", "beos", "haiku", "amigaos"}

// deviceType tells the kind of device. Android's browsers say "Mobile" on phones
// and leave it out on tablets; its apps say nothing, and most are on phones.
func deviceType(ua string) string {
	var buf [maxLen]byte
	low := fold(ua, &buf)
	for _, r := range typeRules {
		if hasAny(low, r.marks) {
			return r.kind
		}
	}
	switch {
	case strings.Contains(low, "android"):
		if strings.Contains(low, "mozilla/") && !strings.Contains(low, "mobile") {
			return typeTablet
		}
		return typePhone
	case hasAny(low, desktopMarks):
		return typeComputer
	case strings.Contains(low, "mobile"), strings.Contains(low, "cfnetwork"):
		return typePhone
	}
	return typeOther
}

func hasAny(s string, marks []string) bool {
	for _, m := range marks {
		if strings.Contains(s, m) {
			return true
		}
	}
	return false
}
