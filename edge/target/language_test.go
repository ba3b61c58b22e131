package target

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestLanguage(t *testing.T) {
	for _, tc := range []struct {
		name   string
		rules  bools
		accept string
		reject bool
		blame  string
	}{
		{"exact", bools{"de-AT": true}, "de-AT", false, ""},
		{"primary subtag", bools{"de": true}, "de-AT", false, ""},
		{"exact before primary", bools{"de": true, "de-AT": false}, "de-AT", true, "de-AT"},
		{"longer chain", bools{"zh-Hant": false}, "zh-Hant-TW", true, "zh-Hant-TW"},
		{"rule narrower than the visitor", bools{"de-AT": true}, "de", true, "de"},
		{"prefix is no subtag", bools{"de": true}, "den", true, "den"},
		{"case and underscore", bools{"PT_br": true}, "pt-BR", false, ""},
		{"second language suffices", bools{"en": true}, "fr, en;q=0.5", false, ""},
		{"no language suffices", bools{"en": true}, "fr, it;q=0.5", true, "fr"},
		{"refused beside an unlisted one", bools{"fr": false}, "fr, it;q=0.5", false, ""},
		{"only refused ones", bools{"fr": false}, "fr-CH, fr;q=0.9", true, "fr-CH"},
		{"q=0 is not accepted", bools{"en": true}, "fr, en;q=0", true, "fr"},
		{"q=0.000 with spaces", bools{"en": true}, "fr, en ; q=0.000", true, "fr"},
		{"q=0.001 is accepted", bools{"en": true}, "fr, en;q=0.001", false, ""},
		{"first is q=0", bools{"en": true}, "it;q=0, fr", true, "fr"},
		{"any", bools{"en": true}, "*", false, ""},
		{"any, but q=0", bools{"en": true}, "fr, *;q=0", true, "fr"},
		{"none, admitted ones only", bools{"en": true}, "", true, ""},
		{"none, refused ones only", bools{"en": false}, "", false, ""},
		{"separators only", bools{"en": true}, " , ;q=1,", true, ""},
		{"20th language counts", bools{"en": true}, strings.Repeat("fr,", maxLanguages-1) + "en", false, ""},
		{"21st does not", bools{"en": true}, strings.Repeat("fr,", maxLanguages) + "en", true, "fr"},
		{"overlong tag", bools{"en": true}, strings.Repeat("x", 500), true, strings.Repeat("x", 500)},
		{"dashes only", bools{"en": true}, "---", true, "---"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := visitor(nil)
			c.AcceptLanguage = tc.accept
			compile(t, all(config.Targeting{Language: tc.rules})).Judge(c, &c.Verdict)
			v := c.Verdict
			if v.Rejected() != tc.reject || v.RejectedLanguage != tc.blame || v.Detail != tc.blame {
				t.Errorf("%v for %q: rejected %v, language %q, detail %q; want %v, %q", tc.rules, tc.accept,
					v.Rejected(), v.RejectedLanguage, v.Detail, tc.reject, tc.blame)
			}
		})
	}
}
