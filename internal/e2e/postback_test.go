package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// moody is a publisher's server that falls ill and recovers.
type moody struct {
	url string
	ill atomic.Bool

	mu  sync.Mutex
	got []call
}

func newMoody(t *testing.T) *moody {
	t.Helper()
	s := &moody{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.got = append(s.got, call{method: r.Method, query: r.URL.Query(), key: r.Header.Get("Idempotency-Key")})
		s.mu.Unlock()
		if s.ill.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprint(w, "noted")
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *moody) calls() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.got...)
}

// awaitCall waits until so many calls have come, and returns the last.
func (s *moody) awaitCall(t *testing.T, n int) call {
	t.Helper()
	eventually(t, func() string { return fmt.Sprintf("%d calls came, want %d", len(s.calls()), n) }, func() bool { return len(s.calls()) >= n })
	return s.calls()[n-1]
}

// moodyDocuments are an offer of which only the moody server is told.
func moodyDocuments(s *moody) string {
	return offerOf(10, `default_payout: {payout_type: CPA, payout: 0.4, revenue_type: RPA, revenue: 0.6}`, `---
{kind: publisher_postback, id: moody, organization: demo, publisher_incremental_id: 1, offer_incremental_id: NUMBER, active: true, status: confirmed,
 url: "`+s.url+`/?tx={tx_id}&sum={payout}&cur={currency}"}
`)
}

// tested is what postback test prints with --json.
type tested struct {
	Event struct {
		TxID   string `json:"tx_id"`
		MadeUp bool   `json:"made_up"`
	} `json:"event"`
	Fires   bool `json:"fires"`
	Request struct {
		URL string `json:"url"`
	} `json:"request"`
	Result *struct {
		Outcome string `json:"outcome"`
		Body    string `json:"response_body"`
	} `json:"result"`
}

func (m *market) try(args ...string) (r tested) {
	m.node.tb.Helper()
	out := m.must("postback", append([]string{"test", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		m.node.tb.Fatalf("postback test %q printed %s: %v", args, out, err)
	}
	return r
}

// deadLetters are the ids of the calls that were given up, the last first.
func (m *market) deadLetters(n int) (ids []string) {
	m.node.tb.Helper()
	m.awaitMetric("clickgate_postback_dead_calls", fmt.Sprint(n), func(v float64) bool { return v == float64(n) })
	var page struct {
		Letters []struct {
			ID   string `json:"id"`
			TxID string `json:"tx_id"`
		} `json:"dead_letters"`
	}
	out := m.must("postback", "dead", "list", "--json")
	if err := json.Unmarshal([]byte(out), &page); err != nil || len(page.Letters) != n {
		m.node.tb.Fatalf("postback dead list printed %s: %v, want %d", out, err, n)
	}
	for _, l := range page.Letters {
		ids = append(ids, l.ID)
	}
	return ids
}

// TestPostbackTestButton: the request is shown, and sent on demand, by command
// and by API.
func TestPostbackTestButton(t *testing.T) {
	t.Parallel()
	s := newMoody(t)
	m := openMarket(t, moodyDocuments(s))
	out := m.must("postback", "test", "moody")
	wantParts(t, "a made-up event", out, "publisher_postback/moody", "made up", "GET "+s.url+"/?tx="+strings.Repeat("0", 32)+"&sum=1.23&cur=XTS", "Idempotency-Key: ", "not sent")

	tx := m.convert(m.comeTo(10, 1, ""), "").TxID
	live := s.awaitCall(t, 1)
	if r := m.try("moody"); r.Event.TxID != tx || r.Event.MadeUp || !r.Fires || r.Result != nil || r.Request.URL != s.url+"/?tx="+tx+"&sum=0.4&cur=EUR" {
		t.Errorf("the latest event is shown as %+v", r)
	}
	if r := m.try("publisher_postback/moody", "--event", tx, "--send"); r.Event.TxID != tx || r.Result == nil || r.Result.Outcome != "sent" || r.Result.Body != "noted" {
		t.Errorf("a test that is sent: %+v", r)
	}
	if sent := s.awaitCall(t, 2); sent.query.Get("tx") != tx || sent.key == live.key || sent.key == "" {
		t.Errorf("sent was %+v, after %+v", sent, live)
	}
	s.ill.Store(true)
	if r := m.run("postback", "test", "moody", "--send"); r.status != 1 || !strings.Contains(r.out, "answer 500") {
		t.Errorf("a test that fails ends with status %d: %s %s", r.status, r.out, r.err)
	}
	s.ill.Store(false)

	key := m.operatorKey()
	const button = "/publisher-postbacks/moody/test"
	if a := m.change(key, http.MethodPost, button, `{"tx_id":"`+tx+`"}`); a.status != http.StatusOK || !strings.Contains(a.body, "sum=0.4") || strings.Contains(a.body, `"result"`) {
		t.Errorf("the API shows %d %s", a.status, a.body)
	}
	if a := m.change(key, http.MethodPost, button, `{"send":true}`); a.status != http.StatusOK || !strings.Contains(a.body, `"outcome":"sent"`) {
		t.Errorf("the API sends %d %s", a.status, a.body)
	}
	if a := m.change(key, http.MethodPost, "/integrations/market/postback-managers/clicks/test", `{"tx_id":"`+tx+`"}`); a.status != http.StatusOK || !strings.Contains(a.body, `"fires":false`) {
		t.Errorf("a manager for clicks with a conversion: %d %s", a.status, a.body)
	}
	// The event of one publisher is none of another's.
	if a := m.change(key, http.MethodPost, "/publisher-postbacks/p2-any/test", `{"tx_id":"`+tx+`"}`); a.status != http.StatusNotFound {
		t.Errorf("another publisher's event is answered %d %s", a.status, a.body)
	}
	if got := len(s.calls()); got != 4 {
		t.Errorf("the server got %d calls, want 4", got)
	}
	m.awaitDelivery()
	if rows := m.rows("postback"); len(rows) == 0 || rows[len(rows)-1].Text("source") != "test" {
		t.Errorf("the log's last row is not that of a test: %v", rows)
	}
	for _, wrong := range [][]string{{"test"}, {"test", "moody", "--event", "x"}, {"test", "moody", "--source", "odd"}, {"dead", "odd"}, {"dead", "show", "x"}, {"dead", "fire"}, {"dead", "--limit", "0"}, {"dead", "fire", "--all", "x"}} {
		if r := m.run("postback", wrong...); r.status != 2 || r.crashed() {
			t.Errorf("postback %q ends with status %d, want 2: %s", wrong, r.status, r.err)
		}
	}
	if r := m.run("postback", "test", "nobody"); r.status != 1 || !strings.Contains(r.err, `"nobody"`) {
		t.Errorf("an unknown postback ends with status %d: %s", r.status, r.err)
	}
}

// TestDeadLetters: what a publisher's server did not take is kept, and sent when
// it is well again, as the same call.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	s := newMoody(t)
	m := openMarket(t, moodyDocuments(s))
	key := m.operatorKey()
	if out := m.must("postback", "dead"); strings.Count(out, "\n") != 1 {
		t.Errorf("without dead letters it prints %s", out)
	}
	txs := m.losePostbacks(s, 2)
	ids, tried, first := m.deadLetters(2), len(s.calls()), s.calls()
	wantParts(t, "show", m.must("postback", "dead", "show", ids[0]), txs[1], "the server answers 500", "GET "+s.url+"/?tx="+txs[1], "Idempotency-Key: "+keyOf(first, txs[1]))
	wantParts(t, "stats", m.must("postback", "stats"), "DEAD", "2")
	again := func(what string, n int, tx string) {
		t.Helper()
		if c := s.awaitCall(t, tried+n); c.query.Get("tx") != tx || c.key != keyOf(first, tx) {
			t.Errorf("%s sent %+v, want that of %s with its old key", what, c, tx)
		}
	}
	a := m.change(key, http.MethodGet, "/postback-dead-letters?page[size]=1", "")
	if a.status != http.StatusOK || !strings.Contains(a.body, `"id":"`+ids[0]+`"`) || !strings.Contains(a.body, `"next":"`+ids[0]+`"`) {
		t.Errorf("the API lists %d %s", a.status, a.body)
	}
	m.must("postback", "dead", "fire", ids[0])
	again("fire", 1, txs[1])
	m.change(key, http.MethodPost, "/postback-dead-letters/"+ids[1]+"/fire", "").changed(t, "fire", http.StatusOK)
	again("the API's fire", 2, txs[0])
	m.deadLetters(0)

	m.losePostbacks(s, 2)
	ids, tried = m.deadLetters(2), len(s.calls())
	m.change(key, http.MethodDelete, "/postback-dead-letters/"+ids[0], "").changed(t, "discard", http.StatusOK)
	m.change(key, http.MethodPost, "/postback-dead-letters/"+ids[0]+"/fire", "").changed(t, "fire what was discarded", http.StatusNotFound)
	wantParts(t, "fire --all", m.must("postback", "dead", "fire", "--all"), "1 fired again")
	s.awaitCall(t, tried+1)
	m.deadLetters(0)
	if r := m.run("postback", "dead", "discard", ids[0]); r.status != 1 || !strings.Contains(r.err, "no such dead letter") {
		t.Errorf("what is gone is discarded with status %d: %s", r.status, r.err)
	}
}

// losePostbacks converts while the server is ill, one after another, until their
// postbacks are given up. So few do not block the server's host.
func (m *market) losePostbacks(s *moody, n int) (txs []string) {
	m.node.tb.Helper()
	s.ill.Store(true)
	defer s.ill.Store(false)
	for i := range n {
		txs = append(txs, m.convert(m.comeTo(10, 1, ""), "").TxID)
		m.deadLetters(i + 1)
	}
	return txs
}

// keyOf is the idempotency key of the first call about a conversion.
func keyOf(calls []call, tx string) string {
	for _, c := range calls {
		if c.query.Get("tx") == tx {
			return c.key
		}
	}
	return "no call came"
}
