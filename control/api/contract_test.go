package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/store"
)

// endpoint is one row of the documents: what must answer, and which fields its
// body must have.
type endpoint struct {
	method, path string
	required     string
}

// documented are the endpoints of the two documents that the API implements,
// but for reports.
var documented = []endpoint{
	{"GET", "/api/v2/users", ""}, {"POST", "/api/v2/users", "email password role"},
	{"GET", "/api/v2/users/{userID}", ""}, {"PATCH", "/api/v2/users/{userID}", ""},
	{"GET", "/api/v2/advertisers", ""}, {"POST", "/api/v2/advertisers", "name"},
	{"PATCH", "/api/v2/advertisers/bulk", "active data"}, {"DELETE", "/api/v2/advertisers/bulk", "data"},
	{"GET", "/api/v2/advertisers/{advertiserID}", ""}, {"PATCH", "/api/v2/advertisers/{advertiserID}", "name"},
	{"GET", "/api/v2/integrations/{integrationID}/offers", ""}, {"POST", "/api/v2/integrations/{integrationID}/offers", "advertiser_id name"},
	{"PATCH", "/api/v2/integrations/{integrationID}/offers/bulk", "active data"}, {"DELETE", "/api/v2/integrations/{integrationID}/offers/bulk", "data"},
	{"GET", "/api/v2/integrations/{integrationID}/offers/{offerID}", ""}, {"PATCH", "/api/v2/integrations/{integrationID}/offers/{offerID}", "advertiser_id name"},
	{"GET", "/api/v2/integrations/{integrationID}/offers/{offerID}/events", ""}, {"POST", "/api/v2/integrations/{integrationID}/offers/{offerID}/events", "name"},
	{"GET", "/api/v2/integrations/{integrationID}/offers/{offerID}/events/{offerEventID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/offers/{offerID}/events/{offerEventID}", "name"},
	{"GET", "/api/v2/integrations/{integrationID}/offers/{offerID}/landing-pages", ""},
	{"POST", "/api/v2/integrations/{integrationID}/offers/{offerID}/landing-pages", "name redirect_url"},
	{"GET", "/api/v2/integrations/{integrationID}/offers/{offerID}/landing-pages/{offerLandingPageID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/offers/{offerID}/landing-pages/{offerLandingPageID}", "name redirect_url"},
	{"GET", "/api/v2/publishers", ""}, {"POST", "/api/v2/publishers", "name"},
	{"PATCH", "/api/v2/publishers/bulk", "active data"}, {"DELETE", "/api/v2/publishers/bulk", "data"},
	{"GET", "/api/v2/publishers/{publisherID}", ""}, {"PATCH", "/api/v2/publishers/{publisherID}", "name"},
	{"GET", "/api/v2/publishers/{publisherID}/users", ""}, {"POST", "/api/v2/publishers/{publisherID}/users", ""},
	{"GET", "/api/v2/publishers/{publisherID}/users/{publisherUserID}", ""}, {"PATCH", "/api/v2/publishers/{publisherID}/users/{publisherUserID}", ""},
	{"GET", "/api/v2/publisher-view/{organizationID}/sub-ids", ""}, {"GET", "/api/v2/publisher-view/{organizationID}/sub-ids/{publisherSubID}", ""},
	{"GET", "/api/v2/publishers/{publisherID}/sub-ids", ""}, {"POST", "/api/v2/publishers/{publisherID}/sub-ids", "external_id name"},
	{"POST", "/api/v2/publishers/{publisherID}/sub-ids/bulk", "data"}, {"DELETE", "/api/v2/publishers/{publisherID}/sub-ids/bulk", "data"},
	{"GET", "/api/v2/publishers/{publisherID}/sub-ids/{publisherSubID}", ""}, {"PATCH", "/api/v2/publishers/{publisherID}/sub-ids/{publisherSubID}", ""},
	{"GET", "/api/v2/blocked-subids", ""}, {"POST", "/api/v2/blocked-subids", "offer_incremental_id organization publisher_incremental_id sub_id"},
	{"DELETE", "/api/v2/blocked-subids/bulk", "data"}, {"GET", "/api/v2/blocked-subids/{blockedSubID_ID}", ""},
	{"PATCH", "/api/v2/blocked-subids/{blockedSubID_ID}", ""}, {"DELETE", "/api/v2/blocked-subids/{blockedSubID_ID}", ""},
	{"GET", "/api/v2/custom-payouts", ""}, {"POST", "/api/v2/custom-payouts", "offer_incremental_id publisher_incremental_id"},
	{"DELETE", "/api/v2/custom-payouts/bulk", "data"}, {"GET", "/api/v2/custom-payouts/{customPayoutID}", ""}, {"PATCH", "/api/v2/custom-payouts/{customPayoutID}", ""},
	{"GET", "/api/v2/publishers/{publisherID}/custom-throttles", ""},
	{"POST", "/api/v2/publishers/{publisherID}/custom-throttles", "offer_incremental_id publisher_incremental_id throttle_percentage"},
	{"PATCH", "/api/v2/publishers/{publisherID}/custom-throttles/bulk", "active data"}, {"DELETE", "/api/v2/publishers/{publisherID}/custom-throttles/bulk", "data"},
	{"GET", "/api/v2/publishers/{publisherID}/custom-throttles/{customThrottleID}", ""}, {"PATCH", "/api/v2/publishers/{publisherID}/custom-throttles/{customThrottleID}", ""},
	{"GET", "/api/v2/filter-labels", ""},
	{"POST", "/api/v2/reports/v2/conversion-update", "updates"}, {"POST", "/api/v2/reports/conversion-update", "updates"},
	{"GET", "/api/v2/integrations", ""},
	{"POST", "/api/v2/integrations", "active clicks_config conversion_secure_code conversions_config default_revenue_payout monitoring_mode name offer_preview_enabled organization type"},
	{"GET", "/api/v2/integrations/{integrationID}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}", ""}, {"PATCH", "/api/v2/integrations/{integrationID}", "organization"},
	{"GET", "/api/v2/integrations/{integrationID}/filter-groups", ""}, {"POST", "/api/v2/integrations/{integrationID}/filter-groups", "integration name organization priority"},
	{"GET", "/api/v2/integrations/{integrationID}/filter-groups/{filterGroupID}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/filter-groups/{filterGroupID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/filter-groups/{filterGroupID}", "organization"},
	{"GET", "/api/v2/integrations/{integrationID}/fraud-filter-groups", ""}, {"POST", "/api/v2/integrations/{integrationID}/fraud-filter-groups", "integration name organization"},
	{"GET", "/api/v2/integrations/{integrationID}/fraud-filter-groups/{fraudFGID}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/fraud-filter-groups/{fraudFGID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/fraud-filter-groups/{fraudFGID}", "organization"},
	{"GET", "/api/v2/integrations/{integrationID}/postback-managers", ""},
	{"POST", "/api/v2/integrations/{integrationID}/postback-managers", "integration name organization service_type url"},
	{"GET", "/api/v2/integrations/{integrationID}/postback-managers/{postbackID}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/postback-managers/{postbackID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/postback-managers/{postbackID}", "organization"},
	{"GET", "/api/v2/integrations/{integrationID}/targeting-groups", ""}, {"POST", "/api/v2/integrations/{integrationID}/targeting-groups", "integration name organization"},
	{"GET", "/api/v2/integrations/{integrationID}/targeting-groups/{targetingGroupID}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/targeting-groups/{targetingGroupID}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/targeting-groups/{targetingGroupID}", ""},
	{"GET", "/api/v2/integrations/{integrationID}/offer-dictionaries", ""}, {"POST", "/api/v2/integrations/{integrationID}/offer-dictionaries", "friendly_name source_id"},
	{"POST", "/api/v2/integrations/{integrationID}/offer-dictionaries/bulk", "data"}, {"DELETE", "/api/v2/integrations/{integrationID}/offer-dictionaries/bulk", "data"},
	{"GET", "/api/v2/integrations/{integrationID}/offer-dictionaries/{id}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/offer-dictionaries/{id}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/offer-dictionaries/{id}", ""},
	{"GET", "/api/v2/integrations/{integrationID}/publisher-dictionaries", ""}, {"POST", "/api/v2/integrations/{integrationID}/publisher-dictionaries", "friendly_name source_id"},
	{"POST", "/api/v2/integrations/{integrationID}/publisher-dictionaries/bulk", "data"}, {"DELETE", "/api/v2/integrations/{integrationID}/publisher-dictionaries/bulk", "data"},
	{"GET", "/api/v2/integrations/{integrationID}/publisher-dictionaries/{id}", ""}, {"DELETE", "/api/v2/integrations/{integrationID}/publisher-dictionaries/{id}", ""},
	{"PATCH", "/api/v2/integrations/{integrationID}/publisher-dictionaries/{id}", ""},
}

// operations are those of the description, by method and path.
func operations(a *API) map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for path, item := range a.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op != nil {
				all[method+" "+path] = op
			}
		}
	}
	return all
}

// bodyOf is the schema of an operation's body, that of one entity where it
// takes a list too.
func (b *bench) bodyOf(op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil {
		return nil
	}
	s := b.api.book.Resolve(op.RequestBody.Content["application/json"].Schema)
	if len(s.OneOf) > 0 {
		s = b.api.book.Resolve(s.OneOf[0])
	}
	return s
}

func TestDocumentedEndpointsAreDescribed(t *testing.T) {
	b := newBench(t)
	ops := operations(b.api)
	for _, e := range documented {
		op := ops[e.method+" "+e.path]
		if op == nil {
			t.Errorf("%s %s is not described", e.method, e.path)
			continue
		}
		required := ""
		if s := b.bodyOf(op); s != nil {
			required = strings.Join(slices.Sorted(slices.Values(s.Required)), " ")
		}
		if required != e.required {
			t.Errorf("%s %s needs the fields %q, want %q", e.method, e.path, required, e.required)
		}
	}
}

// target is an operation with a good path and body.
type target struct {
	op   *huma.Operation
	path string
	body map[string]any
}

// targets are all operations on entities that exist, with good bodies.
func (b *bench) targets(t *testing.T, w world) (all []target) {
	ops := operations(b.api)
	for _, tc := range cases(w) {
		id := b.create(tc.path, tc.body)
		template := b.templateOf(tc.path)
		for key, op := range ops {
			method, path, _ := strings.Cut(key, " ")
			rest, ok := strings.CutPrefix(path, template)
			if !ok || strings.Count(rest, "/") > 1 || rest != "" && rest[0] != '/' {
				continue
			}
			at := target{op: op, path: tc.path}
			body := ""
			switch {
			case rest == "" && method == "POST":
				body = strings.NewReplacer(`"7"`, `"8"`, "front", "back", `"bad"`, `"worse"`, "jane@", "john@", "p@example", "q@example", `"priority":1`, `"priority":2`).Replace(tc.body)
				if strings.HasSuffix(path, "custom-payouts") {
					body = "" // one a publisher and offer
				}
			case rest == "/bulk" && method == "POST":
				at.path += "/bulk"
				body = `{"data":[` + strings.NewReplacer(`"7"`, `"9"`, "front", "top").Replace(tc.body) + `]}`
			case rest == "/bulk" && method == "PATCH":
				at.path += "/bulk"
				body = `{"active":true,"data":["` + id + `"]}`
			case strings.HasPrefix(rest, "/{") && method == "PATCH":
				at.path += "/" + id
				body = tc.patch
			case strings.HasPrefix(rest, "/{") && method == "GET":
				at.path += "/" + id
			case rest != "":
				continue // deletions come last
			}
			if body != "" {
				if err := json.Unmarshal([]byte(body), &at.body); err != nil {
					t.Fatal(err)
				}
			}
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.op.OperationID, b.op.OperationID) })
	return all
}

// templateOf is the path of the collection that a path belongs to.
func (b *bench) templateOf(path string) string {
	for _, r := range b.api.resources {
		t := strings.Split(r.path, "/")
		p := strings.Split(path, "/")
		if len(t) == len(p) && !slices.ContainsFunc(t, func(s string) bool { i := slices.Index(t, s); return !strings.HasPrefix(s, "{") && p[i] != s }) {
			return r.path
		}
	}
	b.tb.Fatalf("no resource has the path %s", path)
	return ""
}

// state is what must not change after a refusal.
func (b *bench) state() string {
	b.tb.Helper()
	var text string
	for _, s := range []*store.Store{b.api.Live, b.api.Accounts.Store()} {
		snap, err := s.Load(b.tb.Context())
		if err != nil {
			b.tb.Fatal(err)
		}
		text += fmt.Sprint(snap.Version, snap.Digest, " ")
	}
	return text
}

// refuse sends a broken body and wants a status and the place of the mistake.
func (b *bench) refuse(t *testing.T, at target, what string, body map[string]any, place string, statuses ...int) {
	t.Helper()
	before := b.state()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	got := b.ask(at.op.Method, at.path, string(text))
	if !slices.Contains(statuses, got.status) {
		t.Errorf("%s with %s: answered %d, want %v: %s", at.op.OperationID, what, got.status, statuses, got.text)
	}
	if place != "" && !slices.ContainsFunc(got.locations(), func(l string) bool { return strings.HasPrefix(l, place) }) {
		t.Errorf("%s with %s: mistakes at %v, want one at %s", at.op.OperationID, what, got.locations(), place)
	}
	if b.state() != before {
		t.Errorf("%s with %s changed something", at.op.OperationID, what)
	}
}

// with returns a copy of a body with one field set; nil removes it.
func with(body map[string]any, field string, value any) map[string]any {
	c := maps.Clone(body)
	if c[field] = value; value == nil {
		delete(c, field)
	}
	return c
}

// TestContract tries every mistake that the description forbids, on every
// operation.
func TestContract(t *testing.T) {
	b := newBench(t)
	for _, at := range b.targets(t, b.world()) {
		if at.body == nil {
			continue
		}
		s := b.bodyOf(at.op)
		for _, name := range s.Required {
			b.refuse(t, at, "no "+name, with(at.body, name, nil), "body."+name, http.StatusBadRequest)
		}
		b.refuse(t, at, "an unknown field", with(at.body, "no_such_field", 1), "body.no_such_field", http.StatusBadRequest)
		for _, name := range []string{"id", "created_at", "incremental_id", "name_with_id"} {
			b.refuse(t, at, "the read-only field "+name, with(at.body, name, "x"), "body."+name, http.StatusBadRequest)
		}
		for name, p := range s.Properties {
			for what, value := range wrong(b.api.book.Resolve(p)) {
				b.refuse(t, at, fmt.Sprintf("%s %s", name, what), with(at.body, name, value), "body."+name, http.StatusBadRequest)
			}
		}
		// What is good is good.
		text, _ := json.Marshal(at.body)
		if got := b.ask(at.op.Method, at.path, string(text)); got.status >= 300 {
			t.Errorf("%s: answered %d to a good body: %s", at.op.OperationID, got.status, got.text)
		}
	}
}

// wrong are values that a schema refuses.
func wrong(s *huma.Schema) map[string]any {
	values := map[string]any{}
	switch s.Type {
	case huma.TypeString:
		values["a number"] = 7
		values["a list"] = []any{}
	case huma.TypeBoolean:
		values["a string"] = "true"
	case huma.TypeInteger:
		values["a fraction"] = 1.5
		values["a string"] = "1"
	case huma.TypeNumber:
		values["a string"] = "1"
	case huma.TypeArray:
		values["an object"] = map[string]any{}
		values["of null"] = []any{map[string]any{"a": []any{nil}}, nil, 1.5}
	case huma.TypeObject:
		values["a list"] = []any{}
		if s.AdditionalProperties == false {
			values["with an unknown field"] = map[string]any{"no_such_field": 1}
		}
	}
	if len(s.Enum) > 0 {
		values["outside its enum"] = "No such value"
	}
	if s.MaxLength != nil {
		values["too long"] = strings.Repeat("x", *s.MaxLength+1)
	}
	if s.Minimum != nil {
		values["too small"] = *s.Minimum - 1
	}
	if s.Maximum != nil {
		values["too large"] = *s.Maximum + 1
	}
	return values
}

// TestRefusals tries what every operation refuses alike.
func TestRefusals(t *testing.T) {
	b := newBench(t)
	targets := b.targets(t, b.world())
	before := b.state()
	for _, at := range targets {
		text, _ := json.Marshal(at.body)
		name, body := at.op.OperationID, string(text)
		b.askNode(b.api, at.op.Method, at.path, body).want(t, name+" without a key", http.StatusUnauthorized)
		b.askNode(b.api, at.op.Method, at.path, body, "API-KEY", "cg_no_such").want(t, name+" with an unknown key", http.StatusUnauthorized)
		b.askNode(b.api, at.op.Method, at.path, body, "API-KEY", b.key, "Authorization", "Bearer other").want(t, name+" with two keys", http.StatusUnauthorized)
		if got := b.ask("PUT", at.path, body).want(t, "PUT at "+at.path, http.StatusMethodNotAllowed); !strings.Contains(got.header.Get("Allow"), at.op.Method) {
			t.Errorf("%s: Allow is %q", at.path, got.header.Get("Allow"))
		}
		if at.body == nil {
			b.ask(at.op.Method, at.path+"?no_such=1", "").want(t, name+" with an unknown parameter", http.StatusBadRequest)
			continue
		}
		b.ask(at.op.Method, at.path, body, "Content-Type", "text/plain").want(t, name+" as text", http.StatusUnsupportedMediaType)
		b.ask(at.op.Method, at.path, body+"{}").want(t, name+" with something behind it", http.StatusBadRequest)
		b.ask(at.op.Method, at.path, body[:len(body)-1]).want(t, name+" cut short", http.StatusBadRequest)
		b.ask(at.op.Method, at.path, "").want(t, name+" without a body", http.StatusBadRequest)
		b.ask(at.op.Method, at.path, `{"name":"`+strings.Repeat("x", 1<<20)+`"}`).want(t, name+" too large", http.StatusRequestEntityTooLarge)
	}
	if b.state() != before {
		t.Error("a refused request changed something")
	}
}

// admin makes another organization with an admin of its own and returns his
// key.
func (b *bench) admin(organization string) string {
	id := b.create("/api/v2/users", `{"email":"admin@`+organization+`.example","password":"S3cur3P@ssw0rd!","role":"admin","organization":"`+organization+`"}`)
	key, _ := b.ask("POST", "/api/v2/users/"+id+"/api-keys", `{}`).want(b.tb, "make a key", http.StatusCreated).body["key"].(string)
	return key
}

// TestForeignersSeeNothing: what belongs to another organization is not there.
func TestForeignersSeeNothing(t *testing.T) {
	b := newBench(t)
	targets := b.targets(t, b.world())
	key := b.admin("other")
	before := b.state()
	// He makes one of each of these, and is a user himself.
	mine := map[string]int{"/api/v2/advertisers": 1, "/api/v2/publishers": 1, "/api/v2/users": 2}
	for _, at := range targets {
		text, _ := json.Marshal(at.body)
		body := string(text)
		if at.body == nil {
			body = ""
		}
		got := b.askNode(b.api, at.op.Method, at.path, body, "API-KEY", key)
		if at.body == nil && at.op.Method != "GET" {
			continue
		}
		collection := !strings.Contains(strings.TrimPrefix(at.path, "/api/v2/"), "/")
		switch {
		case collection && at.op.Method == "GET":
			if data, _ := got.body["data"].([]any); got.status != http.StatusOK || len(data) > mine[at.path] {
				t.Errorf("a foreigner lists %s: %d %s", at.path, got.status, got.text)
			}
		case collection && (at.path == "/api/v2/advertisers" || at.path == "/api/v2/publishers" || at.path == "/api/v2/users"):
			got.want(t, "his own "+at.op.OperationID, http.StatusCreated)
			before = b.state()
		case collection:
			if got.status != http.StatusUnprocessableEntity {
				t.Errorf("a foreigner's %s: %d %s", at.op.OperationID, got.status, got.text)
			}
		default:
			got.want(t, "a foreigner's "+at.op.OperationID, http.StatusNotFound)
		}
	}
	if b.state() != before {
		t.Error("a foreigner changed something")
	}
}
