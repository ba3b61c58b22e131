package signal

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestBrowserOf(t *testing.T) {
	for name, want := range map[[2]string]browser{
		{"Chrome", "79.0.3945"}:              {blink, false, false},
		{"Chrome", "80.0.3987"}:              {blink, true, false},
		{"Chrome", "88.0"}:                   {blink, true, false},
		{"Chrome Mobile", "89.0.4389"}:       {blink, true, true},
		{"Chrome", ""}:                       {},
		{"Edge", "18.17763"}:                 {},
		{"Edge", "79.0"}:                     {blink, false, false},
		{"Edge Mobile", "142.0.0"}:           {blink, true, true},
		{"Opera", "12.16"}:                   {},
		{"Opera", "67.0"}:                    {blink, true, false},
		{"Opera", "75.0"}:                    {blink, true, true},
		{"Opera Mobile", "57.0"}:             {blink, true, false},
		{"Opera Mobile", "63.0"}:             {blink, true, true},
		{"Samsung Internet", "4.0"}:          {},
		{"Samsung Internet", "13.0"}:         {blink, false, false},
		{"Samsung Internet", "14.0"}:         {blink, true, false},
		{"Samsung Internet", "15.0"}:         {blink, true, true},
		{"Firefox", "89.0"}:                  {gecko, false, false},
		{"Firefox Mobile", "90.0"}:           {gecko, true, false},
		{"Safari", "16.3"}:                   {webkit, false, false},
		{"Safari", "16.4"}:                   {webkit, true, false},
		{"Safari", "16.10.1"}:                {webkit, true, false},
		{"Safari", "16"}:                     {webkit, false, false},
		{"Safari", "16."}:                    {webkit, false, false},
		{"Mobile Safari", "17.0"}:            {webkit, true, false},
		{"Mobile Safari", "9.0"}:             {webkit, false, false},
		{"Chrome Mobile WebView", "142.0.0"}: {embedded, false, false},
		{"Facebook", "530.0"}:                {embedded, false, false},
		{"IE", "11.0"}:                       {},
		{"", ""}:                             {},
		{"Chrome", "99999999999999999999.0"}: {blink, true, true},
	} {
		if got := browserOf(&click.Device{BrowserName: name[0], BrowserVersion: name[1]}); got != want {
			t.Errorf("%s %s: %+v, want %+v", name[0], name[1], got, want)
		}
	}
}

// TestMisordered: only orders that an engine never sends.
func TestMisordered(t *testing.T) {
	type line = func(*Marks)
	accept := func(m *Marks) { m.Accept([]byte("text/html")) }
	encoding := func(m *Marks) { m.AcceptEncoding([]byte("gzip")) }
	language := func(m *Marks) { m.AcceptLanguage([]byte("de")) }
	site := func(m *Marks) { m.FetchSite() }
	dest := func(m *Marks) { m.FetchDest([]byte("document")) }
	for name, c := range map[string]struct {
		lines        []line
		blink, gecko bool
	}{
		"Chrome":                       {[]line{accept, site, dest, encoding, language}, false, true},
		"Chrome with its language":     {[]line{language, accept, site, dest, encoding}, false, true},
		"Firefox":                      {[]line{accept, language, encoding, dest, site}, true, false},
		"http, Firefox":                {[]line{accept, language, encoding}, false, false},
		"http, Chrome":                 {[]line{accept, encoding, language}, false, true},
		"encoding first":               {[]line{encoding, accept}, true, true},
		"encoding only":                {[]line{encoding}, false, false},
		"destination only":             {[]line{accept, dest}, false, false},
		"site only":                    {[]line{accept, site}, false, false},
		"nothing":                      {nil, false, false},
		"encoding first and no accept": {[]line{encoding, site, dest}, false, true},
	} {
		var m Marks
		for _, l := range c.lines {
			l(&m)
		}
		if got := m.misordered(blink); got != c.blink {
			t.Errorf("%s: misordered for Chromium %v, want %v", name, got, c.blink)
		}
		if got := m.misordered(gecko); got != c.gecko {
			t.Errorf("%s: misordered for Firefox %v, want %v", name, got, c.gecko)
		}
		if m.misordered(webkit) || m.misordered(embedded) || m.misordered(unknown) {
			t.Errorf("%s: misordered for an engine that is not judged", name)
		}
	}
}
