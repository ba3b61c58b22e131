package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

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
	class   class
	traffic click.BotClass // NoBot for a person
	crawler click.Crawler  // whose crawler it says it is
	name    string
}

// classify tells programs from persons by the words and the shape of a user
// agent, in one pass and without a regular expression. It knows some programs
// by name; most give themselves away: by a word that says what they do, by an
// address to complain to, by a signature where browsers have none, or by being
// no browser on no platform. What it cannot see through is a program that sends
// a browser's exact string.
func classify(ua string) sign {
	if f := absurd(ua); f.class != person {
		return sign{class: f.class, traffic: f.traffic, name: f.reason}
	}
	var buf [maxLen]byte
	s := scanner{low: fold(ua, &buf)}
	s.run()
	return s.sign(s.verdict(), ua)
}

// sign puts a finding about ua into words.
func (s *scanner) sign(f finding, ua string) sign {
	if f.class == person {
		return sign{}
	}
	found := sign{class: f.class, traffic: f.traffic, crawler: claimed(s.low), name: f.reason}
	if f.at.found() {
		found.name = ua[f.at.from:f.at.to]
	}
	return found
}

// device is the answer about a program. What it claims about browser and system
// is left out: it is not true of anybody's device.
func (s sign) device() *click.Device {
	return &click.Device{
		Type:     typeBot,
		Bot:      true,
		BotName:  strings.Clone(s.name),
		BotClass: s.traffic,
		Crawler:  s.crawler,
		Unfurler: s.class == unfurler,
	}
}

// finding is a sign that names a place in the user agent instead of its text.
// (A text from the scanner would force its buffer onto the heap.)
type finding struct {
	class   class
	traffic click.BotClass
	at      span
	reason  string // when there is no place
}

// verdict weighs what the scanner found, the surest sign first. Who says what he
// is, in whatever words, is general invalid traffic; who says he is a browser
// and cannot be is sophisticated.
func (s *scanner) verdict() finding {
	switch {
	case s.unfurls.found() && (s.seen&saysUnfurler != 0 || s.seen&handheld == 0):
		return finding{class: unfurler, traffic: click.GIVT, at: s.nameAt(s.unfurls)}
	case s.named.found():
		return s.declared(s.named)
	case s.duty.found():
		return s.declared(s.duty)
	case s.odd.found():
		return s.declared(s.odd)
	case s.contact:
		return s.shaped("contact address")
	case s.robot.found():
		return finding{class: program, traffic: click.SIVT, at: s.nameAt(s.robot)}
	case s.softDuty.found() && !s.app():
		return s.declared(s.softDuty)
	case s.early.found() && s.seen&embeds == 0:
		return s.declared(s.early)
	case s.forged():
		return finding{class: program, traffic: click.SIVT, reason: "two systems in one"}
	case s.seen&(handheld|opensBrowser) != 0:
		return finding{}
	case !s.mozilla:
		return s.shaped("not a browser")
	case s.seen&(desktop|brand) == 0 && !s.blanked():
		return s.shaped("browser without a platform")
	}
	if at := s.stranded(); at.found() {
		return s.declared(at)
	}
	return finding{}
}

// declared is the finding about a program that is named at a place.
func (s *scanner) declared(at span) finding {
	return finding{class: program, traffic: click.GIVT, at: s.nameAt(at)}
}

// shaped is the finding about a program that only its shape gave away. It is
// named by the product it opens with, else by its last uncommon word.
func (s *scanner) shaped(reason string) finding {
	at := s.last
	if s.first.found() && s.text(s.first) != "mozilla" {
		at = s.first
	}
	if !at.found() {
		return finding{class: program, traffic: click.GIVT, reason: reason}
	}
	return s.declared(at)
}
