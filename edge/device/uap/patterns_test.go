package uap

import (
	"regexp"
	"testing"
)

// A list finds what package regexp finds, trying one expression after the other.
func TestPatternsEqualRegexp(t *testing.T) {
	exprs := []string{
		`Googlebot\/`, `AdsBot-Google([^-]|$)`, `[wW]get`, `^curl`, `(^| )sentry\/`, `Current[\s\S]*RSS Reader`, `S[eE][mM]rushBot`,
		`(?i)acme`, `SSL Labs$`, `^LCC `, `x{3}`, `\d{5}`, `Automaton|Newsify Feed Fetcher`, `日本`, `(?i)kiosk`,
	}
	p, err := NewPatterns(exprs)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Wordless(); got != 2 {
		t.Errorf("%d patterns are said to have no word, want 2: five digits, and what is not ASCII", got)
	}
	for _, ua := range []string{
		"", "Googlebot/2.1", "googlebot/2.1", "AdsBot-Google", "AdsBot-Google-Mobile", "wget", "Wget/1.2", "a curl", "curl/8",
		"sentry/1", "x sentry/1", "xsentry/1", "Current 1.0\nRSS Reader", "SEmrushBot", "ACME", "SSL Labs", "SSL Labs ", "LCC 1",
		"xxx", "xx", "12345", "1234", "Newsify Feed Fetcher", "Automaton", "日本語", "日", "\xff日本\xff", "\u212aiosk", "kio\u017fk",
	} {
		want := -1
		for i, expr := range exprs {
			if regexp.MustCompile(expr).MatchString(ua) {
				want = i
				break
			}
		}
		if got := p.Find(ua); got != want {
			t.Errorf("Find(%q) = %d, want %d", ua, got, want)
		}
	}
}

func TestPatternsRefuseWhatDoesNotCompile(t *testing.T) {
	_, err := NewPatterns([]string{"fine", "(?!x)"})
	if err == nil {
		t.Fatal("a look-ahead compiled")
	}
	if want := "pattern 2"; !regexp.MustCompile(want).MatchString(err.Error()) {
		t.Errorf("the error is %q, want it to name %s", err, want)
	}
}

func TestNoPatternsFindNothing(t *testing.T) {
	p, err := NewPatterns(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Find("Googlebot/2.1"); got != -1 {
		t.Errorf("an empty list found %d", got)
	}
}
