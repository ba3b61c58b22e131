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
	s := scanner{ua: ua, low: fold(ua, &buf)}
	s.run()
	return s.verdict()
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
func (s *scanner) verdict() sign {
	switch {
	case s.unfurls.found() && (s.seen&saysUnfurler != 0 || s.seen&handheld == 0):
		return sign{unfurler, s.nameAt(s.unfurls)}
	case s.named.found():
		return sign{program, s.nameAt(s.named)}
	case s.duty.found():
		return sign{program, s.nameAt(s.duty)}
	case s.odd.found():
		return sign{program, s.nameAt(s.odd)}
	case s.contact:
		return sign{program, s.shapeName("contact address")}
	case s.seen&handheld != 0:
		return sign{}
	case s.softDuty.found():
		return sign{program, s.nameAt(s.softDuty)}
	case s.domain:
		return sign{program, s.shapeName("contact address")}
	case s.seen&opensBrowser != 0:
		return sign{}
	case !s.mozilla:
		return sign{program, s.shapeName("not a browser")}
	case s.seen&desktop == 0:
		return sign{program, s.shapeName("browser without a platform")}
	}
	return sign{}
}

// shapeName is the name of a program that only its shape gave away: the word
// after "compatible;", else the product it opens with, else what was odd.
func (s *scanner) shapeName(odd string) string {
	if s.first.found() && s.text(s.first) != "mozilla" {
		return s.nameAt(s.first)
	}
	if s.last.found() {
		return s.nameAt(s.last)
	}
	return odd
}
