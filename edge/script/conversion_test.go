package script

import (
	"testing"
	"time"
)

// on is the setting of a page whose address carries a click's id.
var on = setting{search: "?utm=x&click_id=" + idA}

const (
	approved = `[{"status":"approved","transaction_id":"` + idB + `"}]`
	sentA    = `[{"status":"sent","transaction_id":"` + idA + `"}]`
	failedA  = `[{"status":"failed","transaction_id":"` + idA + `"}]`
	sale     = `cg('conversion', {event: 'sale', purchase_value: 49.9}, say);`
)

// TestConversionWays: whatever is taken from the page, the conversion goes some
// other way, bears one reference, and the page is told what is known.
func TestConversionWays(t *testing.T) {
	tests := map[string]struct {
		before string
		plan   map[string][]reply
		after  string // done right after the call
		way    string
		said   string
	}{
		"answered": {
			way: "fetch /conversion", said: approved,
		},
		"no answer once": {
			plan: map[string][]reply{"fetch /conversion": {lost, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			way:  "fetch /conversion, fetch /conversion", said: approved,
		},
		"edge unwell once": {
			plan: map[string][]reply{"fetch /conversion": {{status: 503}, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			way:  "fetch /conversion, fetch /conversion", said: approved,
		},
		"too many requests": {
			plan: map[string][]reply{"fetch /conversion": {{status: 429}, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			way:  "fetch /conversion, fetch /conversion", said: approved,
		},
		"refused": {
			plan: map[string][]reply{"fetch /conversion": {{status: 403, body: "no"}}},
			way:  "fetch /conversion", said: `[{"status":"failed"}]`,
		},
		"not JSON": {
			plan: map[string][]reply{"fetch /conversion": {{status: 200, body: "<html>"}}},
			way:  "fetch /conversion", said: `[{"status":"sent"}]`,
		},
		"JSON null": {
			plan: map[string][]reply{"fetch /conversion": {{status: 200, body: "null"}}},
			way:  "fetch /conversion", said: `[{"status":"sent"}]`,
		},
		"no answer ever": {
			plan: map[string][]reply{"fetch /conversion": {lost}},
			way:  "fetch /conversion, fetch /conversion, image /pixel.gif", said: sentA,
		},
		"neither fetch nor image": {
			plan: map[string][]reply{"fetch /conversion": {lost}, "image /pixel.gif": {lost}},
			way:  "fetch /conversion, fetch /conversion, image /pixel.gif, beacon /conversion", said: sentA,
		},
		"offline": {
			plan: map[string][]reply{"fetch /conversion": {lost}, "image /pixel.gif": {lost}, "beacon /conversion": {lost}},
			way:  "fetch /conversion, fetch /conversion, image /pixel.gif, beacon /conversion", said: failedA,
		},
		"fetch throws": {
			before: deadFetch, way: "image /pixel.gif", said: sentA,
		},
		"no fetch": {
			before: noFetch, way: "beacon /conversion", said: sentA,
		},
		"no keepalive": {
			before: noKeepalive, way: "beacon /conversion", said: sentA,
		},
		"no fetch, no beacon": {
			before: noFetch + noBeacon, way: "image /pixel.gif", said: sentA,
		},
		"no fetch, beacon throws": {
			before: noFetch + deadBeacon, way: "image /pixel.gif", said: sentA,
		},
		"no fetch, beacon full": {
			before: noFetch, plan: map[string][]reply{"beacon /conversion": {lost}},
			way: "beacon /conversion, image /pixel.gif", said: sentA,
		},
		"no fetch, beacon full, no image": {
			before: noFetch, plan: map[string][]reply{"beacon /conversion": {lost}, "image /pixel.gif": {lost}},
			way: "beacon /conversion, image /pixel.gif", said: failedA,
		},
		"nothing at all": {
			before: noFetch + noBeacon + noImage, way: "", said: failedA,
		},
		"policy without connect-src": {
			plan:  map[string][]reply{"fetch /conversion": {lost}},
			after: cspConnect,
			way:   "fetch /conversion, image /pixel.gif", said: sentA,
		},
		"policy without connect-src and img-src": {
			plan:  map[string][]reply{"fetch /conversion": {lost}, "image /pixel.gif": {lost}},
			after: cspConnect,
			way:   "fetch /conversion, image /pixel.gif", said: failedA,
		},
		"policy that only reports": {
			plan:  map[string][]reply{"fetch /conversion": {lost, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			after: `fire('securitypolicyviolation', { disposition: 'report', effectiveDirective: 'connect-src', blockedURI: 'https://trk.example/' });`,
			way:   "fetch /conversion, fetch /conversion", said: approved,
		},
		"policy against images": {
			plan:  map[string][]reply{"fetch /conversion": {lost, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			after: `fire('securitypolicyviolation', { disposition: 'enforce', effectiveDirective: 'img-src', blockedURI: 'https://trk.example/pixel.gif' });`,
			way:   "fetch /conversion, fetch /conversion", said: approved,
		},
		"policy against another": {
			plan:  map[string][]reply{"fetch /conversion": {lost, says(`{"status":"approved","transaction_id":"` + idB + `"}`)}},
			after: `fire('securitypolicyviolation', { disposition: 'enforce', effectiveDirective: 'connect-src', blockedURI: 'https://other.example/' });`,
			way:   "fetch /conversion, fetch /conversion", said: approved,
		},
		"page goes before the second try": {
			plan:  map[string][]reply{"fetch /conversion": {lost}},
			after: `fire('pagehide');`,
			way:   "fetch /conversion, beacon /conversion", said: sentA,
		},
		"page blocks everything else": {
			before: noStorage + noCookies, way: "fetch /conversion", said: approved,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, on)
			for what, replies := range tt.plan {
				p.plan[what] = replies
			}
			p.run(tt.before)
			p.load()
			p.run(sale)
			p.run(tt.after)
			p.pass(time.Minute)
			p.wantWay(tt.way)
			p.wantSaid(tt.said)
			for _, r := range p.sent {
				r.wantValues(t, "event=sale&purchase_value=49.9&transaction_id="+idA)
				if got, first := r.values.Get("external_transaction_id"), p.sent[0].values.Get("external_transaction_id"); got == "" || got != first {
					t.Errorf("%s bears the reference %q, the first request %q", r, got, first)
				}
			}
		})
	}
}

// TestConversionFetch: what a fetch says of itself. A form asks for no preflight,
// and a cookie could tell the page of other pages' clicks.
func TestConversionFetch(t *testing.T) {
	p := newPage(t, on)
	p.load()
	p.run(`cg('conversion', {external_transaction_id: 'order 4711', coupon_code: 'a&b=ü', items: [{sku: 1}], none: null, empty: ''})`)
	p.wantWay("fetch /conversion")
	r := p.sent[0]
	if r.base != "https://trk.example" || r.method != "POST" || !r.keepalive || r.credentials != "omit" || r.typ != "application/x-www-form-urlencoded" {
		t.Errorf("%+v, want a POST to https://trk.example with keepalive, without credentials, of a form", r)
	}
	r.wantValues(t, "coupon_code=a%26b%3D%C3%BC&items=%5B%7B%22sku%22%3A1%7D%5D&transaction_id="+idA)
	if got := r.values.Get("external_transaction_id"); got != "order 4711" {
		t.Errorf("the page's own reference is sent as %q", got)
	}
	if r.values.Has("none") || r.values.Has("empty") {
		t.Errorf("values that are none are sent: %v", r.values)
	}
}

// TestBeaconIsForm: a beacon of another type would need a preflight, which a page
// that goes does not live to see.
func TestBeaconIsForm(t *testing.T) {
	p := newPage(t, on)
	p.load()
	p.run(`fire('pagehide');` + sale)
	p.wantWay("beacon /conversion")
	if typ := p.sent[0].typ; typ != "application/x-www-form-urlencoded" {
		t.Errorf("the beacon's type is %q", typ)
	}
	p.run(`fire('pageshow');` + sale)
	p.wantWay("beacon /conversion, fetch /conversion")
}

// TestPolicyIsRemembered: what the page's policy forbids is not tried again.
func TestPolicyIsRemembered(t *testing.T) {
	p := newPage(t, setting{})
	p.plan["fetch /click"] = []reply{lost}
	p.load()
	p.run(`cg('click', {})`)
	p.run(cspConnect)
	p.wantWay("fetch /click, image /click")
	p.run(`cg('click', {}); cg('conversion', {transaction_id: '` + idA + `'})`)
	p.wantWay("fetch /click, image /click, image /click, image /pixel.gif")
}

// TestWithoutID: only the edge's cookie may find the click. It goes with an
// image, whose answer the page cannot read.
func TestWithoutID(t *testing.T) {
	p := newPage(t, setting{})
	p.load()
	p.run(sale)
	p.wantWay("image /pixel.gif")
	p.sent[0].wantValues(t, "event=sale&purchase_value=49.9")
	p.wantSaid(`[{"status":"sent","transaction_id":""}]`)
}

// TestOwnID: the page knows better than what was kept.
func TestOwnID(t *testing.T) {
	p := newPage(t, on)
	p.load()
	p.run(`cg('conversion', {transaction_id: '` + idB + `'})`)
	p.sent[0].wantValues(t, "transaction_id="+idB)
}

// TestParam: an integration may want the id under another name.
func TestParam(t *testing.T) {
	p := newPage(t, on)
	p.load()
	p.run(`cg('config', {param: 'clickid'}); cg('conversion', {})`)
	p.sent[0].wantValues(t, "clickid="+idA)
}

// TestValuesAreCopied: what the page does with its object later changes nothing,
// and the object stays as it was.
func TestValuesAreCopied(t *testing.T) {
	p := newPage(t, setting{})
	p.plan["fetch /click"] = []reply{hangs, says(`{"status":"approved","transaction_id":"` + idA + `"}`)}
	p.load()
	p.run(`var order = {event: 'sale'}; cg('click', {}); cg('conversion', order); order.event = 'changed'`)
	p.arrive()
	p.wantWay("fetch /click, fetch /conversion")
	p.sent[1].wantValues(t, "event=sale&transaction_id="+idA)
	if got := p.run("JSON.stringify(order)").String(); got != `{"event":"changed"}` {
		t.Errorf("the page's object is %s now", got)
	}
}

// TestHalfCharacter: text that no URL can hold does not cost the conversion.
func TestHalfCharacter(t *testing.T) {
	p := newPage(t, on)
	p.load()
	p.run(`cg('conversion', {coupon_code: 'a\ud83d'})`)
	p.sent[0].wantValues(t, "coupon_code=a%EF%BF%BD&transaction_id="+idA)
}

// TestReferencesDiffer: two orders are two.
func TestReferencesDiffer(t *testing.T) {
	for name, before := range map[string]string{"crypto": `window.crypto = {getRandomValues: function (a) { for (var i = 0; i < a.length; i++) a[i] = Math.random() * 4294967296; return a; }};`, "no crypto": ""} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, on)
			p.run(before)
			p.load()
			seen := map[string]bool{}
			for range 100 {
				p.run(`cg('conversion', {})`)
				seen[p.sent[len(p.sent)-1].values.Get("external_transaction_id")] = true
			}
			if len(seen) != 100 {
				t.Errorf("100 conversions bear %d references", len(seen))
			}
		})
	}
}
