package device

import "strings"

// place judges a word by where it stands. A browser's string on a desktop has a
// fixed form, so that what it has no room for is a program's signature: a name
// before Mozilla, a site, a name without a version before the browser's, an
// unknown word in the system's comment or behind the end.
func (s *scanner) place(w span, m meaning) {
	if s.depth == 1 && s.comments == 1 {
		s.systems |= s.system(s.text(w))
	}
	switch text := s.text(w); {
	case text == "mozilla":
		if s.first.found() && !s.mozilla && strings.HasPrefix(s.low[w.to:], "/5") && (s.seen&handheld == 0 || s.low[w.from-1] == '|') {
			s.early.keepFirst(s.first)
		}
	case s.depth == 0 && (text == "chrome" || text == "firefox"):
		s.major = s.number(w.to)
		s.complete = text == "firefox" && s.major >= modern
	case s.depth == 0 && text == "version":
		if v := s.number(w.to); s.major == 0 && v >= modernSafari {
			s.major = v
			s.safari = true
		}
	case text == "phone" && s.text(s.prev) == "windows":
		s.seen |= handheld
	case s.depth == 0 && text == "safari":
		s.complete = s.major >= modern || s.safari
		s.webkit = s.number(w.to) > 0 && s.text(s.prev) == "version"
	case text == "version" && strings.HasSuffix(s.low[:w.from], "(unknown "):
		s.odd.keepFirst(s.first) // of a tool that has none; apps do
	case s.site(w), m == 0 && s.bare(w):
		s.odd.keepFirst(w)
	case m == 0 && s.inComment(w):
		s.inside.keepFirst(w)
	case m == 0 && s.stranger(w):
		s.guest.keepFirst(w)
	}
}

// site tells whether a host name stands where a browser has none: at the head of
// the first comment, where the system belongs ("Mozilla/5.0 (feeds.example; "),
// or as a product between that and the engine ("adverts.com/policy AppleWebKit").
func (s *scanner) site(w span) bool {
	if !s.mozilla || s.low[w.from-1] != '(' && s.low[w.from-1] != ' ' {
		return false
	}
	head := s.depth == 1 && s.comments == 1 && s.text(s.prev) == "mozilla" && s.low[w.from-1] == '('
	if head {
		return isHost(s.low[w.from:])
	}
	return s.depth == 0 && s.comments == 1 && s.seen&engine == 0 && isSite(s.low[w.from:])
}

// bare tells whether a product without a version stands between the engine and
// the browser: "like Gecko) Acme Chrome/140.0". Browsers number themselves.
func (s *scanner) bare(w span) bool {
	if s.depth > 0 || s.text(s.prev) != "gecko" || s.text(s.before) != "like" {
		return false
	}
	rest := s.low[w.to:]
	return strings.HasPrefix(rest, " chrome/") || strings.HasPrefix(rest, " version/")
}

// blanked tells whether only the platform is missing in a Safari's string, as
// where a person has it hidden.
func (s *scanner) blanked() bool { return s.webkit && !s.last.found() }

// system is what a word in the first comment says about whose system it is: one
// of a set of bits that exclude each other, or 0.
func (s *scanner) system(text string) uint8 {
	switch text {
	case "nt":
		if s.text(s.prev) == "windows" {
			return 1
		}
	case "macintosh":
		return 2
	case "iphone", "ipad", "ipod":
		return 4
	}
	return 0
}

// forged tells whether the string names systems that cannot be one device's.
func (s *scanner) forged() bool { return s.systems&(s.systems-1) != 0 }

// deviceName forgets a duty that turns out to belong to a device's name: what
// stands between "Android 14;" and "Build/" of the same comment.
func (s *scanner) deviceName(w span) {
	switch s.text(w) {
	case "android":
		s.android = w
	case "build":
		named := s.android.found() && s.duty.from > s.android.to
		if named && strings.IndexByte(s.low[s.android.to:w.from], ')') < 0 {
			s.duty = span{}
		}
	}
}

// outOfPlace tells whether w stands where browsers have no word of their own:
// after "compatible;" (only old browsers' names), inside "(KHTML, like Gecko"
// and, without a bracket, after the "Safari/537.36;" that ends most strings.
func (s *scanner) outOfPlace(w span, m meaning) bool {
	if m&(engine|desktop|handheld|plain|opensBrowser) != 0 {
		return false
	}
	if s.text(w) == "google" && strings.HasPrefix(s.low[w.to:], "-") {
		return true // Google's programs are called so, its apps and devices are not
	}
	gap := s.low[s.prev.to:w.from]
	if strings.IndexByte(gap, ')') >= 0 {
		return false
	}
	switch s.text(s.prev) {
	case "compatible":
		return true
	case "gecko":
		return s.text(s.before) == "like" && strings.IndexByte(gap, '/') < 0
	case "safari":
		return strings.IndexByte(gap, ';') >= 0 && s.seen&handheld == 0
	}
	return false
}
