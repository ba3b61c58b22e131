package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/internal/outgoing"
)

// fakePostbacks are workers with some dead letters, the last first.
type fakePostbacks struct {
	mu      sync.Mutex
	tests   []outgoing.Test
	letters []outgoing.DeadLetter
	fired   []string
	missing []string
	err     error
}

func (f *fakePostbacks) Test(_ context.Context, t outgoing.Test) (outgoing.TestReport, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tests = append(f.tests, t)
	r := outgoing.TestReport{Node: "w1", Document: t.Document, Event: outgoing.TestEvent{TxID: t.Event}}
	if t.Send {
		r.Result = &outgoing.TestResult{Outcome: "sent"}
	}
	return r, f.err
}

func (f *fakePostbacks) Letters(_ context.Context, before string, limit int) (page outgoing.Page, err error) {
	page.Missing = f.missing
	for _, l := range f.letters {
		if before != "" && l.ID >= before {
			continue
		}
		if len(page.Letters) == limit {
			page.Next = page.Letters[limit-1].ID
			break
		}
		page.Letters = append(page.Letters, l)
	}
	return page, f.err
}

func (f *fakePostbacks) at(id string) int {
	return slices.IndexFunc(f.letters, func(l outgoing.DeadLetter) bool { return l.ID == id })
}

func (f *fakePostbacks) Letter(_ context.Context, id string) (outgoing.DeadLetter, error) {
	if i := f.at(id); i >= 0 {
		return f.letters[i], f.err
	}
	return outgoing.DeadLetter{}, outgoing.ErrNoLetter
}

func (f *fakePostbacks) Fire(ctx context.Context, id string) error {
	f.fired = append(f.fired, id)
	return f.Discard(ctx, id)
}

func (f *fakePostbacks) Discard(_ context.Context, id string) error {
	i := f.at(id)
	if i < 0 {
		return outgoing.ErrNoLetter
	}
	f.letters = slices.Delete(f.letters, i, i+1)
	return nil
}

// outgoingDocuments are a manager and a postback of the world's publisher, and a
// postback of another.
type outgoingDocuments struct{ manager, postback, foreign string }

func (b *bench) outgoingDocuments(w world) (d outgoingDocuments) {
	b.tb.Helper()
	b.create("/api/v2/publishers", `{"name":"Other","active":true}`)
	d.manager = b.create("/api/v2/integrations/"+w.integration+"/postback-managers",
		`{"integration":"`+w.integration+`","organization":"demo","name":"P","service_type":"conversion","url":"https://example.com/p"}`)
	d.postback = b.create("/api/v2/publisher-postbacks", `{"publisher_incremental_id":1,"url":"https://example.com/a"}`)
	d.foreign = b.create("/api/v2/publisher-postbacks", `{"publisher_incremental_id":2,"url":"https://example.com/b"}`)
	return d
}

// buttons are the test buttons of two of them.
func (d outgoingDocuments) buttons(w world) map[string]string {
	return map[string]string{
		"postback_manager/" + d.manager:    "/api/v2/integrations/" + w.integration + "/postback-managers/" + d.manager + "/test",
		"publisher_postback/" + d.postback: "/api/v2/publisher-postbacks/" + d.postback + "/test",
	}
}

func TestPostbackTests(t *testing.T) {
	b := newBench(t)
	w := b.world()
	d := b.outgoingDocuments(w)
	event := strings.Repeat("0a", 16)
	for document, path := range d.buttons(w) {
		b.api.Postbacks = nil
		if got := b.ask("POST", path, `{}`).want(t, "without workers", http.StatusServiceUnavailable); got.header.Get("Retry-After") == "" {
			t.Error("nothing says when to try again")
		}
		f := &fakePostbacks{}
		b.api.Postbacks = f
		before := b.state()
		if got := b.ask("POST", path, `{}`).want(t, "a look", http.StatusOK).data(); got["document"] != document || got["node"] != "w1" || got["result"] != nil {
			t.Errorf("a look at %s gives %v", document, got)
		}
		if got := b.ask("POST", path, `{"tx_id":"`+event+`","send":true}`).want(t, "a test", http.StatusOK).data(); got["result"] == nil {
			t.Errorf("a test of %s gives %v", document, got)
		}
		b.ask("POST", path, `{"tx_id":null,"send":null}`).want(t, "nulls", http.StatusOK)
		want := []outgoing.Test{{Document: document}, {Document: document, Event: event, Send: true}, {Document: document}}
		if !slices.Equal(f.tests, want) {
			t.Errorf("asked was %+v, want %+v", f.tests, want)
		}
		for err, status := range map[error]int{
			outgoing.ErrNoEvent: http.StatusNotFound, outgoing.ErrNoDocument: http.StatusServiceUnavailable, outgoing.ErrNoWorker: http.StatusServiceUnavailable,
			outgoing.ErrUnfit: http.StatusUnprocessableEntity, errors.New("broken"): http.StatusBadGateway,
		} {
			f.err = fmt.Errorf("worker w1: %w", err)
			b.ask("POST", path, `{"tx_id":"`+event+`"}`).want(t, err.Error(), status)
		}
		if b.state() != before {
			t.Error("a test changes something")
		}
	}
	b.ask("POST", "/api/v2/publisher-postbacks/nobody/test", `{}`).want(t, "of nothing", http.StatusNotFound)
	b.ask("POST", "/api/v2/integrations/nowhere/postback-managers/"+d.manager+"/test", `{}`).want(t, "elsewhere", http.StatusNotFound)
}

// TestPostbackTestRefusals tries every mistake that the description forbids.
func TestPostbackTestRefusals(t *testing.T) {
	b := newBench(t)
	w := b.world()
	d := b.outgoingDocuments(w)
	f := &fakePostbacks{}
	b.api.Postbacks = f
	ops := operations(b.api)
	for template, path := range map[string]string{
		"/api/v2/integrations/{integrationID}/postback-managers/{postbackID}/test": d.buttons(w)["postback_manager/"+d.manager],
		"/api/v2/publisher-postbacks/{publisherPostbackID}/test":                   d.buttons(w)["publisher_postback/"+d.postback],
	} {
		at := target{op: ops["POST "+template], path: path, body: map[string]any{"tx_id": strings.Repeat("0a", 16), "send": false}}
		if at.op == nil {
			t.Fatalf("POST %s is not described", template)
		}
		b.refuse(t, at, "an unknown field", with(at.body, "no_such_field", 1), "body.no_such_field", http.StatusBadRequest)
		for name, p := range b.bodyOf(at.op).Properties {
			for what, value := range wrong(b.api.book.Resolve(p)) {
				b.refuse(t, at, name+" "+what, with(at.body, name, value), "body."+name, http.StatusBadRequest)
			}
		}
		for _, id := range []string{"", "x", strings.Repeat("0A", 16), strings.Repeat("0", 33)} {
			b.refuse(t, at, "the id "+id, with(at.body, "tx_id", id), "body.tx_id", http.StatusBadRequest)
		}
		b.askNode(b.api, "POST", path, `{}`).want(t, "without a key", http.StatusUnauthorized)
		b.ask("POST", path, `{}`, "Content-Type", "text/plain").want(t, "as text", http.StatusUnsupportedMediaType)
		b.ask("POST", path+"?a=1", `{}`).want(t, "with a parameter", http.StatusBadRequest)
		for _, body := range []string{"", "{", "[]", "null", `{}{}`} {
			b.ask("POST", path, body).want(t, "the body "+body, http.StatusBadRequest)
		}
		b.ask("POST", path, `{"tx_id":"`+strings.Repeat("x", 1<<20)+`"}`).want(t, "too large", http.StatusRequestEntityTooLarge)
		b.ask("PUT", path, `{}`).want(t, "PUT", http.StatusMethodNotAllowed)
	}
	if len(f.tests) != 0 {
		t.Errorf("refused requests asked for %+v", f.tests)
	}
}

// TestPostbackTestRights: who may change it may try it, others not even look:
// its request tells of the event.
func TestPostbackTestRights(t *testing.T) {
	b := newBench(t)
	w := b.world()
	d := b.outgoingDocuments(w)
	f := &fakePostbacks{}
	b.api.Postbacks = f
	manager, postback := d.buttons(w)["postback_manager/"+d.manager], d.buttons(w)["publisher_postback/"+d.postback]
	foreign := strings.Replace(postback, d.postback, d.foreign, 1)
	id, _ := b.person("jane", "admin", "")
	reader, _ := b.ask("POST", "/api/v2/users/"+id+"/api-keys", `{"read_only":true}`).want(t, "make a read-only key", http.StatusCreated).body["key"].(string)
	_, stranger := b.person("sam", "accountManager", `{"is_publisher_manager":true,"publisher_manager_access":"Limited"}`)
	_, keeper := b.person("kim", "accountManager", `{"is_publisher_manager":true}`)
	other := b.admin("other")
	ask, enable := b.publisherUser(w)
	for _, tt := range []struct {
		who, key, path string
		status         int
	}{
		{"a read-only admin", reader, manager, http.StatusForbidden},
		{"an account manager", keeper, manager, http.StatusForbidden},
		{"the publisher's manager", keeper, postback, http.StatusOK},
		{"another's manager", stranger, postback, http.StatusForbidden},
		{"a foreign admin", other, manager, http.StatusNotFound},
		{"a foreign admin", other, postback, http.StatusNotFound},
	} {
		b.askNode(b.api, "POST", tt.path, `{}`, "API-KEY", tt.key).want(t, tt.who+" at "+tt.path, tt.status)
	}
	ask("POST", postback, `{}`).want(t, "a publisher that may not", http.StatusForbidden)
	enable(true)
	if got := ask("POST", postback, `{"send":true}`).want(t, "a publisher", http.StatusOK); got.data()["node"] != nil {
		t.Errorf("a publisher is told of %v", got.data()["node"])
	}
	ask("POST", foreign, `{}`).want(t, "another publisher's", http.StatusNotFound)
	ask("POST", manager, `{}`).want(t, "the network's", http.StatusNotFound)
	f.err = fmt.Errorf("worker w1: %w", outgoing.ErrNoWorker)
	if got := ask("POST", postback, `{}`).want(t, "without workers", http.StatusServiceUnavailable); strings.Contains(got.text, "w1") {
		t.Errorf("a publisher is told of %s", got.text)
	}
}
