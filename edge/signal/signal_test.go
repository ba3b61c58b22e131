package signal

import (
	"testing"

	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/internal/click"
)

var noHints = hints.Parse(&hints.Headers{})

func TestForged(t *testing.T) {
	lists := click.CrawlerSet(0).With(click.Google).With(click.Meta)
	for name, c := range map[string]struct {
		d    click.Device
		g    click.Geo
		want bool
	}{
		"a person":                 {click.Device{}, click.Geo{CrawlerLists: lists}, false},
		"forged":                   {click.Device{Crawler: click.Google}, click.Geo{CrawlerLists: lists}, true},
		"true":                     {click.Device{Crawler: click.Google}, click.Geo{CrawlerLists: lists, CrawlerListed: true, Crawler: click.Google}, false},
		"another's address":        {click.Device{Crawler: click.Google}, click.Geo{CrawlerLists: lists, CrawlerListed: true, Crawler: click.Meta}, true},
		"no list of that operator": {click.Device{Crawler: click.Bing}, click.Geo{CrawlerLists: lists}, false},
		"no lists":                 {click.Device{Crawler: click.Google}, click.Geo{}, false},
		"listed without a name":    {click.Device{Crawler: click.Google}, click.Geo{CrawlerLists: lists, CrawlerListed: true}, false},
		"preview from a phone":     {click.Device{Crawler: click.Meta, Unfurler: true}, click.Geo{CrawlerLists: lists}, false},
	} {
		if got := Forged(&c.d, &c.g); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		s := Find(&click.Click{Device: &c.d, Geo: c.g, Plane: click.PlaneConversion}, &Request{Hints: &noHints})
		if s.Has(click.SignalForgedCrawler) != c.want {
			t.Errorf("%s: Find says %v, want %v", name, !c.want, c.want)
		}
	}
}

// request names a Sec-Fetch-Mode and -Dest that a click may come with.
type request struct{ mode, dest string }

func (r request) marks() Marks {
	var m Marks
	m.Accept([]byte("*/*"))
	m.AcceptEncoding([]byte("gzip"))
	m.AcceptLanguage([]byte("de"))
	m.FetchSite()
	m.FetchMode([]byte(r.mode))
	m.FetchDest([]byte(r.dest))
	return m
}

// TestWhatCallersExcuse: the circumstances that make a request of a script, an
// image or a frame a contradiction or not.
func TestWhatCallersExcuse(t *testing.T) {
	image, fetch := request{"no-cors", "image"}, request{"cors", "empty"}
	beacon, frame := request{"no-cors", "empty"}, request{"navigate", "iframe"}
	const contradiction, html, framed = 1 << click.SignalSecFetchContradiction, 1 << click.SignalAcceptWithoutHTML, 1 << click.SignalFrameWithoutUser
	for name, c := range map[string]struct {
		request
		c    click.Click
		r    Request
		want click.SignalSet
	}{
		"image":                  {image, click.Click{}, Request{}, contradiction | html},
		"fetch":                  {fetch, click.Click{}, Request{}, contradiction | html},
		"beacon":                 {beacon, click.Click{}, Request{}, contradiction | html},
		"frame":                  {frame, click.Click{}, Request{}, framed | html},
		"saved link":             {request{"navigate", "empty"}, click.Click{}, Request{}, html},
		"socket":                 {request{"websocket", "empty"}, click.Click{}, Request{}, contradiction | html},
		"script, no destination": {request{"cors", ""}, click.Click{}, Request{}, contradiction | html},
		"fenced frame":           {request{"navigate", "fencedframe"}, click.Click{}, Request{}, framed | html},
		"nested navigation":      {request{"nested-navigate", ""}, click.Click{}, Request{}, html},
		"API, fetch":             {fetch, click.Click{}, Request{API: true}, 0},
		"API, image":             {image, click.Click{}, Request{API: true}, contradiction},
		"API, unreadable":        {beacon, click.Click{}, Request{API: true}, contradiction},
		"background, fetch":      {fetch, click.Click{}, Request{Background: true}, 0},
		"background, beacon":     {beacon, click.Click{}, Request{Background: true}, 0},
		"background, image":      {image, click.Click{}, Request{Background: true}, contradiction},
		"impression, image":      {image, click.Click{Plane: click.PlaneImpression}, Request{}, 0},
		"impression, frame":      {frame, click.Click{Plane: click.PlaneImpression}, Request{}, 0},
		"conversion pixel":       {image, click.Click{Plane: click.PlaneConversion}, Request{}, 0},
		"prefetch":               {beacon, click.Click{Purpose: click.Prefetch}, Request{}, 0},
		"HEAD":                   {fetch, click.Click{Purpose: click.Head}, Request{}, 0},
		"preview":                {image, click.Click{Purpose: click.Unfurl}, Request{}, 0},
		"Chrome 80's fonts too":  {request{"no-cors", "font"}, click.Click{}, Request{}, contradiction | html},
	} {
		c.c.Device = &click.Device{BrowserName: "Chrome", BrowserVersion: "79.0", OSName: "Windows"}
		c.r.Marks, c.r.Hints = c.marks(), &noHints
		if got := Find(&c.c, &c.r); got != c.want {
			t.Errorf("%s: signals %b, want %b", name, got, c.want)
		}
	}
}

// TestProgramsByAgreement: who asks for JSON is not expected to be a browser.
func TestProgramsByAgreement(t *testing.T) {
	c := click.Click{Device: &click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0"}}
	if s := Find(&c, &Request{Hints: &noHints, HTTPS: true, OldHTTP: true, API: true}); !s.Empty() {
		t.Errorf("signals %b, want none", s)
	}
	script := request{"cors", "empty"}.marks()
	script.RequestedWith([]byte("XMLHttpRequest"))
	for r, want := range map[*Request]bool{
		{Marks: script}:                   true,
		{Marks: script, Background: true}: false,
		{Marks: script, API: true}:        false,
	} {
		r.Hints = &noHints
		if got := Find(&c, r).Has(click.SignalProgramHeader); got != want {
			t.Errorf("%+v: program_header %v, want %v", *r, got, want)
		}
	}
}

// TestWhoIsAskedNothing: makers of previews and servers that report conversions
// may lack every header.
func TestWhoIsAskedNothing(t *testing.T) {
	d := &click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0"}
	r := Request{Hints: &noHints, HTTPS: true, OldHTTP: true}
	for name, c := range map[string]*click.Click{
		"preview":    {Device: d, Purpose: click.Unfurl},
		"conversion": {Device: d, Plane: click.PlaneConversion},
	} {
		if s := Find(c, &r); !s.Empty() {
			t.Errorf("%s: signals %b, want none", name, s)
		}
	}
}

// TestUnknownBrowsersMayBeOdd: nobody knows how they should behave.
func TestUnknownBrowsersMayBeOdd(t *testing.T) {
	m := request{"navigate", "document"}.marks()
	m.Program()
	c := click.Click{Device: &click.Device{BrowserName: "Dillo"}}
	if s := Find(&c, &Request{Marks: m, Hints: &noHints, OldHTTP: true}); !s.Empty() {
		t.Errorf("signals %b, want none", s)
	}
}

// TestEmptyHeadersAreMissing: a header without a value says nothing.
func TestEmptyHeadersAreMissing(t *testing.T) {
	var m Marks
	m.Accept(nil)
	m.AcceptEncoding(nil)
	m.AcceptLanguage(nil)
	m.FetchUser(nil)
	if m != 0 {
		t.Errorf("marks %b, want none", m)
	}
}
