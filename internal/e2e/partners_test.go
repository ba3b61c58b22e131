package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"sync"
	"testing"
)

// partners are those whom a network does business with, as servers of their
// own: an advertiser, whose landing page learns the click's id, and publishers,
// who are called about their conversions.
type partners struct {
	tb  testing.TB
	url string

	mu    sync.Mutex
	lands []url.Values // the visits to landing pages
	calls map[string][]call
	// surly makes the server fail a call the first time, if it says so.
	surly func(call) bool
}

// call is one request at a partner's door.
type call struct {
	// door is the last part of its path, by which postbacks are told apart.
	door   string
	method string
	query  url.Values
	// key is its idempotency key.
	key string
}

// newPartners opens the servers.
func newPartners(tb testing.TB) *partners {
	tb.Helper()
	p := &partners{tb: tb, calls: map[string][]call{}}
	doors := http.NewServeMux()
	doors.HandleFunc("/landing", p.land)
	doors.HandleFunc("/postback/", p.hear)
	server := httptest.NewServer(doors)
	tb.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// land is the advertiser's page, which keeps the click's id for the order.
func (p *partners) land(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lands = append(p.lands, r.URL.Query())
}

// hear takes a call about a conversion, a click or an impression.
func (p *partners) hear(w http.ResponseWriter, r *http.Request) {
	c := call{door: path.Base(r.URL.Path), method: r.Method, query: r.URL.Query(), key: r.Header.Get("Idempotency-Key")}
	p.mu.Lock()
	defer p.mu.Unlock()
	tx := c.query.Get("tx")
	p.calls[tx] = append(p.calls[tx], c)
	if p.surly != nil && p.surly(c) && p.times(c) == 1 {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// times is how often a call came so far.
func (p *partners) times(c call) (n int) {
	for _, other := range p.calls[c.query.Get("tx")] {
		if other.key == c.key {
			n++
		}
	}
	return n
}

// about are the calls about a conversion, click or impression.
func (p *partners) about(tx string) []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]call(nil), p.calls[tx]...)
}

// heardOf is how many conversions, clicks and impressions there were calls about.
func (p *partners) heardOf() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.calls)
}

// arrive goes where a click's answer leads and returns the id that the
// advertiser learns there.
func (p *partners) arrive(a answer) (id string) {
	p.tb.Helper()
	a.wantRedirect(p.tb, p.url+"/landing?")
	if page := get(p.tb, a.location, visitor{agent: firefox}); page.status != http.StatusOK {
		p.tb.Fatalf("the landing page %s answers %d", a.location, page.status)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if id = p.lands[len(p.lands)-1].Get("click_id"); len(id) != 32 {
		p.tb.Fatalf("the landing page learns the click id %q", id)
	}
	return id
}
