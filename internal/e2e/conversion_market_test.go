package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/events"
)

// market is a node with an advertiser and publishers around it.
type market struct {
	*node
	*partners
	visitors int
}

// marketBoot lets visitors say where they come from, and calls reach this
// machine.
const marketBoot = `
apply: [documents.yaml]
edge: {default_integration: market}
client_ip: {trusted_proxies: [127.0.0.0/8], client_ip_headers: [X-Forwarded-For]}
geo: {databases: [%s/deploy/examples/geo/demo-city.mmdb]}
control: {organization: demo}
postbacks:
  calls: {allow_networks: [127.0.0.0/8], allow_ports: [1024-65535]}
  retry_after: 20ms
`

// marketDocuments are what every market has. PARTNERS is their address.
const marketDocuments = `
kind: integration
id: market
organization: demo
name: Market
type: Custom
active: true
monitoring_mode: false
offer_preview_enabled: false
clicks_config: {global_fallback_url: "PARTNERS/nowhere?click_id={click_id}"}
conversions_config: {pixel_conversions_enabled: true}
conversion_secure_code: market-secret
default_revenue_payout: {click_payout: 0.01, click_revenue: 0.02, conversion_payout: 0.4, conversion_revenue: 0.6}
currency: EUR
duplicate_external_tx_id_enabled: true
duplicate_external_tx_id_cache_expiry_seconds: 3600
---
{kind: advertiser, id: shop, organization: demo, incremental_id: 1, name: Shop, active: true}
---
{kind: publisher, id: blog, organization: demo, incremental_id: 1, name: Blog, active: true}
---
{kind: publisher, id: mail, organization: demo, incremental_id: 2, name: Mail, active: true}
---
{kind: postback_manager, id: clicks, organization: demo, integration: market, name: Clicks, active: true, service_type: click, url: "PARTNERS/postback/click?tx={tx_id}&payout={payout}&revenue={revenue}"}
---
{kind: postback_manager, id: views, organization: demo, integration: market, name: Views, active: true, service_type: impression, method: POST, url: "PARTNERS/postback/impression?tx={tx_id}&payout={payout}&revenue={revenue}"}
`

// doors are the postbacks of every publisher, by the status for which they
// fire: each calls at a door of its own.
var doors = map[string]string{
	"any": "", "by_creating": "by_creating", "confirmed": "confirmed", "pending": "pending", "declined": "declined", "hold": "hold", "not_found": "not_found",
}

// postbacks are the documents of doors.
func postbacks() string {
	var b strings.Builder
	for _, publisher := range []string{"1", "2"} {
		for door, status := range doors {
			fmt.Fprintf(&b, "---\n{kind: publisher_postback, id: p%s-%s, organization: demo, publisher_incremental_id: %s, active: true, status: %q, "+
				"url: \"PARTNERS/postback/%s?tx={tx_id}&click={click_id}&status={status}&reason={rejection_reason}&payout={payout}&goal={goal}&sub={sub_id}\"}\n",
				publisher, strings.ReplaceAll(door, "_", "-"), publisher, status, door)
		}
	}
	return b.String()
}

// openMarket starts a node with some offers. edits are pairs of texts to replace
// in the documents of every market.
func openMarket(t *testing.T, documents string, edits ...string) *market {
	t.Helper()
	p := newPartners(t)
	boot, data := writeMarket(t, p, strings.NewReplacer(edits...).Replace(marketDocuments)+documents)
	return &market{node: start(t, data, "--config", boot), partners: p}
}

// writeMarket writes the files of a node: its boot settings and a data folder.
func writeMarket(t *testing.T, p *partners, documents string) (boot, data string) {
	t.Helper()
	dir, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	boot = write(t, "boot.yaml", fmt.Sprintf(marketBoot, dir))
	text := strings.ReplaceAll(documents+postbacks(), "PARTNERS", p.url)
	if err := os.WriteFile(filepath.Join(filepath.Dir(boot), "documents.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return boot, filepath.Join(filepath.Dir(boot), "data")
}

// offerOf are the documents of an offer: its number, its own fields, and more
// documents, in which NUMBER is its number.
func offerOf(number int, fields, more string) string {
	text := `
---
{kind: offer, id: oNUMBER, organization: demo, integration: market, incremental_id: NUMBER, name: Offer NUMBER, advertiser_id: 1, active: true, currency: EUR, FIELDS}
---
{kind: landing_page, id: lNUMBER, organization: demo, offer: oNUMBER, incremental_id: NUMBER, name: Page, active: true, redirect_url: "PARTNERS/landing?click_id={click_id}"}
` + more
	return strings.NewReplacer("NUMBER", fmt.Sprint(number), "FIELDS", fields).Replace(text)
}

// comeTo clicks as somebody who never was here, and lands at the advertiser's.
func (m *market) comeTo(offer, publisher int, query string) (id string) {
	m.node.tb.Helper()
	return m.arrive(m.visit(m.stranger(), fmt.Sprintf("/click?offer_id=%d&publisher_id=%d%s", offer, publisher, query)))
}

// stranger is a visitor from an address of his own, in Germany.
func (m *market) stranger() visitor {
	m.visitors++
	return visitor{firefox, fmt.Sprintf("203.0.113.%d", m.visitors%256)}
}

// report is what the advertiser's server is answered.
type report struct {
	Status    string `json:"status"`
	TxID      string `json:"transaction_id"`
	ClickTxID string `json:"click_transaction_id"`
	Reason    string `json:"reason"`
	Duplicate bool   `json:"duplicate"`
}

// convert reports a conversion as the advertiser's server does, and waits until
// it is finished.
func (m *market) convert(click, query string) report {
	m.node.tb.Helper()
	before := m.handled()
	r := m.reportOf(m.visit(visitor{}, "/conversion?secure=market-secret&transaction_id="+click+query))
	if r.Status == "processing" {
		eventually(m.node.tb, func() string { return "conversion " + r.TxID + " is not finished" }, func() bool { return m.handled() > before })
	}
	return r
}

// handled is how many conversions were recorded or known already.
func (m *market) handled() float64 {
	m.node.tb.Helper()
	return m.metric("clickgate_edge_conversions_total") + m.metric("clickgate_edge_conversions_duplicate_total")
}

func (m *market) reportOf(a answer) report {
	m.node.tb.Helper()
	var body struct{ Data report }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != http.StatusOK {
		m.node.tb.Fatalf("a conversion is answered %d %s", a.status, a.body)
	}
	return body.Data
}

// post sends a body to the edge.
func (m *market) post(path, contentType, body string) answer {
	m.node.tb.Helper()
	resp, err := client.Post("http://"+m.edge+path, contentType, strings.NewReader(body))
	if err != nil {
		m.node.tb.Fatal(err)
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(resp.Body); err != nil {
		m.node.tb.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, text.String(), ""}
}

// rows are the rows of some kinds in the log, with commas between the kinds.
// Conversions come to the log a moment after they were answered.
func (n *node) rows(kinds string) []events.Row {
	n.tb.Helper()
	recorded := n.metric("clickgate_edge_conversions_total")
	eventually(n.tb, func() string { return "conversions that were recorded are not in the log" }, func() bool {
		return float64(len(n.rowsNow("conversion,event"))) >= recorded
	})
	return n.rowsNow(kinds)
}

// rowsNow are the rows that the log has now.
func (n *node) rowsNow(kinds string) []events.Row {
	n.tb.Helper()
	var rows []events.Row
	for line := range strings.Lines(n.must("tail", "--from-start", "--no-follow", "--json", "--kind", kinds)) {
		row, err := events.DecodeRow(events.Conversion, []byte(line))
		if err != nil {
			n.tb.Fatalf("tail --json printed %q: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// byTxID finds rows by their id, none of which may come twice.
func byTxID(tb testing.TB, rows []events.Row) map[string]events.Row {
	tb.Helper()
	found := map[string]events.Row{}
	for _, row := range rows {
		if other, twice := found[row.Text("tx_id")]; twice {
			tb.Errorf("two rows have one id:\n%s\n%s", other.Line, row.Line)
		}
		found[row.Text("tx_id")] = row
	}
	return found
}

// worth is what a row says about money.
func worth(row events.Row) string {
	return "payout " + row.Text("payout") + " revenue " + row.Text("revenue")
}

// amount is an amount of a call: one that is not there is 0.
func amount(q url.Values, name string) string {
	if v := q.Get(name); v != "0" {
		return v
	}
	return ""
}
