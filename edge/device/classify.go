package device

// class is what the classifier takes a user agent for.
type class uint8

const (
	person   class = iota // a person's browser or app, as far as one can see
	program               // crawler, library, monitor, automation, fetcher
	unfurler              // a program that makes link previews
)

// sign is the classifier's finding: the class and what gave it away. The name
// may be a view into the user agent.
type sign struct {
	class class
	name  string
}

// classify tells programs from persons by the words and the shape of a user
// agent, in one pass and without a regular expression. It knows some programs
// by name; most give themselves away: by a word that says what they do, by an
// address to complain to, or by being no browser on no platform. What it cannot
// see through is a program that sends a browser's exact string.
func classify(ua string) sign {
	if name := absurd(ua); name != "" {
		return sign{program, name}
	}
	var buf [maxLen]byte
	s := scanner{low: fold(ua, &buf)}
	s.run()
	f := s.verdict()
	if f.at.found() {
		return sign{f.class, ua[f.at.from:f.at.to]}
	}
	return sign{f.class, f.reason}
}

// finding is a sign that names a place in the user agent instead of its text.
// (A text from the scanner would force its buffer onto the heap.)
type finding struct {
	class  class
	at     span
	reason string // when there is no place
}

// absurd names what is wrong with a string that nobody sends who wants to pass
// for a browser; empty when nothing is.
func absurd(ua string) string {
	visible, letters := 0, 0
	for i := range len(ua) {
		c := ua[i]
		switch {
		case c < ' ' && c != '\t', c == 0x7f:
			return "control characters"
		case isLetter(lower(c)):
			letters++
			visible++
		case c > ' ':
			visible++
		}
	}
	switch {
	case visible == 0:
		return "empty user agent"
	case letters < 3:
		return "user agent without words"
	}
	return ""
}

// verdict weighs what the scanner found, the surest sign first.
func (s *scanner) verdict() finding {
	switch {
	case s.unfurls.found() && (s.seen&saysUnfurler != 0 || s.seen&handheld == 0):
		return finding{class: unfurler, at: s.nameAt(s.unfurls)}
	case s.named.found():
		return finding{class: program, at: s.nameAt(s.named)}
	case s.duty.found():
		return finding{class: program, at: s.nameAt(s.duty)}
	case s.odd.found():
		return finding{class: program, at: s.nameAt(s.odd)}
	case s.contact:
		return s.shaped("contact address")
	case s.softDuty.found() && !(s.mozilla && s.seen&handheld != 0):
		return finding{class: program, at: s.nameAt(s.softDuty)}
	case s.seen&(handheld|opensBrowser) != 0:
		return finding{}
	case !s.mozilla:
		return s.shaped("not a browser")
	case s.seen&desktop == 0:
		return s.shaped("browser without a platform")
	}
	return finding{}
}

// shaped is the finding about a program that only its shape gave away. It is
// named by the product it opens with, else by its last uncommon word.
func (s *scanner) shaped(reason string) finding {
	at := s.last
	if s.first.found() && s.text(s.first) != "mozilla" {
		at = s.first
	}
	if !at.found() {
		return finding{class: program, reason: reason}
	}
	return finding{class: program, at: s.nameAt(at)}
}
