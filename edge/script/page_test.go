package script

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// The ids of two clicks.
const (
	idA = "0123456789abcdef0123456789abcdef"
	idB = "fedcba9876543210fedcba9876543210"
)

// page is a page of an advertiser that includes the script as it is served.
// Time stands still until the test moves it.
type page struct {
	t  *testing.T
	vm *goja.Runtime

	now    time.Time
	timers []timer
	nextID int

	sent  []request
	plan  map[string][]reply // by way and path, "fetch /click"; the last one is repeated
	logs  []string
	holds []func() // requests that hang
}

type timer struct {
	id int
	at time.Time
	fn goja.Callable
}

// request is what left the page.
type request struct {
	way         string // fetch, beacon or image
	method      string
	base, path  string
	values      url.Values
	keepalive   bool
	credentials string
	typ         string // of the body
}

func (r request) String() string { return r.way + " " + r.path }

// reply is what becomes of a request. Of a beacon and an image only whether it
// is lost matters.
type reply struct {
	status int
	body   string
	lost   bool
	hangs  bool
}

var (
	lost  = reply{lost: true}
	hangs = reply{hangs: true}
)

func says(data string) reply { return reply{status: 200, body: `{"status":200,"data":` + data + `}`} }

// setting is where a page stands.
type setting struct {
	src, search, protocol string
}

// newPage returns a page that has not loaded the script yet.
func newPage(t *testing.T, s setting) *page {
	t.Helper()
	p := &page{t: t, vm: goja.New(), now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), plan: map[string][]reply{}}
	p.vm.SetTimeSource(func() time.Time { return p.now })
	if s.src == "" {
		s.src = "https://trk.example/cg.js"
	}
	if s.protocol == "" {
		s.protocol = "https:"
	}
	err := p.vm.Set("host", map[string]any{
		"src": s.src, "search": s.search, "protocol": s.protocol,
		"log":        func(line string) { p.logs = append(p.logs, line) },
		"setTimeout": p.setTimeout, "clearTimeout": p.clearTimeout,
		"fetch": p.fetch, "beacon": p.beacon, "image": p.image,
	})
	if err != nil {
		t.Fatal(err)
	}
	browser, err := os.ReadFile("testdata/browser.js")
	if err != nil {
		t.Fatal(err)
	}
	p.run(string(browser))
	p.plan["fetch /click"] = []reply{says(`{"status":"approved","transaction_id":"` + idA + `"}`)}
	p.plan["fetch /conversion"] = []reply{says(`{"status":"approved","transaction_id":"` + idB + `"}`)}
	return p
}

// load runs the script as served.
func (p *page) load() { p.t.Helper(); p.run(string(lean(source))) }

// run runs code of the page, which must not throw.
func (p *page) run(js string) goja.Value {
	p.t.Helper()
	v, err := p.vm.RunString(js)
	if err != nil {
		p.t.Fatalf("the page sees an error: %v\nin %.200s", err, js)
	}
	return v
}

func (p *page) setTimeout(fn goja.Callable, ms int64) int {
	p.nextID++
	p.timers = append(p.timers, timer{p.nextID, p.now.Add(time.Duration(ms) * time.Millisecond), fn})
	return p.nextID
}

func (p *page) clearTimeout(id int) {
	p.timers = slices.DeleteFunc(p.timers, func(t timer) bool { return t.id == id })
}

// pass lets time go by.
func (p *page) pass(d time.Duration) {
	p.t.Helper()
	for end := p.now.Add(d); ; {
		next := -1
		for i, t := range p.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(p.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			p.now = end
			return
		}
		due := p.timers[next]
		p.timers = slices.Delete(p.timers, next, next+1)
		p.now = due.at
		if _, err := due.fn(goja.Undefined()); err != nil {
			p.t.Fatalf("the page sees an error from a timer: %v", err)
		}
	}
}

// note records a request and tells what is to become of it.
func (p *page) note(way, method, address, body string) (*request, reply) {
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatalf("%s of %q: %v", way, address, err)
	}
	values, err := url.ParseQuery(strings.Trim(u.RawQuery+"&"+body, "&"))
	if err != nil {
		p.t.Errorf("%s of %q with %q: %v", way, address, body, err)
	}
	path := u.Path[strings.LastIndexByte(u.Path, '/'):]
	p.sent = append(p.sent, request{
		way: way, method: method, values: values, path: path,
		base: strings.TrimSuffix(strings.TrimSuffix(address, "?"+u.RawQuery), path),
	})
	r := &p.sent[len(p.sent)-1]
	plan := p.plan[r.String()]
	if len(plan) == 0 {
		return r, reply{status: 200}
	}
	if len(plan) > 1 {
		p.plan[r.String()] = plan[1:]
	}
	return r, plan[0]
}

func (p *page) fetch(address string, init map[string]any, answer func(int, string), fail func()) {
	text := func(name string) string { s, _ := init[name].(string); return s }
	method := text("method")
	if method == "" {
		method = "GET"
	}
	r, what := p.note("fetch", method, address, text("body"))
	r.keepalive, _ = init["keepalive"].(bool)
	r.credentials = text("credentials")
	if headers, ok := init["headers"].(map[string]any); ok {
		r.typ, _ = headers["Content-Type"].(string)
	}
	switch {
	case what.hangs:
		path := r.path
		p.holds = append(p.holds, func() {
			reply := p.plan["fetch "+path][0]
			if reply.lost {
				fail()
				return
			}
			answer(reply.status, reply.body)
		})
	case what.lost:
		fail()
	default:
		answer(what.status, what.body)
	}
}

// arrive lets the requests that hang be answered, as is planned by now.
func (p *page) arrive() {
	p.t.Helper()
	for _, answer := range p.holds {
		answer()
	}
	p.holds = nil
	p.run("")
}

func (p *page) beacon(address, body, typ string) bool {
	r, what := p.note("beacon", "POST", address, body)
	r.typ = typ
	return !what.lost
}

// image is answered later, like a real one: its handlers are set by then.
func (p *page) image(address string, load, fail func()) {
	_, what := p.note("image", "GET", address, "")
	if what.lost {
		fail()
		return
	}
	load()
}

// way is how the requests went, in their order.
func (p *page) way() string {
	var all []string
	for _, r := range p.sent {
		all = append(all, r.String())
	}
	return strings.Join(all, ", ")
}

func (p *page) wantWay(want string) {
	p.t.Helper()
	if got := p.way(); got != want {
		p.t.Errorf("requests: %q, want %q (console: %q)", got, want, p.logs)
	}
}

// said is what callbacks were given, as JSON.
func (p *page) said() string {
	p.t.Helper()
	return p.run("JSON.stringify(said)").String()
}

func (p *page) wantSaid(want string) {
	p.t.Helper()
	if got := p.said(); got != want {
		p.t.Errorf("callbacks got %s, want %s (console: %q)", got, want, p.logs)
	}
}

// wantValues compares what a request carries beside what the script makes up.
func (r request) wantValues(t *testing.T, want string) {
	t.Helper()
	got := url.Values{}
	for name, v := range r.values {
		if name != "js_check_data" && name != "external_transaction_id" {
			got[name] = v
		}
	}
	if got.Encode() != want {
		t.Errorf("%s carries %q, want %q", r, got.Encode(), want)
	}
}

// check is the js_check_data of a request.
func (r request) check(t *testing.T) (found map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.values.Get("js_check_data")), &found); err != nil {
		t.Fatalf("js_check_data of %s: %v in %q", r, err, r.values.Get("js_check_data"))
	}
	return found
}

// The snippet that pages hold before the script.
const stub = `window.cg=window.cg||function(){(cg.q=cg.q||[]).push(arguments)};`

// Things that visitors, extensions and policies take from a page.
const (
	noFetch     = `window.fetch = undefined;`
	deadFetch   = `window.fetch = function () { throw new Error('fetch is not allowed'); };`
	noKeepalive = `window.Request = function () {};`
	noBeacon    = `navigator.sendBeacon = undefined;`
	deadBeacon  = `navigator.sendBeacon = function () { throw new Error('no beacon'); };`
	noImage     = `window.Image = undefined;`
	noStorage   = `Object.defineProperty(window, 'localStorage', { get: function () { throw new Error('SecurityError'); } });`
	noCookies   = `Object.defineProperty(document, 'cookie', { get: function () { throw new Error('SecurityError'); }, set: function () { throw new Error('SecurityError'); } });`
	cspConnect  = `fire('securitypolicyviolation', { disposition: 'enforce', effectiveDirective: 'connect-src', blockedURI: 'https://trk.example/conversion' });`
)
