package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/control/serve"
	"github.com/clickgate/clickgate/internal/ops"
)

//go:embed demo.html
var demoHTML string

var demoPage = template.Must(template.New("demo").Parse(demoHTML))

// demoView is what a demo page shows: what came with the redirect.
type demoView struct {
	Title, Text string
	Good        bool
	Values      []demoValue
}

type demoValue struct{ Name, Value string }

// addDemoPages serves the places where the demo's links end.
func addDemoPages(s *ops.Server) {
	s.Handle("GET /demo/landing", demoHandler(demoView{
		Title: "Approved", Good: true,
		Text: "This is the advertiser's landing page. The click was approved and recorded.",
	}))
	s.Handle("GET /demo/postback", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "OK\n") // the caller has gone
	}))
	s.Handle("GET /demo/fallback", demoHandler(demoView{
		Title: "Rejected",
		Text:  "This is the fallback page. The click was recorded as rejected.",
	}))
}

func demoHandler(v demoView) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := v
		for name, values := range r.URL.Query() {
			page.Values = append(page.Values, demoValue{name, values[0]})
		}
		slices.SortFunc(page.Values, func(a, b demoValue) int { return strings.Compare(a.Name, b.Name) })
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = demoPage.Execute(w, page) // the visitor has gone
	})
}

// printDemoLinks tells a person what to try.
func printDemoLinks(w io.Writer, visitors net.Addr, control *serve.Server) {
	local := func(a net.Addr) string {
		_, port, _ := net.SplitHostPort(a.String())
		return "http://localhost:" + port
	}
	base := local(visitors)
	if control != nil {
		defer fmt.Fprintf(w, "  the API       %s/docs (the key is printed at the first start; a lost one: bin/clickgate admin-key)\n\n", local(control.Addr()))
	}
	fmt.Fprintf(w, `
clickgate is running. Click, or paste into another terminal:

  a visitor     %[1]s/click?offer_id=1&publisher_id=1&sub_id=abc
                curl -i '%[1]s/click?offer_id=1&publisher_id=1&sub_id=abc'
  a bot         curl -i -A 'Googlebot/2.1' '%[1]s/click?offer_id=1&publisher_id=1&sub_id=abc'
  a datacenter  add -H 'X-Forwarded-For: 198.51.100.7' to the curl line
  a VPN         add -H 'X-Forwarded-For: 192.0.2.7'
  a flood       repeat the curl line 31 times in a minute; the 21st is a duplicate
  targeting     %[1]s/click?offer_id=2&publisher_id=1 (phones in Germany and Austria)
  as JSON       %[1]s/click?offer_id=1&publisher_id=1&json=1
  a conversion  curl '%[1]s/conversion?secure=demo-secret&transaction_id=CLICK_ID' (the id of a click on offer_id=5)
  the events    bin/clickgate tail --config deploy/examples/demo.yaml --from-start
`, base)
}
