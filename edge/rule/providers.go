package rule

import (
	"unicode"
	"unicode/utf8"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/internal/click"
)

// providers are the internet providers that an offer takes. The ids of other
// platforms say nothing here, so they are AS numbers and words of names.
type providers struct {
	list  []string
	asns  map[uint32]struct{}
	names []string
}

func newProviders(list []string) *providers {
	p := &providers{list: list, asns: map[uint32]struct{}{}}
	for _, entry := range list {
		if asn, ok := config.ParseASN(entry); ok {
			p.asns[asn] = struct{}{}
		} else {
			p.names = append(p.names, entry)
		}
	}
	return p
}

func (p *providers) fits(c *click.Click) bool {
	if !c.Geo.ISPKnown {
		return true
	}
	if _, listed := p.asns[c.Geo.ASN]; listed {
		return true
	}
	for _, name := range p.names {
		if holdsWords(c.Geo.ISP, name) {
			return true
		}
	}
	return false
}

func (p *providers) value(c *click.Click) string { return c.Geo.ISP }
func (p *providers) wants() string               { return target.Names(p.list) }

// holdsWords tells whether words stand in text as whole words, whatever the
// case: "vodafone" stands in "Vodafone GmbH", "sky" not in "Skynet".
func holdsWords(text, words string) bool {
	if words == "" {
		return false
	}
	inside := false // a word has begun before text
	for {
		if rest, found := cutFold(text, words); found && !inside && !beginsWord(rest) {
			return true
		}
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 {
			return false
		}
		inside, text = isWord(r), text[size:]
	}
}

// cutFold cuts prefix off s, whatever the case of either.
func cutFold(s, prefix string) (rest string, found bool) {
	for prefix != "" {
		a, m := utf8.DecodeRuneInString(s)
		b, n := utf8.DecodeRuneInString(prefix)
		if m == 0 || a != b && fold(a) != fold(b) {
			return s, false
		}
		s, prefix = s[m:], prefix[n:]
	}
	return s, true
}

// fold maps all forms of a letter to one.
func fold(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

func beginsWord(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && isWord(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
