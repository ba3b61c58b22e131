package device

import "strings"

// modern is the version of Chrome and Firefox from which on a desktop browser's
// string holds little beside the system and the browser. Older ones were full
// of toolbars, distributions and forks.
const modern = 60

// modernSafari is the same of Safari.
const modernSafari = 13

// place judges a word by where it stands. A browser's string on a desktop has a
// fixed form, so that what it has no room for is a program's signature: a name
// before Mozilla, a site at the head of the system's comment, an unknown word
// behind the end.
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
	case text == "version" && s.text(s.prev) == "unknown" && s.low[s.prev.from-1] == '(':
		s.odd.keepFirst(s.first) // of a tool that has none; apps do
	case s.siteFirst(w):
		s.odd.keepFirst(w)
	case m == 0 && s.stranger(w):
		s.guest.keepFirst(w)
	}
}

// number reads the version after the slash at i; 0 when there is none.
func (s *scanner) number(i int) int {
	if i >= len(s.low) || s.low[i] != '/' {
		return 0
	}
	n := 0
	for i++; i < len(s.low) && isDigit(s.low[i]) && n < 1e6; i++ {
		n = 10*n + int(s.low[i]-'0')
	}
	return n
}

// siteFirst tells whether a host name opens the first comment, where the system
// belongs: "Mozilla/5.0 (feeds.example; ".
func (s *scanner) siteFirst(w span) bool {
	return s.depth == 1 && s.comments == 1 && s.text(s.prev) == "mozilla" && s.low[w.from-1] == '(' && isHost(s.low[w.from:])
}

// stranger tells whether an unknown word begins a product where only the parts
// of a browser stand. A fork of a browser is no stranger: it calls itself a
// browser or keeps the version of what it was made from.
func (s *scanner) stranger(w span) bool {
	if s.depth > 0 || !s.complete || w.to-w.from < 3 {
		return false
	}
	if c := s.low[w.from-1]; c != ' ' && c != ';' && c != ',' {
		return false
	}
	for w.to < len(s.low) && s.joins(w.to) {
		w.to++
	}
	name := s.text(w)
	if strings.HasSuffix(name, "browser") || strings.HasSuffix(name, "explorer") {
		return false
	}
	return s.number(w.to) != s.major && !s.longVersion(w.to)
}

// longVersion tells whether a version of four numbers follows the slash at i, as
// Chrome's and its relatives' have.
func (s *scanner) longVersion(i int) bool {
	if i >= len(s.low) || s.low[i] != '/' {
		return false
	}
	dots := 0
	for i++; i < len(s.low) && (isDigit(s.low[i]) || s.low[i] == '.'); i++ {
		if s.low[i] == '.' {
			dots++
		}
	}
	return dots == 3
}

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
