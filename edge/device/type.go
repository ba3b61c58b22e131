package device

import "math/bits"

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

// The marks behind typeRules' own.
const (
	marksAndroid = iota // bits behind those of typeRules
	marksMozilla
	marksMobile
	marksDesktop
	marksApple
)

// furtherMarks decide when none of typeRules does.
var furtherMarks = [...][]string{
	marksAndroid: {"android"},
	marksMozilla: {"mozilla/"},
	marksMobile:  {"mobile"},
	// A computer when nothing says that it is smaller.
	marksDesktop: {"windows", "macintosh", "mac os", "linux", "x11", "bsd", "sunos", "beos", "haiku", "amigaos"},
	marksApple:   {"cfnetwork"},
}

// typeMarks finds all of them in one pass: the lowest bits are typeRules'.
var typeMarks = func() *markTable {
	t := new(markTable)
	for i, r := range typeRules {
		t.add(r.marks, i)
	}
	for i, marks := range furtherMarks {
		t.add(marks, len(typeRules)+i)
	}
	return t
}()

// deviceType tells the kind of device. Android's browsers say "Mobile" on phones
// and leave it out on tablets; its apps say nothing, and most are on phones.
func deviceType(ua string) string {
	var buf [maxLen]byte
	found := typeMarks.find(fold(ua, &buf))
	if first := bits.TrailingZeros32(found); first < len(typeRules) {
		return typeRules[first].kind
	}
	has := func(mark int) bool { return found&(1<<(len(typeRules)+mark)) != 0 }
	switch {
	case has(marksAndroid) && has(marksMozilla) && !has(marksMobile):
		return typeTablet
	case has(marksAndroid):
		return typePhone
	case has(marksDesktop):
		return typeComputer
	case has(marksMobile), has(marksApple):
		return typePhone
	}
	return typeOther
}
