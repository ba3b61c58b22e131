package click

import "math/bits"

// Signal is a mark of automation in a request itself, found without a script.
// Its name is the value of bot_signals in event rows.
type Signal uint8

// The signals. Those up to SignalForgedCrawler contradict what the request says
// about itself and are reason enough to reject; the others are habits that
// programs have and a few odd browsers too. edge/signal says of each what is
// known of its false positives.
const (
	// SignalSecFetchContradiction: Sec-Fetch-* say that no person followed a
	// link: the request loads an image, a script or data.
	SignalSecFetchContradiction Signal = iota
	// SignalClientHintContradiction: Sec-CH-UA* name another browser, system
	// or form factor than the user agent.
	SignalClientHintContradiction
	// SignalForgedCrawler: the user agent names a search engine whose
	// published addresses do not hold the visitor's.
	SignalForgedCrawler

	// SignalMissingAccept and SignalMissingAcceptLanguage: a header that every
	// browser sends is not there.
	SignalMissingAccept
	SignalMissingAcceptLanguage
	// SignalMissingAcceptEncoding is the same of Accept-Encoding.
	SignalMissingAcceptEncoding
	// SignalMissingSecFetch: a browser that sends Sec-Fetch-* over https since
	// its version did not.
	SignalMissingSecFetch
	// SignalMissingClientHints: the same of Sec-CH-UA.
	SignalMissingClientHints
	// SignalAcceptWithoutHTML: what is accepted is not what a browser that
	// opens a page accepts.
	SignalAcceptWithoutHTML
	// SignalHeaderOrder: headers stand in an order that the browser never
	// sends them in.
	SignalHeaderOrder
	// SignalOldHTTP: HTTP/1.0 or older from a browser that speaks newer ones.
	SignalOldHTTP
	// SignalProgramHeader: a header that programs send and browsers do not.
	SignalProgramHeader
	// SignalFrameWithoutUser: a frame went to the link and nobody had clicked
	// in it, as hidden frames do.
	SignalFrameWithoutUser

	// SignalCount is the number of signals.
	SignalCount
)

var signalNames = [SignalCount]string{
	SignalSecFetchContradiction:   "sec_fetch_contradiction",
	SignalClientHintContradiction: "client_hint_contradiction",
	SignalForgedCrawler:           "forged_crawler",
	SignalMissingAccept:           "missing_accept",
	SignalMissingAcceptLanguage:   "missing_accept_language",
	SignalMissingAcceptEncoding:   "missing_accept_encoding",
	SignalMissingSecFetch:         "missing_sec_fetch",
	SignalMissingClientHints:      "missing_client_hints",
	SignalAcceptWithoutHTML:       "accept_without_html",
	SignalHeaderOrder:             "header_order",
	SignalOldHTTP:                 "old_http",
	SignalProgramHeader:           "program_header",
	SignalFrameWithoutUser:        "frame_without_user",
}

// String is the signal's name, such as missing_accept.
func (s Signal) String() string { return signalNames[s] }

// SignalNamed returns the signal of a name.
func SignalNamed(name string) (Signal, bool) {
	for s, n := range signalNames {
		if n == name {
			return Signal(s), true
		}
	}
	return 0, false
}

// SignalSet is a set of signals.
type SignalSet uint16

// A SignalSet has room for 16 signals.
var _ = [16 - SignalCount]struct{}{}

// Contradictions are the signals that are reason enough to reject.
const Contradictions = SignalSet(1<<SignalSecFetchContradiction | 1<<SignalClientHintContradiction | 1<<SignalForgedCrawler)

// With returns s and g.
func (s SignalSet) With(g Signal) SignalSet { return s | 1<<g }

// Has tells whether g is in s.
func (s SignalSet) Has(g Signal) bool { return s&(1<<g) != 0 }

// Empty tells whether s has no signal.
func (s SignalSet) Empty() bool { return s == 0 }

// Next returns the first signal of s and s without it; s must not be empty.
func (s SignalSet) Next() (Signal, SignalSet) {
	return Signal(bits.TrailingZeros16(uint16(s))), s & (s - 1)
}

// BotClass is the sort of invalid traffic a bot is, in the terms of the Media
// Rating Council's "Invalid Traffic Detection and Filtration Standards".
type BotClass uint8

// The classes. General invalid traffic (GIVT) is found by routine means: it
// declares itself or comes from known addresses. Sophisticated invalid traffic
// (SIVT) hides what it is.
const (
	NoBot BotClass = iota
	GIVT
	SIVT
)

var botClassNames = [...]string{"", "GIVT", "SIVT"}

// String is the value of bot_class in event rows; empty for no bot.
func (b BotClass) String() string { return botClassNames[b] }

// BotClass is the sort of invalid traffic that the click is, by everything that
// is known of it; NoBot for what looks like a person.
func (c *Click) BotClass() BotClass {
	switch {
	case c.Signals&Contradictions != 0:
		return SIVT
	case c.Device != nil && c.Device.Bot:
		return max(c.Device.BotClass, GIVT)
	case c.Verdict.Rejections.Has(Bot), c.Geo.CrawlerListed:
		return GIVT
	}
	return NoBot
}

// Crawler is the operator of a crawler that publishes its addresses.
type Crawler uint8

// The operators. NoCrawler is none of them.
const (
	NoCrawler Crawler = iota
	Google
	Bing
	Yandex
	Baidu
	Apple
	DuckDuckGo
	Meta
	OpenAI
	CommonCrawl
	Ahrefs

	// CrawlerCount is the number of operators and NoCrawler.
	CrawlerCount
)

var crawlerNames = [CrawlerCount]string{
	"", "google", "bing", "yandex", "baidu", "apple", "duckduckgo", "meta", "openai", "commoncrawl", "ahrefs",
}

// String is the operator's name in settings, such as google; empty for none.
func (c Crawler) String() string { return crawlerNames[c] }

// CrawlerNamed returns the operator of a name.
func CrawlerNamed(name string) (Crawler, bool) {
	for c, n := range crawlerNames {
		if n == name && n != "" {
			return Crawler(c), true
		}
	}
	return NoCrawler, false
}

// CrawlerSet is a set of operators.
type CrawlerSet uint16

// With returns s and c.
func (s CrawlerSet) With(c Crawler) CrawlerSet { return s | 1<<c }

// Has tells whether c is in s.
func (s CrawlerSet) Has(c Crawler) bool { return s&(1<<c) != 0 }
