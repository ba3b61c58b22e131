package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// shop is an advertiser's site, on another site than the tracking domain: pages
// are of localhost, links of 127.0.0.1.
type shop struct {
	url    string
	server *httptest.Server
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{}
	s.server = httptest.NewUnstartedServer(nil)
	s.url = "http://localhost:" + s.server.Listener.Addr().String()[len("127.0.0.1:"):]
	return s
}

// serve opens the shop, whose pages include the script of the tracking domain.
func (s *shop) serve(t *testing.T, tracking string) {
	t.Helper()
	pages := http.NewServeMux()
	for path, p := range map[string]shopPage{
		"/landing": {body: `<a id="buy" href="/thanks?order=4711">Buy</a> <button id="here">Buy here</button>`, js: `
			document.getElementById('here').onclick = function () { convert('here'); };`},
		"/direct": {body: `<a id="buy" href="/thanks?order=4712">Buy</a>`, js: `
			cg('click', {offer_id: 1, publisher_id: 1, sub_id: 'direct'}, tell);`},
		"/thanks": {body: `Thank you`, js: `convert(location.search.slice(7));`},
		"/strict": {body: `Thank you`, js: `convert('strict');`,
			policy: "default-src 'none'; script-src 'unsafe-inline' " + tracking + "; img-src " + tracking},
		"/leaving": {body: `<button id="buy">Buy and go</button>`, js: `
			document.getElementById('buy').onclick = function () { convert('leaving'); location.href = '/bye'; };`},
		"/bye": {body: `Good bye`},
	} {
		pages.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { p.write(w, tracking) })
	}
	s.server.Config.Handler = pages
	s.server.Start()
	t.Cleanup(s.server.Close)
}

// shopPage is a page that holds the script the way its documentation says. Its
// own code has convert(order), and tell for a callback.
type shopPage struct {
	body, js, policy string
}

func (p shopPage) write(w http.ResponseWriter, tracking string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.policy != "" {
		w.Header().Set("Content-Security-Policy", p.policy)
	}
	fmt.Fprintf(w, `<!doctype html><title>Shop</title><link rel="icon" href="data:,">%s
<script>
window.cg=window.cg||function(){(cg.q=cg.q||[]).push(arguments)};
var told = [];
function tell(answer) { told.push(answer); }
function convert(order) {
  cg('conversion', {event: 'sale', purchase_value: 49.9, currency: 'EUR', external_transaction_id: order}, tell);
}
%s
</script>
<script async src="%s/cg.js"></script>
`, p.body, strings.TrimSpace(p.js), tracking)
}
