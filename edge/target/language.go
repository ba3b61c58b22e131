package target

import (
	"bytes"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// maxLanguages is how many languages of a request are looked at. Browsers send
// up to ten; a header of thousands shall not cost us time.
const maxLanguages = 20

// judgeLanguage admits a visitor one of whose languages is admitted. Otherwise
// the one he likes best is to blame, which browsers send first.
func (r *Rules) judgeLanguage(accept string, v *click.Verdict) {
	if r.languages.empty() {
		return
	}
	var first string
	for range maxLanguages {
		var tag string
		var more bool
		if tag, accept, more = cutLanguage(accept); tag != "" {
			if r.languages.admitLanguage(tag) {
				return
			}
			if first == "" {
				first = tag
			}
		}
		if !more {
			break
		}
	}
	// Without any language the value is an unlisted one.
	if first == "" && !r.languages.admits {
		return
	}
	v.RejectedLanguage = first
	v.Reject(click.TargetingLanguage, first)
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
