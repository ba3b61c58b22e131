package target

import (
	"bytes"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// maxLanguages is how many languages of a request are looked at. Browsers send
// up to ten; a header of thousands shall not cost us time.
const maxLanguages = 20

var aboutLanguage = about{click.TargetingLanguage, "language", func(t *config.Targeting) string { return wantsOf(t.Language) }}

type languages struct{ names }

// fits admits a visitor one of whose languages is admitted. One without any
// language has an unlisted one.
func (r *languages) fits(c *click.Click) bool {
	accept, speaks := c.AcceptLanguage, false
	for range maxLanguages {
		var tag string
		var more bool
		if tag, accept, more = cutLanguage(accept); tag != "" {
			if r.admitLanguage(tag) {
				return true
			}
			speaks = true
		}
		if !more {
			break
		}
	}
	return !speaks && !r.admits
}

// value is the language the visitor likes best, which browsers send first: the
// one to blame when none fits.
func (r *languages) value(c *click.Click) string {
	accept := c.AcceptLanguage
	for range maxLanguages {
		tag, rest, more := cutLanguage(accept)
		if tag != "" || !more {
			return tag
		}
		accept = rest
	}
	return ""
}

// cutLanguage splits the first language off an Accept-Language. The tag is
// empty when the element is, or when it is refused by q=0.
func cutLanguage(accept string) (tag, rest string, more bool) {
	element, rest, more := strings.Cut(accept, ",")
	tag, params, _ := strings.Cut(element, ";")
	if zeroQuality(params) {
		return "", rest, more
	}
	return strings.Trim(tag, " \t"), rest, more
}

// zeroQuality tells whether params are a weight of 0: q=0, q=0.0, q=0.000.
func zeroQuality(params string) bool {
	name, value, _ := strings.Cut(strings.Trim(params, " \t"), "=")
	if name != "q" && name != "Q" {
		return false
	}
	return strings.HasPrefix(value, "0") && strings.Trim(value, "0.") == ""
}

// admitLanguage looks a tag up exactly, then ever shorter: zh-hant-tw, zh-hant,
// zh. So "de" covers "de-AT", but a rule on "de-AT" says nothing about "de".
// "*" is a visitor who takes any language, hence also an admitted one.
func (n *names) admitLanguage(tag string) bool {
	if tag == "*" {
		return true
	}
	var buf folded
	name := foldTag(buf[:0], tag)
	for {
		if verdict, listed := n.verdicts[string(name)]; listed {
			return verdict
		}
		cut := bytes.LastIndexByte(name, '-')
		if cut < 0 {
			return !n.admits
		}
		name = name[:cut]
	}
}

// foldTag folds a language tag; "pt_BR" is written with a dash as well.
func foldTag(dst []byte, tag string) []byte {
	dst = fold(dst, tag)
	for i, c := range dst {
		if c == '_' {
			dst[i] = '-'
		}
	}
	return dst
}
