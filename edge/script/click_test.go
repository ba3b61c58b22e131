package script

import (
	"testing"
	"time"
)

const clickA = `[{"status":"approved","transaction_id":"` + idA + `"}]`

// TestClickWays: how a click is recorded, and what id is known then.
func TestClickWays(t *testing.T) {
	tests := map[string]struct {
		setting setting
		before  string
		plan    []reply // of fetch /click
		after   string
		way     string
		said    string
		id      string
	}{
		"answered":           {way: "fetch /click", said: clickA, id: idA},
		"landed by redirect": {setting: setting{search: "?click_id=" + idB}, way: "", said: `[{"status":"known","transaction_id":"` + idB + `"}]`, id: idB},
		"tx_id":              {setting: setting{search: "?a=1&tx_id=" + idB}, way: "", said: `[{"status":"known","transaction_id":"` + idB + `"}]`, id: idB},
		"transaction_id":     {setting: setting{search: "?transaction_id=" + idB + "&a=1"}, way: "", said: `[{"status":"known","transaction_id":"` + idB + `"}]`, id: idB},
		"upper case":         {setting: setting{search: "?tx_id=FEDCBA9876543210FEDCBA9876543210"}, way: "", said: `[{"status":"known","transaction_id":"` + idB + `"}]`, id: idB},
		"id too short":       {setting: setting{search: "?click_id=" + idB[1:]}, way: "fetch /click", said: clickA, id: idA},
		"id too long":        {setting: setting{search: "?click_id=" + idB + "0"}, way: "fetch /click", said: clickA, id: idA},
		"other parameter":    {setting: setting{search: "?my_click_id=" + idB}, way: "fetch /click", said: clickA, id: idA},
		"rejected": {
			plan: []reply{says(`{"status":"rejected","reason":"VPN","transaction_id":"` + idA + `"}`)},
			way:  "fetch /click", said: `[{"status":"rejected","reason":"VPN","transaction_id":"` + idA + `"}]`, id: idA,
		},
		"no id in the answer": {
			plan: []reply{{status: 404, body: "not found"}}, way: "fetch /click", said: `[{"status":"failed"}]`,
		},
		"nonsense for an id": {
			plan: []reply{says(`{"status":"approved","transaction_id":"x; Domain=evil"}`)},
			way:  "fetch /click", said: `[{"status":"approved","transaction_id":"x; Domain=evil"}]`,
		},
		"no answer once": {
			plan: []reply{lost, says(`{"status":"approved","transaction_id":"` + idA + `"}`)},
			way:  "fetch /click, fetch /click", said: clickA, id: idA,
		},
		"no answer ever": {plan: []reply{lost}, way: "fetch /click, fetch /click, image /click", said: `[{"status":"sent"}]`},
		"no fetch":       {before: noFetch, way: "image /click", said: `[{"status":"sent"}]`},
		"fetch throws":   {before: deadFetch, way: "image /click", said: `[{"status":"sent"}]`},
		"no way at all":  {before: noFetch + noImage, way: "", said: `[{"status":"failed"}]`},
		"policy":         {plan: []reply{lost}, after: cspConnect, way: "fetch /click, image /click", said: `[{"status":"sent"}]`},
		"nothing stored": {before: noStorage + noCookies, way: "fetch /click", said: clickA, id: idA},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, tt.setting)
			if tt.plan != nil {
				p.plan["fetch /click"] = tt.plan
			}
			p.run(tt.before)
			p.load()
			p.run(`cg('click', {offer_id: 1, publisher_id: 'p 7'}, say)`)
			p.run(tt.after)
			p.pass(time.Minute)
			p.wantWay(tt.way)
			p.wantSaid(tt.said)
			p.run(`said = []; cg('get', say)`)
			p.wantSaid(`["` + tt.id + `"]`)
			for _, r := range p.sent {
				r.wantValues(t, "json=1&no_redirect=1&offer_id=1&publisher_id=p+7")
			}
		})
	}
}

// TestNoFetchNoWaiting: what cannot work is not tried a second time.
func TestNoFetchNoWaiting(t *testing.T) {
	p := newPage(t, setting{})
	p.run(noFetch)
	p.load()
	p.run(`cg('click', {}); cg('conversion', {})`)
	p.wantWay("image /click, beacon /conversion")
}

// TestClickFetch: the edge judges a click by its own cookie, too.
func TestClickFetch(t *testing.T) {
	p := newPage(t, setting{src: "https://trk.example/i/int1/cg.js?v=3"})
	p.load()
	p.run(`cg('click', {offer_id: 1}); cg('conversion', {})`)
	p.wantWay("fetch /click, fetch /conversion")
	click, conversion := p.sent[0], p.sent[1]
	if click.base != "https://trk.example/i/int1" || conversion.base != click.base {
		t.Errorf("a script of /i/int1 calls %s and %s", click.base, conversion.base)
	}
	if click.method != "GET" || !click.keepalive || click.credentials != "include" || click.typ != "" {
		t.Errorf("%+v, want a GET with keepalive and credentials, and no header", click)
	}
}

// TestCheckData: what is told about the browser, and that what it hides is left
// out.
func TestCheckData(t *testing.T) {
	const click = `cg('click', {}); cg('conversion', {})`
	p := newPage(t, setting{})
	p.load()
	p.run(click)
	for _, r := range p.sent {
		found := r.check(t)
		want := map[string]any{"timezone": "Europe/Berlin", "languages": "de-DE,de,en,fr,it", "webdriver": true, "screen": "1920x1080@2", "touch": 5.0}
		for name, value := range want {
			if found[name] != value {
				t.Errorf("%s: %s is %v, want %v", r, name, found[name], value)
			}
		}
		if len(found) != len(want) {
			t.Errorf("%s tells %v, more than is documented", r, found)
		}
	}

	p = newPage(t, setting{})
	p.run(`window.Intl = undefined; navigator.languages = undefined; window.screen = undefined;
		Object.defineProperty(navigator, 'webdriver', {get: function () { throw new Error('hidden'); }})`)
	p.load()
	p.run(click)
	p.wantWay("fetch /click, fetch /conversion")
	if found := p.sent[0].check(t); len(found) != 1 {
		t.Errorf("a browser that hides everything but touch is told as %v", found)
	}
}

// TestConversionWaitsForClick: no longer than it may, and not when the page goes.
func TestConversionWaitsForClick(t *testing.T) {
	answer := says(`{"status":"approved","transaction_id":"` + idA + `"}`)
	const twoBeacons = "fetch /click, beacon /conversion, beacon /conversion"
	tests := map[string]struct {
		later reply
		then  func(p *page)
		way   string
		id    string
	}{
		"click in time": {answer, func(p *page) { p.pass(2 * time.Second); p.arrive() }, "fetch /click, fetch /conversion", idA},
		"click too late": {answer, func(p *page) { p.pass(3 * time.Second); p.wantWay("fetch /click, image /pixel.gif"); p.arrive() },
			"fetch /click, image /pixel.gif", ""},
		"page goes": {answer, func(p *page) { p.run(`fire('pagehide')`) }, "fetch /click, beacon /conversion", ""},
		"page is going": {answer, func(p *page) { p.run(`fire('pagehide'); cg('conversion', {})`); p.wantWay(twoBeacons) },
			twoBeacons, ""},
		"click fails":             {lost, func(p *page) { p.arrive(); p.pass(time.Second) }, "fetch /click, fetch /click, image /click, image /pixel.gif", ""},
		"click fails on a policy": {lost, func(p *page) { p.run(cspConnect); p.arrive() }, "fetch /click, image /pixel.gif, image /click", ""},
		"click fails as the page goes": {lost, func(p *page) { p.run(`fire('pagehide')`); p.arrive() },
			"fetch /click, beacon /conversion, image /click", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, setting{})
			p.plan["fetch /click"] = []reply{hangs, tt.later}
			p.load()
			p.run(`cg('click', {}); cg('conversion', {})`)
			p.wantWay("fetch /click")
			tt.then(p)
			p.pass(time.Minute)
			p.wantWay(tt.way)
			for _, r := range p.sent {
				if r.path != "/click" && r.values.Get("transaction_id") != tt.id {
					t.Errorf("%s bears the id %q, want %q", r, r.values.Get("transaction_id"), tt.id)
				}
			}
		})
	}
}

// TestConversionLosesAnswerAsPageGoes: the second try cannot wait.
func TestConversionLosesAnswerAsPageGoes(t *testing.T) {
	p := newPage(t, on)
	p.plan["fetch /conversion"] = []reply{hangs, lost}
	p.load()
	p.run(sale + `fire('pagehide')`)
	p.wantWay("fetch /conversion")
	p.arrive()
	p.wantWay("fetch /conversion, beacon /conversion")
}

// TestTwoClicks: a conversion waits for both.
func TestTwoClicks(t *testing.T) {
	p := newPage(t, setting{})
	p.plan["fetch /click"] = []reply{hangs, says(`{"status":"approved","transaction_id":"` + idA + `"}`)}
	p.load()
	p.run(`cg('click', {}); cg('click', {}); cg('conversion', {})`)
	p.wantWay("fetch /click, fetch /click")
	p.arrive()
	p.wantWay("fetch /click, fetch /click, fetch /conversion")
}

// TestWaitIsAnOption also shows that get waits like a conversion.
func TestWaitIsAnOption(t *testing.T) {
	p := newPage(t, setting{})
	p.plan["fetch /click"] = []reply{hangs}
	p.load()
	p.run(`cg('config', {wait: 50}); cg('click', {}); cg('get', say)`)
	p.wantSaid(`[]`)
	p.pass(50 * time.Millisecond)
	p.wantSaid(`[""]`)
}
