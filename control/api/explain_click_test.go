package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/internal/explain"
)

// knowing is a fleet whose edge says that every click is one of an integration,
// and that it has seen one event.
type knowing struct {
	fakeFleet
	integration string
	orphan      string
}

var seenEvent = strings.Repeat("0a", 16)

func (k *knowing) Explain(_ context.Context, r *explain.Request) (explain.Report, error) {
	if r.EventID != "" && r.EventID != seenEvent {
		return explain.Report{}, fleet.ErrNoEvent
	}
	if k.orphan != "" { // an event whose integration is gone
		return explain.Report{Recorded: json.RawMessage(k.orphan), Refused: "no"}, nil
	}
	return explain.Report{Integration: &explain.Integration{ID: k.integration, Name: r.URL}, Refused: "no"}, nil
}

func TestExplain(t *testing.T) {
	b := newBench(t)
	w := b.world()
	const path, link = "/api/v2/explain", `{"url":"/click?offer_id=1","headers":[{"name":"User-Agent","value":"x"}],"address":"192.0.2.1","time":"2026-01-02T03:04:05Z"}`
	b.ask("POST", path, link).want(t, "without edges", http.StatusServiceUnavailable)
	b.api.Fleet = &fakeFleet{}
	if got := b.ask("POST", path, link).want(t, "without an edge that answers", http.StatusServiceUnavailable); got.header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	b.api.Fleet = &knowing{integration: w.integration}
	if got := b.ask("POST", path, link).want(t, "a link", http.StatusOK); got.data()["integration"].(map[string]any)["name"] != "/click?offer_id=1" {
		t.Errorf("explained as %s", got.text)
	}
	b.ask("POST", path, `{"event_id":"`+seenEvent+`"}`).want(t, "an event", http.StatusOK)
	b.ask("POST", path, `{"url":"/conversion","method":"POST","body":"secure=x"}`).want(t, "a postback with a body", http.StatusOK)
	b.ask("POST", path, `{"event_id":"`+strings.Repeat("f", 32)+`"}`).want(t, "an unknown event", http.StatusNotFound)
	for body, want := range map[string]struct {
		status   int
		location string
	}{
		`{}`:                            {http.StatusUnprocessableEntity, "body.url"},
		`{"url":"click"}`:               {http.StatusUnprocessableEntity, "body.url"},
		`{"url":"/","address":"there"}`: {http.StatusUnprocessableEntity, "body.address"},
		`{"url":"/","method":"PUT"}`:    {http.StatusBadRequest, "body.method"},
		`{"url":"/","body":"a=b"}`:      {http.StatusUnprocessableEntity, "body.body"},
		`{"event_id":"` + seenEvent + `","body":"a"}`: {http.StatusUnprocessableEntity, "body.event_id"},
		`{"url":"/","time":"now"}`:                    {http.StatusBadRequest, "body.time"},
		`{"url":"/","headers":[{"name":"A"}]}`:        {http.StatusBadRequest, "body.headers[0].value"},
		`{"url":"/","click":1}`:                       {http.StatusBadRequest, "body.click"},
		`{"event_id":"x"}`:                            {http.StatusUnprocessableEntity, "body.event_id"},
		`{"event_id":"` + seenEvent + `","url":"/"}`:  {http.StatusUnprocessableEntity, "body.event_id"},
	} {
		if got := b.ask("POST", path, body).want(t, body, want.status); !strings.Contains(got.text, `"`+want.location+`"`) {
			t.Errorf("%s: no mistake at %s in %s", body, want.location, got.text)
		}
	}
}

// Who may not see a configuration is not told how it judges.
func TestExplainKeepsSecrets(t *testing.T) {
	b := newBench(t)
	w := b.world()
	b.api.Fleet = &knowing{integration: w.integration}
	const path, link = "/api/v2/explain", `{"url":"/click"}`
	_, manager := b.person("mia", "accountManager", "")
	b.askNode(b.api, "POST", path, link, "API-KEY", manager).want(t, "an account manager", http.StatusForbidden)
	foreign := b.admin("other")
	got := b.askNode(b.api, "POST", path, link, "API-KEY", foreign).want(t, "a foreign link", http.StatusOK)
	if got.data()["integration"] != nil || got.data()["refused"] != "the link leads to no integration of yours" {
		t.Errorf("a foreigner is told %s", got.text)
	}
	b.askNode(b.api, "POST", path, `{"event_id":"`+seenEvent+`"}`, "API-KEY", foreign).want(t, "a foreign event", http.StatusNotFound)
	id, _ := b.person("jane", "admin", "")
	reader, _ := b.ask("POST", "/api/v2/users/"+id+"/api-keys", `{"read_only":true}`).want(t, "make a read-only key", http.StatusCreated).body["key"].(string)
	b.askNode(b.api, "POST", path, link, "API-KEY", reader).want(t, "a read-only key", http.StatusOK)
}

// The row of an event whose integration is gone is told to its organization
// only.
func TestExplainOrphans(t *testing.T) {
	b := newBench(t)
	b.world()
	foreign := b.admin("other")
	for name, tt := range map[string]struct {
		row    string
		status int
	}{
		"its own":            {`{"tx_id":"x","organization_id":"other"}`, http.StatusOK},
		"of somebody else":   {`{"tx_id":"x","organization_id":"another"}`, http.StatusNotFound},
		"of no organization": {`{"tx_id":"x"}`, http.StatusNotFound},
	} {
		b.api.Fleet = &knowing{orphan: tt.row}
		b.askNode(b.api, "POST", "/api/v2/explain", `{"event_id":"`+seenEvent+`"}`, "API-KEY", foreign).want(t, name, tt.status)
		b.ask("POST", "/api/v2/explain", `{"event_id":"`+seenEvent+`"}`).want(t, name+", to a super admin", http.StatusOK)
	}
}
