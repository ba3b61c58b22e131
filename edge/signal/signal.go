// Package signal finds the marks of automation that a request bears without any
// script: headers that no browser would send so, or would not leave out.
//
// The edge notes the headers it meets in Marks, one pass over all of them; Find
// judges them by what the user agent says it is. A mark counts only against a
// browser that is known to behave otherwise. Two sorts come out
// (click.Contradictions): those that no person's browser causes, a reason to
// reject alone, and weak ones, which some people's do.
//
// All of it presumes that the headers arrive as the browser sent them. A CDN
// that forwards chosen headers only (CloudFront, unless its origin request
// policy names them all) makes every visitor miss some.
package signal

import (
	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/internal/click"
)

// Request is what Find looks at beside the click.
type Request struct {
	Marks Marks
	Hints *hints.Hints
	// HTTPS: the visitor came by TLS, to us or to a proxy of ours.
	HTTPS bool
	// Proxied: a trusted proxy is at the other end of the connection, so that
	// protocol and order of headers may be its own.
	Proxied bool
	// OldHTTP: the request line says HTTP/1.0.
	OldHTTP bool
	// API: the caller wants JSON. It is a program by agreement.
	API bool
	// Background: a page or an ad platform calls while the visitor goes
	// elsewhere (parallel tracking, beacons, R-51).
	Background bool
}

// Find returns the signals of a click whose purpose, device and geo are known. It
// must see the device that the user agent alone tells.
func Find(c *click.Click, r *Request) click.SignalSet {
	var s click.SignalSet
	if Forged(c.Device, &c.Geo) {
		s = s.With(click.SignalForgedCrawler)
	}
	if c.Purpose == click.Unfurl || c.Plane == click.PlaneConversion {
		return s // programs by agreement, too
	}
	if r.Hints.Contradict(c.Device) {
		s = s.With(click.SignalClientHintContradiction)
	}
	opens := c.Plane == click.PlaneClick && c.Purpose == click.Visit
	if opens && r.notFollowed() {
		s = s.With(click.SignalSecFetchContradiction)
	}
	if r.API {
		return s
	}
	b := browserOf(c.Device)
	s |= r.missing(&b) | r.odd(&b)
	if opens {
		s |= r.notOpened(&b)
	}
	return s
}

// Forged tells whether a user agent claims to be a crawler whose operator's
// published addresses we have, and the visitor's is not among them
// (click.SignalForgedCrawler).
//
// False positives: an outdated list; operators announce changes in the list
// itself (https://developers.google.com/crawling/docs/crawlers-fetchers/verify-google-requests).
// Makers of link previews are left out: iMessage and WhatsApp fetch from the
// sender's own phone, iMessage under Facebook's name. So are addresses on a list
// that does not say whose it is.
func Forged(d *click.Device, g *click.Geo) bool {
	if d.Crawler == click.NoCrawler || d.Unfurler || !g.CrawlerLists.Has(d.Crawler) {
		return false
	}
	return g.Crawler != d.Crawler && !(g.CrawlerListed && g.Crawler == click.NoCrawler)
}
