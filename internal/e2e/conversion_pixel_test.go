package e2e

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/events"
)

// pixels are a publisher's markups for an offer, of which one is let through.
const pixels = `
---
{kind: publisher_pixel, id: good, organization: demo, publisher_incremental_id: 1, offer_incremental_id: 1, name: Good, code: "<img src=\"https://blog.example/px\">", code_type: image, is_active: true, moderation_status: approved}
---
{kind: publisher_pixel, id: waits, organization: demo, publisher_incremental_id: 1, offer_incremental_id: 1, name: Waits, code: "<script>waits</script>", code_type: javascript, is_active: true, moderation_status: pending}
---
{kind: publisher_pixel, id: off, organization: demo, publisher_incremental_id: 1, offer_incremental_id: 1, name: Off, code: "<script>off</script>", code_type: javascript, moderation_status: approved}
---
{kind: publisher_pixel, id: theirs, organization: demo, publisher_incremental_id: 2, offer_incremental_id: 1, name: Theirs, code: "<script>theirs</script>", code_type: javascript, is_active: true, moderation_status: approved}
`

// secondPixel is a pixel for the second offer.
const secondPixel = `
---
{kind: publisher_pixel, id: second, organization: demo, publisher_incremental_id: 1, offer_incremental_id: 2, name: Second, code: "<img src=\"https://blog.example/px\">", code_type: image, is_active: true, moderation_status: approved}
`

// TestPixels: browsers, which keep no secret, convert with the click id alone,
// and may not say what it is worth.
func TestPixels(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offerOf(1, cpa, goals+pixels)+offerOf(2, cpa+", manually_approve_conversions: true", goals+secondPixel))
	const greed = "&payout=9&revenue=9&status=approved&conversion_time=2020-01-01T00:00:00Z"

	image := m.comeTo(1, 1, "")
	a := m.visit(m.stranger(), "/pixel.gif?transaction_id="+image+greed)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/gif" || !strings.HasPrefix(a.body, "GIF89a") || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the image is answered %d %v", a.status, a.header)
	}

	m.wantPage(t, m.known(1), greed, true)
	m.wantPage(t, m.known(2), greed, false) // it waits for somebody's word
	m.wantPage(t, "17", "", false)
	m.wantPage(t, "0190a1b2c3d4e5f60718293a4b5c6d7e", "", false)

	wantHonest(t, m.rows("conversion"))
}

// known is a click that the node has found before, so that its conversion is
// finished while the browser waits.
func (m *market) known(offer int) (id string) {
	m.node.tb.Helper()
	id = m.comeTo(offer, 1, "")
	m.convert(id, "&goal=visit")
	return id
}

// wantHonest wants no conversion to be of a time or an amount that a browser
// named.
func wantHonest(t *testing.T, rows []events.Row) {
	t.Helper()
	for _, row := range rows {
		if worth(row) != paidOnce || strings.HasPrefix(row.Text("conversion_time"), "2020") {
			t.Errorf("a browser's conversion has %s: %s", worth(row), row.Line)
		}
	}
	if len(rows) < 3 {
		t.Errorf("%d conversions, want at least 3", len(rows))
	}
}

// wantPage asks for the page of an iframe and wants it to have the publisher's
// pixel, the first time, or not. A busy machine may have no answer in time about
// the click: then the conversion is finished later, and its page is empty.
func (m *market) wantPage(t *testing.T, click, query string, pixel bool) {
	t.Helper()
	deferred := m.metric("clickgate_edge_conversions_deferred_total")
	const good = `<img src="https://blog.example/px">`
	for time, want := range []bool{pixel, false} {
		a := m.visit(m.stranger(), "/pixel?transaction_id="+click+query)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(a.body, "</body>") {
			t.Errorf("the page is answered %d %v %s", a.status, a.header, a.body)
		}
		if later := m.metric("clickgate_edge_conversions_deferred_total") > deferred; later && want {
			t.Logf("the page's conversion is finished later")
			want = false
		}
		if got := strings.Contains(a.body, good); got != want || strings.Contains(a.body, "<script>") {
			t.Errorf("page %d is %s, want the approved pixel: %v", time+1, a.body, want)
		}
	}
}

// TestScriptIsServed: for any page, and in less than 4 KB.
func TestScriptIsServed(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offerOf(1, cpa, ""))
	r, err := http.NewRequest(http.MethodGet, "http://"+m.edge+"/cg.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	packed, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if h := resp.Header; resp.StatusCode != http.StatusOK || h.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(h.Get("Content-Type"), "text/javascript") || h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("/cg.js is answered %d %v", resp.StatusCode, h)
	}
	if len(packed) >= 4<<10 {
		t.Errorf("/cg.js has %d bytes, want less than 4096", len(packed))
	}
	unpack, err := gzip.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unpack); err != nil || !strings.Contains(string(text), "/conversion") {
		t.Errorf("/cg.js holds %.100q, %v", text, err)
	}
}
