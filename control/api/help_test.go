package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

// bench is a control node over an embedded NATS server.
type bench struct {
	tb  testing.TB
	api *API
	// key is the super admin's.
	key  string
	nats *natstest.Server
}

func newBench(tb testing.TB) *bench {
	tb.Helper()
	b := &bench{tb: tb, nats: natstest.Start(tb)}
	b.api = b.node()
	key, created, err := b.api.Accounts.Bootstrap(tb.Context(), "demo")
	if err != nil || !created {
		tb.Fatalf("bootstrap: %v, created %v", err, created)
	}
	b.key = key
	return b
}

// checks are those of the product, without the edge's.
var checks = config.Checks{
	FilterTypes: filters.TypesOn, Filter: filters.Check,
	URL: func(template string) error {
		if strings.Contains(template, "{wrong}") || strings.Contains(template, "{no_such_macro}") {
			return errors.New("unknown macro {wrong}")
		}
		return nil
	},
}

// node is another control node on the same server.
func (b *bench) node() *API {
	b.tb.Helper()
	js := b.nats.JetStream()
	open := func(bucket string) *store.Store {
		s, err := store.Open(b.tb.Context(), js, store.Options{Bucket: bucket})
		if err != nil {
			b.tb.Fatal(err)
		}
		return s
	}
	live := open("")
	return New(Parts{
		Live: live, Accounts: accounts.New(open(accounts.Bucket), live, nil), Checks: checks,
		Settings: Settings{BodyLimit: 1 << 20, Version: "test"}, Logger: zap.NewNop(),
	})
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

// ask sends a request with the super admin's key. Headers come in pairs.
func (b *bench) ask(method, path, body string, headers ...string) reply {
	b.tb.Helper()
	return b.askNode(b.api, method, path, body, append([]string{"API-KEY", b.key}, headers...)...)
}

func (b *bench) askNode(a *API, method, path, body string, headers ...string) reply {
	b.tb.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader([]byte(body)))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	got := reply{status: w.Code, header: w.Header(), text: w.Body.String()}
	if len(got.text) > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &got.body); err != nil {
			b.tb.Fatalf("%s %s answered %d with no JSON: %s", method, path, w.Code, got.text)
		}
	}
	if w.Code >= 400 && !strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json") {
		b.tb.Errorf("%s %s answered %d as %s", method, path, w.Code, got.header.Get("Content-Type"))
	}
	return got
}

// want checks the status of an answer.
func (r reply) want(tb testing.TB, what string, status int) reply {
	tb.Helper()
	if r.status != status {
		tb.Fatalf("%s: answered %d, want %d: %s", what, r.status, status, r.text)
	}
	return r
}

// id is that of what was created.
func (r reply) id() string { id, _ := r.body["created_item_id"].(string); return id }

// data is the entity in an answer.
func (r reply) data() map[string]any { d, _ := r.body["data"].(map[string]any); return d }

// locations are those of the mistakes in a problem.
func (r reply) locations() (list []string) {
	errors, _ := r.body["errors"].([]any)
	for _, e := range errors {
		location, _ := e.(map[string]any)["location"].(string)
		list = append(list, location)
	}
	return list
}

// create makes an entity and returns its id.
func (b *bench) create(path, body string) string {
	b.tb.Helper()
	return b.ask("POST", path, body).want(b.tb, "create at "+path, http.StatusCreated).id()
}

const goodIntegration = `{"name":"Main","organization":"demo","type":"Custom","active":true,"monitoring_mode":false,"offer_preview_enabled":false,
 "clicks_config":{"global_fallback_url":"https://example.com/fallback"},"conversions_config":{},"conversion_secure_code":"secret","default_revenue_payout":{}}`

// world are some entities that others need.
type world struct{ integration, advertiser, publisher, offer string }

func (b *bench) world() world {
	b.tb.Helper()
	w := world{integration: b.create("/api/v2/integrations", goodIntegration)}
	w.advertiser = b.create("/api/v2/advertisers", `{"name":"Acme","active":true}`)
	w.publisher = b.create("/api/v2/publishers", `{"name":"Blog","active":true}`)
	w.offer = b.create("/api/v2/integrations/"+w.integration+"/offers", `{"name":"Shoes","advertiser_id":1,"active":true}`)
	return w
}
