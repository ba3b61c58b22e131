package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// Who is a program
//
// The public lists disagree, so these are our principles. A click is worth money
// when a person with a browser sees where it leads.
//
//   - A browser is a person's, also inside an app (a web view), a television, a
//     console or a text terminal; so is an app or a media player that opens the
//     link itself.
//   - Crawlers, HTTP libraries and tools, monitors, testers, feed readers, makers
//     of previews and AI agents are programs, whoever runs them and why.
//   - Who names a site or an address for complaints is a program.
//   - What is no browser on no platform is a program, unless it says that it is
//     an app or player.
//   - On a desktop, what signs itself in a browser's string is a program, unless
//     it keeps the browser's version, calls itself a browser or is known as one.
//     On phones apps sign themselves everywhere, and it proves nothing.
//   - Versions prove nothing: a fifth of a public set of persons' strings has
//     versions of Chrome that never were.
//
// # Classes
//
// The Media Rating Council's "Invalid Traffic Detection and Filtration" guidance
// (an addendum of 2015, "Standards Update" of June 2020) names two classes.
// General invalid traffic (GIVT) is "identified through routine means of
// filtration executed through application of lists or with other standardized
// parameter checks", among it bots and crawlers and "non-browser user-agent
// headers or other forms of unknown browsers". Sophisticated invalid traffic
// (SIVT) needs "advanced analytics, multi-point corroboration/coordination,
// significant human intervention", among it "bots and spiders or other crawlers
// masquerading as legitimate users". The words are quoted from publications of
// others that repeat them (trafficguard.ai, fraudlogix.com, pixalate.com), not
// from the Council's own text of 2020.
//
// Here, whoever says what he is, in whatever words, is GIVT, and so is what a
// list of patterns finds. Who says that he is a browser and cannot be is SIVT: a
// browser that automation drives, two systems in one, an unfilled template,
// control characters. The repeated texts count "headless browsers" among GIVT,
// for want of a display; we call a headless browser SIVT where it does not say
// whose it is, because all else in its string is a visitor's.

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
