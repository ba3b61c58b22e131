package script

import (
	"strings"
	"testing"
	"time"
)

// TestKept: the id outlives the page in a cookie and in local storage, either of
// which is enough.
func TestKept(t *testing.T) {
	tests := map[string]struct {
		setting   setting
		then      string // the next page has this
		wait      time.Duration
		attribute string // of the cookie
		without   string
		id        string
	}{
		"both":              {attribute: "; Max-Age=2592000; Path=/; SameSite=Lax; Secure", id: idA, without: "Domain"},
		"http":              {setting: setting{protocol: "http:"}, attribute: "; Path=/; SameSite=Lax", without: "Secure", id: idA},
		"cookie only":       {then: noStorage, id: idA},
		"storage only":      {then: noCookies, id: idA},
		"neither":           {then: noCookies + noStorage, id: ""},
		"storage, in time":  {then: noCookies, wait: 30*24*time.Hour - time.Second, id: idA},
		"storage, too late": {then: noCookies, wait: 30 * 24 * time.Hour, id: ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, tt.setting)
			p.load()
			p.run(`cg('click', {})`)
			given := p.run("document.given").String()
			if !strings.HasPrefix(given, "cg_tx="+idA+"; ") || !strings.Contains(given, tt.attribute) {
				t.Errorf("the cookie is %q, want %q in it", given, tt.attribute)
			}
			if tt.without != "" && strings.Contains(given, tt.without) {
				t.Errorf("the cookie is %q, want no %s in it", given, tt.without)
			}
			p.pass(tt.wait)
			p.nextPage(tt.then)
			p.run(`cg('get', say)`)
			p.wantSaid(`["` + tt.id + `"]`)
		})
	}
}

// nextPage loads the script on another page of the site, where before is so.
func (p *page) nextPage(before string) {
	p.t.Helper()
	p.run(`window.cg = undefined;` + before)
	p.load()
}

// TestOptionsOfTheCookie: options come first wherever the page gives them.
func TestOptionsOfTheCookie(t *testing.T) {
	const options = `cg('config', {domain: '.shop.example', max_age: 3600});`
	for name, calls := range map[string][2]string{
		"before": {stub + options, ""}, "queued last": {stub + `cg('get');` + options, ""}, "after": {"", options},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, on)
			p.run(calls[0])
			p.load()
			p.run(calls[1])
			if got, want := p.run("document.given").String(), "cg_tx="+idA+"; Max-Age=3600; Path=/; SameSite=Lax; Domain=.shop.example; Secure"; got != want {
				t.Errorf("the cookie is %q, want %q", got, want)
			}
		})
	}
}

// TestCookieIsSetOnce: a cookie set with half of the options would stay beside the
// other.
func TestCookieIsSetOnce(t *testing.T) {
	p := newPage(t, on)
	p.run(stub + `cg('config', {max_age: 60}); cg('config', {domain: '.shop.example'})`)
	p.load()
	if n := p.run("document.writes").ToInteger(); n != 1 {
		t.Errorf("the cookie was set %d times, want once", n)
	}
}

// TestNoIDNothingStored: whoever did not come by a link leaves no trace.
func TestNoIDNothingStored(t *testing.T) {
	p := newPage(t, setting{})
	p.load()
	p.run(`cg('config', {domain: '.shop.example'}); cg('conversion', {}); cg('get')`)
	if got := p.run("document.cookie + localStorage.getItem('cg_tx')").String(); got != "null" {
		t.Errorf("cookie and storage hold %q", got)
	}
}

// TestStoreOff: nothing is kept, and what was kept is forgotten.
func TestStoreOff(t *testing.T) {
	p := newPage(t, setting{})
	p.load()
	p.run(`cg('click', {})`)
	p.nextPage("")
	p.run(`cg('config', {store: false}); cg('get', say)`)
	p.wantSaid(`["` + idA + `"]`)
	p.nextPage(stub + `cg('config', {store: false}); cg('click', {});`)
	p.nextPage("")
	p.run(`said = []; cg('get', say)`)
	p.wantSaid(`[""]`)
	if got := p.run("document.cookie + localStorage.getItem('cg_tx')").String(); got != "null" {
		t.Errorf("cookie and storage hold %q", got)
	}
}

// TestNewIDWins: the visitor came again by another link.
func TestNewIDWins(t *testing.T) {
	p := newPage(t, setting{})
	p.load()
	p.run(`cg('click', {})`)
	p.nextPage(`location.search = '?click_id=` + idB + `'`)
	p.nextPage(`location.search = ''`)
	p.run(`cg('get', say)`)
	p.wantSaid(`["` + idB + `"]`)
}

// TestForgedStore: what is no id is not taken for one.
func TestForgedStore(t *testing.T) {
	p := newPage(t, setting{})
	p.run(`document.cookie = 'cg_tx=x'; document.cookie = 'my_cg_tx=` + idA + `'; localStorage.setItem('cg_tx', '` + idA + `')`)
	p.load()
	p.run(`cg('get', say)`)
	p.wantSaid(`[""]`)
}
