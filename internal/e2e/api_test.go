package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var adminKey = regexp.MustCompile(`(?m)^admin API key: (\S+)$`)

// operatorKey is the key that the first start printed.
func (n *node) operatorKey() string {
	n.tb.Helper()
	key := ""
	eventually(n.tb, func() string { return "clickgate printed no key:\n" + n.out.String() }, func() bool {
		if m := adminKey.FindStringSubmatch(n.out.String()); m != nil {
			key = m[1]
		}
		return key != ""
	})
	return key
}

// change asks the control API.
func (n *node) change(key, method, path, body string) answer {
	n.tb.Helper()
	addr := n.awaitLog("serving")["control"].(string)
	r, err := http.NewRequest(method, "http://"+addr+"/api/v2"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		n.tb.Fatal(err)
	}
	r.Header.Set("API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		n.tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		n.tb.Fatal(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: string(text)}
}

// changed wants an answer of the control API and returns the id it created.
func (a answer) changed(tb testing.TB, what string, status int) string {
	tb.Helper()
	if a.status != status {
		tb.Fatalf("%s: answered %d, want %d: %s", what, a.status, status, a.body)
	}
	var created struct {
		ID string `json:"created_item_id"`
	}
	_ = json.Unmarshal([]byte(a.body), &created) // only creates have one
	return created.ID
}

// settled waits for edges that a busy machine kept from answering in time: the
// answer names them.
func (a answer) settled(tb testing.TB, edges ...*node) {
	tb.Helper()
	if a.header.Get("X-Config-Pending") == "" {
		return
	}
	version, err := strconv.ParseFloat(a.header.Get("X-Config-Version"), 64)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range edges {
		e.awaitMetric("clickgate_config_version", a.header.Get("X-Config-Version"), func(v float64) bool { return v >= version })
	}
}

// strictGroup judges publisher 1 by a filter that no browser of these tests
// passes.
const strictGroup = `{"integration":"demo","organization":"demo","name":"Strict","active":true,"priority":7,"publisher_ids":["blog"],
 "filters":[{"type":"ISP","target":"click","settings":{"keywords":["no such provider"]},"invert":true}]}`

// TestNextClickIsJudgedByTheChange: what the API has answered holds for the
// very next click, and a rollback takes it back.
func TestNextClickIsJudgedByTheChange(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	key := n.operatorKey()
	l := startLoad(n, usual)
	who := visitor{firefox, "83.0.0.1"}
	before := "1"
	for round := range 5 {
		n.visit(who, goodLink).wantRedirect(t, landing)
		a := n.change(key, "POST", "/integrations/demo/filter-groups", strictGroup)
		id := a.changed(t, "create a filter group", http.StatusCreated)
		a.settled(t, n)
		n.visit(who, goodLink).wantRedirect(t, fallback, "reason=ISP")
		if round%2 == 0 {
			n.must("rollback", before)
			n.awaitVersion(float64(round*2 + 3))
		} else {
			a = n.change(key, "DELETE", "/integrations/demo/filter-groups/"+id, "")
			a.changed(t, "delete the group", http.StatusOK)
			a.settled(t, n)
		}
	}
	n.visit(who, goodLink).wantRedirect(t, landing)
	l.awaitMore(50)
	wantAnswers(t, l.end())
}

// TestRefusedChangesTouchNothing: counts, documents and version stay.
func TestRefusedChangesTouchNothing(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	key := n.operatorKey()
	flooder := visitor{firefox, "83.0.1.1"}
	for range 30 {
		n.visit(flooder, goodLink)
	}
	for name, c := range map[string][3]string{
		"unknown filter":   {"POST", "/integrations/demo/filter-groups", strings.Replace(strictGroup, "ISP", "ISPS", 1)},
		"unknown field":    {"POST", "/advertisers", `{"name":"A","nam":"B"}`},
		"unknown macro":    {"PATCH", "/integrations/demo", `{"organization":"demo","clicks_config":{"global_fallback_url":"https://x.example/{nope}"}}`},
		"foreign offer":    {"POST", "/blocked-subids", `{"publisher_incremental_id":1,"offer_incremental_id":99,"sub_id":"x","organization":"demo"}`},
		"taken priority":   {"POST", "/integrations/demo/filter-groups", strings.Replace(strictGroup, `"priority":7`, `"priority":1`, 1)},
		"integration used": {"DELETE", "/integrations/demo", ""},
	} {
		if a := n.change(key, c[0], c[1], c[2]); a.status < 400 || a.status >= 500 || !strings.Contains(a.body, `"errors":[`) {
			t.Errorf("%s: answered %d %s", name, a.status, a.body)
		}
	}
	n.must("apply", "-f", write(t, "new.yaml", fmt.Sprintf(publisher, "new", 9)), "--dry-run")
	n.visit(flooder, goodLink).wantRedirect(t, fallback, "reason=CLICK_FLOODING")
	n.awaitVersion(1)
	n.change(key, "POST", "/publishers", `{"name":"Good","active":true}`).changed(t, "a good change", http.StatusCreated)
	n.visit(flooder, goodLink).wantRedirect(t, fallback, "reason=CLICK_FLOODING")
}

// TestEdgesAreListed: operators see what an edge serves, and that it is ready.
func TestEdgesAreListed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startDemo(t, dir)
	key := n.operatorKey()
	n.change(key, "POST", "/publishers", `{"name":"P"}`).changed(t, "create", http.StatusCreated)
	// On a busy machine an edge may need longer than the answer waits for it.
	var a answer
	eventually(t, func() string { return "the edges are " + a.body }, func() bool {
		a = n.change(key, "GET", "/edges", "")
		return hasAll(a.body, []string{`"version":2`, `"up_to_date":true`, `"last_attempt":{"version":2`, `"region":"demo"`})
	})
	if ready := n.operator("/readyz").body; !strings.Contains(ready, `"last_attempt"`) || !strings.Contains(ready, `"version"`) {
		t.Errorf("/readyz says %s", ready)
	}
	n.stop()
	again := startDemo(t, dir)
	again.change(key, "GET", "/publishers", "").changed(t, "the key after a restart", http.StatusOK)
	if out := again.out.String(); adminKey.MatchString(out) {
		t.Errorf("the second start prints a key: %s", out)
	}
	fresh := strings.TrimSpace(again.must("admin-key"))
	again.change(key, "GET", "/publishers", "").changed(t, "the old key", http.StatusUnauthorized)
	again.change(fresh, "GET", "/publishers", "").changed(t, "the new key", http.StatusOK)
}
