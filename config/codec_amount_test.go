package config

import (
	"strings"
	"testing"
)

// TestAmountsAreExact: an amount is what its digits say, however it is spelled,
// and comes back in its shortest form.
func TestAmountsAreExact(t *testing.T) {
	for text, want := range map[string]string{
		"1.50": "1.5", "1.5": "1.5", "15e-1": "1.5", "0.150E1": "1.5", "100": "100", "1e2": "100", "0.000001": "0.000001",
		"9999999999999.999999": "9999999999999.999999", "0.1": "0.1",
	} {
		for _, format := range []string{`{"kind":"offer","id":"a","default_payout":{"payout":%}}`, "kind: offer\nid: a\ndefault_payout: {payout: %}\n"} {
			file := "a.yaml"
			if strings.HasPrefix(format, "{") {
				file = "a.json"
			}
			set, problems := Decode(file, []byte(strings.Replace(format, "%", text, 1)))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			got, err := Encode(set[0])
			if err != nil || !strings.Contains(string(got), `"default_payout":{"payout":`+want+`}`) {
				t.Errorf("%s: %s comes back as %s (%v), want %s", file, text, got, err, want)
			}
		}
	}
}

func TestAmountsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`0.1234567`:            "must have at most 6 decimals, found 0.1234567",
		`1e-7`:                 "must have at most 6 decimals, found 1e-7",
		`10000000000000`:       "must be at most 9999999999999.999999, found 10000000000000",
		`12345678901234567890`: "must be at most 9999999999999.999999, found 12345678901234567890",
		`"1.5"`:                `must be a number, not the string "1.5"`,
		`null`:                 "must be a number, not null; leave it out instead",
	} {
		_, problems := DecodeDocument(KindOffer, []byte(`{"id":"a","default_payout":{"payout":`+text+`}}`))
		if len(problems) != 1 || problems[0].Path != "offer/a: default_payout.payout" || problems[0].Message != want {
			t.Errorf("%s: %v, want %s", text, problems, want)
		}
	}
}
