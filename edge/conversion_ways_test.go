package edge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/events"
)

// post sends a body.
func (r *rig) post(url, contentType, body string, headers ...string) answer {
	r.t.Helper()
	ctx := request("POST", url, append(headers, "Content-Type: "+contentType)...)
	ctx.Request.SetBodyString(body)
	r.Handle(ctx)
	return answer{code: ctx.Response.StatusCode(), body: string(ctx.Response.Body()), header: &ctx.Response.Header}
}

// TestFormsAgree: a conversion is the same in the query, as a form, as JSON, and
// below the integration's id.
func TestFormsAgree(t *testing.T) {
	for name, send := range map[string]func(r *rig, id string) answer{
		"query": func(r *rig, id string) answer { return r.get(conv + id + "&purchase_value=9.90&goal=lead") },
		"form": func(r *rig, id string) answer {
			return r.post("/conversion", "application/x-www-form-urlencoded", "secure=secret&purchase_value=9.90&goal=lead&transaction_id="+id)
		},
		"JSON": func(r *rig, id string) answer {
			return r.post("/conversion", "application/json", `{"secure":"secret","purchase_value":9.90,"goal":"lead","transaction_id":"`+id+`"}`)
		},
		"JSON and query": func(r *rig, id string) answer {
			return r.post("/conversion?secure=secret", "application/json", `{"purchase_value":"9.9","goal":"lead","transaction_id":"`+id+`"}`)
		},
		"a batch of one": func(r *rig, id string) answer {
			return r.post("/conversions?secure=secret", "application/json", `[{"purchase_value":9.9,"goal":"lead","transaction_id":"`+id+`"}]`)
		},
		"by id": func(r *rig, id string) answer { return r.get("/i/main" + conv + id + "&purchase_value=9.90&goal=lead") },
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t))
			a := send(r, r.clicked(good))
			rows := r.ofKind(events.Event)
			if a.code != 200 || len(rows) != 1 || rows[0].Text("payout") != "0.99" || rows[0].Text("revenue") != "1.2375" || rows[0].Text("event_db_id") != "lead" {
				t.Errorf("answered %d %s and left %d rows", a.code, a.body, len(rows))
			}
		})
	}
}

// TestBatch: each conversion of a batch is answered in its place, whatever is
// wrong with the others.
func TestBatch(t *testing.T) {
	r, _ := converting(t, paid(t))
	ids := []string{r.clicked(good), r.clicked(good), r.clicked(good)}
	body := fmt.Sprintf(`{"conversions":[{"transaction_id":%q},{"transaction_id":"no"},{"transaction_id":%q},{"x":[]},{"transaction_id":%q},{"transaction_id":%q}]}`, ids[0], ids[1], ids[0], ids[2])
	a := r.post("/conversions?secure=secret", "application/json", body)
	var said struct {
		Status int `json:"status"`
		Data   []struct {
			Status int            `json:"status"`
			Data   map[string]any `json:"data"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(a.body), &said); err != nil || a.code != 200 || len(said.Data) != 6 {
		t.Fatalf("answered %d %s", a.code, a.body)
	}
	for i, want := range []int{200, 422, 200, 400, 200, 200} {
		if said.Data[i].Status != want {
			t.Errorf("conversion %d was answered %v, want %d", i, said.Data[i], want)
		}
	}
	if n := len(r.ofKind(events.Conversion)); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
	if a := r.post("/conversions", "application/json", "[]"); a.code != 400 {
		t.Errorf("an empty batch: %d %s", a.code, a.body)
	}
}

const pixels = "conversions_config: {pixel_conversions_enabled: true, fallback_matching: {by: [uuid, device_id], window_seconds: 3600}}"

// TestPixels: browsers' conversions need the click's id or the cookie, may not
// say what they are worth, and see an image or a page in any case.
func TestPixels(t *testing.T) {
	more := "---\n{kind: publisher_pixel, id: px, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, name: P, code: '<img src=\"https://pub.example/p\">', code_type: image, is_active: true, moderation_status: approved}\n" +
		"---\n{kind: publisher_pixel, id: py, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, name: Q, code: '<script>waits()</script>', code_type: javascript, is_active: true}\n"
	r, _ := converting(t, paid(t, "conversions_config: {}", pixels)+more)
	id := r.clicked(good)
	a := r.get("/pixel.gif?transaction_id=" + id + "&payout=1000&status=hold&conversion_time=2026-04-01")
	if a.code != 200 || a.body != string(pixel) || string(a.header.Peek("Cache-Control")) != "no-store" {
		t.Errorf("the pixel is %d with %d bytes", a.code, len(a.body))
	}
	if a.field("status") != "Approved" || a.field("payout") != "1.2" || a.field("session_time") != "0" {
		t.Errorf("the visitor named his price: %s", a.row.Line)
	}
	page := r.get("/pixel?transaction_id=" + r.clicked(good))
	if !strings.Contains(page.body, `<img src="https://pub.example/p">`) || strings.Contains(page.body, "waits") {
		t.Errorf("the page is %s", page.body)
	}
	again := r.get("/pixel?transaction_id=" + id)
	if strings.Contains(again.body, "pub.example") || again.row != nil {
		t.Errorf("a repeat shows %s", again.body)
	}
	for _, path := range []string{"/pixel.gif?transaction_id=" + strings.Repeat("0", 32), "/pixel.gif?transaction_id=x", "/pixel.gif"} {
		if a := r.get(path); a.code != 200 || a.body != string(pixel) || a.row != nil {
			t.Errorf("%s: %d, row %v", path, a.code, a.row)
		}
	}
}

// TestMatching: without an id, a conversion finds the click of the visitor's
// cookie within the window, where the integration allows it.
func TestMatching(t *testing.T) {
	for name, tt := range map[string]struct {
		edits []string
		after time.Duration
		found bool
	}{
		"allowed":         {[]string{"conversions_config: {}", pixels}, time.Minute, true},
		"not allowed":     {[]string{"conversions_config: {}", "conversions_config: {pixel_conversions_enabled: true}"}, time.Minute, false},
		"from a postback": {[]string{"conversions_config: {}", "conversions_config: {fallback_matching: {by: [uuid], window_seconds: 3600}}"}, time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...))
			ctx := request("GET", good)
			r.Handle(ctx)
			var cookie fasthttp.Cookie
			cookie.SetKey(uuidCookie)
			if !ctx.Response.Header.Cookie(&cookie) {
				t.Fatal("no cookie")
			}
			r.now = r.now.Add(tt.after)
			url := "/pixel.gif?offer_id=1"
			if name == "from a postback" {
				url = "/conversion?secure=secret&offer_id=1"
			}
			r.get(url, "Cookie: "+uuidCookie+"="+string(cookie.Value()))
			rows := r.ofKind(events.Conversion)
			if found := len(rows) == 1; found != tt.found || found && rows[0].Text("matched_by") != "uuid" {
				t.Errorf("left %d rows", len(rows))
			}
		})
	}
}

// TestViewThrough: an impression earns a conversion only where the offer says so
//
func TestViewThrough(t *testing.T) {
	for enabled, want := range map[bool]string{true: "approved", false: "not_found"} {
		r, _ := converting(t, paid(t, "name: Shoes,", fmt.Sprintf("name: Shoes, view_through_attribution_enabled: %v,", enabled)))
		id := r.clicked("/impression?offer_id=1&publisher_id=1")
		if got := told(t, r.get(conv+id))["status"]; got != want {
			t.Errorf("enabled %v: answered %v, want %s", enabled, got, want)
		}
		if row := r.ofKind(events.Conversion)[0]; row.Text("view_through") != "1" {
			t.Errorf("view_through is %q", row.Text("view_through"))
		}
	}
}

// TestPagesReadAnswers: scripts of other origins may read what they are told,
// refusals too.
func TestPagesReadAnswers(t *testing.T) {
	r, _ := converting(t, paid(t, "conversions_config: {}", pixels))
	const origin = "Origin: https://shop.example"
	for _, url := range []string{"/conversion?transaction_id=" + r.clicked(good), "/conversion", good + "&json=1"} {
		if a := r.get(url, origin); string(a.header.Peek("Access-Control-Allow-Origin")) == "" {
			t.Errorf("%s: a page cannot read the answer %d %s", url, a.code, a.body)
		}
	}
	if a := r.get("/cg.js"); a.code != 200 || !strings.Contains(string(a.header.ContentType()), "javascript") {
		t.Errorf("/cg.js: %d %s", a.code, a.header.ContentType())
	}
}

// TestAnswerFormats: each system is answered in its own words.
func TestAnswerFormats(t *testing.T) {
	for format, want := range map[string][2]string{
		"standard":  {`{"status":200,"data":{`, `{"status":403,"data":{`},
		"affise":    {`"conversion_status":1`, `"error":`},
		"tune":      {"success=true;", "success=false;"},
		"metrics24": {`"status":"approved"`, `"status":"refused"`},
	} {
		r, _ := converting(t, paid(t, "conversions_config: {}", "conversions_config: {answer_format: "+format+"}"))
		id := r.clicked(good)
		if a := r.get(conv + id); a.code != 200 || !strings.Contains(a.body, want[0]) {
			t.Errorf("%s: answered %d %s", format, a.code, a.body)
		}
		if a := r.get("/conversion?secure=no&transaction_id=" + id); a.code != 403 || !strings.Contains(a.body, want[1]) {
			t.Errorf("%s: refused with %d %s", format, a.code, a.body)
		}
	}
	r, _ := converting(t, paid(t))
	if data := told(t, r.get(conv+r.clicked(good)+"&fields=payout,offer,nothing,status")); data["payout"] != 1.2 || data["offer"] != "Shoes" || data["status"] != "approved" {
		t.Errorf("asked for fields it answered %v", data)
	}
}
