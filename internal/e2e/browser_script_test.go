package e2e

import (
	"slices"
	"testing"
)

const (
	browserLink = "/click?offer_id=1&publisher_id=1&sub_id=browser"
	theCookie   = "document.cookie.indexOf('cg_tx=') >= 0"
)

// startBrowserTest opens a shop, its tracking domain and a visitor's browser.
func startBrowserTest(t *testing.T, settings string) (tracker, *shop, *tab) {
	t.Helper()
	s := openShop(t)
	e := newTracker(t, s.url+"/landing")
	s.serve(t, e.url())
	// Last, so that it ends first: servers wait for its connections.
	return e, s, openBrowser(t, settings)
}

// wantConversion wants one conversion, which is the click's.
func wantConversion(t *testing.T, e tracker, click, order string) {
	t.Helper()
	want := []conversion{{click: click, order: order, event: "sale", value: "49.9"}}
	if got := e.conversions(); !slices.Equal(got, want) {
		t.Errorf("the edge has recorded %+v, want %+v", got, want)
	}
}

// onlyClick is the id of the only click.
func onlyClick(t *testing.T, e tracker) string {
	t.Helper()
	ids := e.clicks()
	if len(ids) != 1 {
		t.Fatalf("the edge has recorded %d clicks, want 1", len(ids))
	}
	return ids[0]
}

// TestBrowserLink: a link leads to the shop, and the page after next knows the
// click, though its address does not tell.
func TestBrowserLink(t *testing.T) {
	t.Parallel()
	e, _, b := startBrowserTest(t, ordinary)
	b.open(e.url() + browserLink)
	b.press("#buy")
	b.awaitPage("/thanks")
	if status, _ := b.told(1); status != "approved" {
		t.Errorf("the page is told %q, want approved", status)
	}
	if b.eval(theCookie) != "true" {
		t.Errorf("the cookies of the last page are %q", b.eval("document.cookie"))
	}
	wantConversion(t, e, onlyClick(t, e), "4711")
}

// TestBrowserDirect: the visitor never was on the tracking domain; the page
// records the click.
func TestBrowserDirect(t *testing.T) {
	t.Parallel()
	e, s, b := startBrowserTest(t, ordinary)
	b.open(s.url + "/direct")
	status, id := b.told(1)
	if click := onlyClick(t, e); status != "approved" || id != click {
		t.Errorf("the page is told %q and the id %s, the edge has recorded %s", status, id, click)
	}
	b.press("#buy")
	b.awaitPage("/thanks")
	if status, _ := b.told(1); status != "approved" {
		t.Errorf("the second page is told %q, want approved", status)
	}
	wantConversion(t, e, id, "4712")
}

// TestBrowserBlocked: the visitor blocks all cookies, and storage with them. The
// address tells the id, and it lasts as long as the page.
func TestBrowserBlocked(t *testing.T) {
	t.Parallel()
	e, _, b := startBrowserTest(t, allBlocked)
	b.open(e.url() + browserLink)
	const tryStorage = "(function () { try { localStorage.setItem('a', 'b'); return 'allowed' } catch (e) { return e.name } })()"
	if got := b.eval(tryStorage); got != "SecurityError" {
		t.Fatalf("the browser should block storage, but it says %q", got)
	}
	b.press("#here")
	if status, _ := b.told(1); status != "approved" {
		t.Errorf("the page is told %q, want approved", status)
	}
	if b.eval(theCookie) != "false" {
		t.Error("the browser should block cookies")
	}
	wantConversion(t, e, onlyClick(t, e), "here")
}

// TestBrowserBlockedDirect: nothing tells the next page of the click, but the
// page that recorded it knows.
func TestBrowserBlockedDirect(t *testing.T) {
	t.Parallel()
	e, s, b := startBrowserTest(t, allBlocked)
	b.open(s.url + "/direct")
	_, id := b.told(1)
	b.eval("convert('at once')")
	if status, _ := b.told(2); status != "approved" {
		t.Errorf("the page is told %q, want approved", status)
	}
	if click := onlyClick(t, e); id != click {
		t.Errorf("the page is told the id %s, the edge has recorded %s", id, click)
	}
	wantConversion(t, e, id, "at once")
}

// TestBrowserPolicy: the page's policy forbids all but scripts and images.
func TestBrowserPolicy(t *testing.T) {
	t.Parallel()
	e, s, b := startBrowserTest(t, ordinary)
	b.open(e.url() + browserLink)
	b.open(s.url + "/strict")
	if status, _ := b.told(1); status != "sent" {
		t.Errorf("the page is told %q, want sent", status)
	}
	wantConversion(t, e, onlyClick(t, e), "strict")
}

// TestBrowserLeaves: the page goes in the moment of the conversion.
func TestBrowserLeaves(t *testing.T) {
	t.Parallel()
	e, s, b := startBrowserTest(t, ordinary)
	b.open(e.url() + browserLink)
	b.open(s.url + "/leaving")
	b.press("#buy")
	b.awaitPage("/bye")
	wantConversion(t, e, onlyClick(t, e), "leaving")
}
