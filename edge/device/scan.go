package device

import (
	"strings"
	"unsafe"
)

// maxLen caps a user agent. Real ones end below it (the longest in-app browsers
// need some 450 bytes), and it bounds what a hostile one costs.
const maxLen = 512

// scanner walks the words of one user agent and gathers evidence. A word is a
// run of letters and digits, and then each run of letters in it, so that both
// "site24x7" and the "nokia" of "Nokia6280" are seen.
type scanner struct {
	low string // the user agent in lower case

	seen     meaning // all meanings of all words so far
	mozilla  bool    // names Mozilla
	contact  bool    // holds a URL or an e-mail address
	first    span    // first word
	last     span    // last word that is no part of every browser's string
	named    span    // first program known by name
	unfurls  span    // first maker of previews known by name
	duty     span    // first word that says what a program does
	softDuty span    // the same, of words that apps on phones use as well
	odd      span    // first word in a place where browsers have none
	robot    span    // first mark of a browser that a program drives
	inside   span    // first unknown word in the system's comment
	guest    span    // first unknown word behind the end of a modern browser's string
	early    span    // what stands before the Mozilla that begins a browser's string

	before, prev span // the two words before
	android      span // the word that a device's name follows

	depth    int   // brackets open
	comments int   // comments begun
	major    int   // version of the browser: Chrome's, Firefox's, Safari's
	complete bool  // a modern browser's string ended before here
	safari   bool  // it is a modern Safari's
	webkit   bool  // it ends like a Safari's
	systems  uint8 // the systems that the first comment names
}

// span is a half-open range of the user agent; empty when from == to.
type span struct{ from, to int }

func (sp span) found() bool { return sp.to > sp.from }

// keepFirst stores v unless something was found before.
func (sp *span) keepFirst(v span) {
	if !sp.found() {
		*sp = v
	}
}

// fold returns s in lower case (ASCII), in the memory of buf.
func fold(s string, buf *[maxLen]byte) string {
	n := min(len(s), maxLen)
	for i := range n {
		buf[i] = lower(s[i])
	}
	return unsafe.String(&buf[0], n)
}

func (s *scanner) run() {
	for i := 0; i < len(s.low); {
		if !isWord(s.low[i]) {
			s.bracket(s.low[i])
			i++
			continue
		}
		w := span{i, i + 1}
		for w.to < len(s.low) && isWord(s.low[w.to]) {
			w.to++
		}
		if s.address(w) {
			return // what follows belongs to the address
		}
		s.word(w)
		i = w.to
	}
}

// bracket keeps count of comments.
func (s *scanner) bracket(c byte) {
	switch {
	case c == '(':
		if s.depth == 0 {
			s.comments++
		}
		s.depth++
	case c == ')' && s.depth > 0:
		s.depth--
	}
}

// word takes one run of letters and digits into account.
func (s *scanner) word(w span) {
	m, known := dictionary[s.text(w)]
	if known {
		s.know(w, m)
	} else {
		s.parts(w)
	}
	if !isLetter(s.low[w.from]) {
		return
	}
	if s.outOfPlace(w, m) {
		s.odd.keepFirst(w)
	}
	s.place(w, m)
	s.deviceName(w)
	if !s.first.found() {
		s.first = w
	}
	if !known && w.to-w.from > 2 {
		s.last = w
	}
	s.mozilla = s.mozilla || s.text(w) == "mozilla"
	s.before, s.prev = s.prev, w
}

// app tells whether the string is an app's with a browser's engine in it: a
// phone's, without the version that a phone's browser names.
func (s *scanner) app() bool {
	return s.mozilla && s.seen&handheld != 0 && (s.seen&embeds != 0 || s.major == 0)
}

// know notes what a word of the dictionary means where it stands.
func (s *scanner) know(w span, m meaning) {
	if s.first.found() {
		m &^= opens
	}
	if s.depth > 0 && s.text(w) == "darwin" && s.low[w.from-1] == '(' {
		m = desktop // as a program's runtime names it; Apple's apps write Darwin/24.0
	}
	s.seen |= m
	if m&(saysProgram|opensProgram) != 0 {
		s.named.keepFirst(w)
	}
	if m&(saysUnfurler|opensUnfurler) != 0 {
		s.unfurls.keepFirst(w)
	}
	if m&drives != 0 {
		s.robot.keepFirst(w)
	}
}

// parts looks at each run of letters in a word that is not in the dictionary.
func (s *scanner) parts(w span) {
	for i := w.from; i < w.to; {
		if !isLetter(s.low[i]) {
			i++
			continue
		}
		p := span{i, i + 1}
		for p.to < w.to && isLetter(s.low[p.to]) {
			p.to++
		}
		s.part(p)
		i = p.to
	}
}

func (s *scanner) part(p span) {
	text := s.text(p)
	if m, ok := dictionary[text]; ok {
		s.know(p, m)
		return
	}
	switch {
	case hasDuty(text):
		s.duty.keepFirst(p)
	case hasSoftDuty(text):
		s.softDuty.keepFirst(p)
	case hasMaker(text):
		s.seen |= handheld
	case strings.HasSuffix(text, "player"), strings.HasSuffix(text, "app") && !s.first.found():
		s.seen |= opensBrowser // says that it is one, and programs do not
	}
}

func (s *scanner) text(w span) string { return s.low[w.from:w.to] }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) }
