package api

import (
	"context"
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
}

var seenEvent = strings.Repeat("0a", 16)

func (k *knowing) Explain(_ context.Context, r *explain.Request) (explain.Report, error) {
	if r.EventID != "" && r.EventID != seenEvent {
		return explain.Report{}, fleet.ErrNoEvent
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
	b.ask("POST", path, `{"event_id":"`+strings.Repeat("f", 32)+`"}`).want(t, "an unknown event", http.StatusNotFound)
	for body, want := range map[string]struct {
		status   int
		location string
	}{
		`{}`:                                         {http.StatusUnprocessableEntity, "body.url"},
		`{"url":"click"}`:                            {http.StatusUnprocessableEntity, "body.url"},
		`{"url":"/","address":"there"}`:              {http.StatusUnprocessableEntity, "body.address"},
		`{"url":"/","method":"PUT"}`:                {http.StatusBadRequest, "body.method"},
		`{"url":"/","time":"now"}`:                   {http.StatusBadRequest, "body.time"},
		`{"url":"/","headers":[{"name":"A"}]}`:       {http.StatusBadRequest, "body.headers[0].value"},
		`{"url":"/","click":1}`:                      {http.StatusBadRequest, "body.click"},
		`{"event_id":"x"}`:                           {http.StatusUnprocessableEntity, "body.event_id"},
		`{"event_id":"` + seenEvent + `","url":"/"}`: {http.StatusUnprocessableEntity, "body.event_id"},
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
