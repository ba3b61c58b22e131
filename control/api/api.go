// Package api is the control API: what operators and their programs change over
// HTTP, on top of the store of live documents and that of accounts. Resources
// are declared in a file each; the engine makes their endpoints and their
// OpenAPI description.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/schema"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/explain"
)

// Fleet knows the edges.
type Fleet interface {
	// Wait returns when every edge serves a version or has refused it, or when
	// ctx ends; then it names those that have not answered.
	Wait(ctx context.Context, version uint64) (missing []string)
	// List describes the edges; live is the version that should serve.
	List(live uint64) any
	// Explain has an edge tell why a click is judged as it is.
	Explain(ctx context.Context, request *explain.Request) (explain.Report, error)
}

// Label is a name that people read for a value of reports.
type Label struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Labels are the names of filters and reasons, by plane (A5).
type Labels struct {
	Clicks      map[string][]Label `json:"clicks"`
	Common      map[string][]Label `json:"common"`
	Conversions map[string][]Label `json:"conversions"`
	Impression  map[string][]Label `json:"impression"`
}

// Settings are what operators set.
type Settings struct {
	// Organization is the home of a super admin; empty lets the documents
	// decide.
	Organization string
	// RateLimit is the requests a second of one key, RateBurst what may come
	// at once.
	RateLimit float64
	RateBurst int
	// BodyLimit bounds a request body, in bytes.
	BodyLimit int64
	// AllowedOrigins may use the API from a browser; none by default.
	AllowedOrigins []string
	// WaitForEdges bounds the wait for the edges after a change.
	WaitForEdges time.Duration
	// Version of the program, for the description.
	Version string
}

// Parts are what the API works with. All but Fleet, Finder, Recorder and
// Postbacks are required: without Finder and Recorder there are no conversions.
type Parts struct {
	Live     *store.Store
	Accounts *accounts.Directory
	Fleet    Fleet
	// Finder finds conversions, Recorder writes their later versions.
	Finder   attribution.Finder
	Recorder events.Recorder
	// Postbacks tries outgoing calls and looks after those that were given up.
	Postbacks Postbacks
	Checks    config.Checks
	Labels    Labels
	Settings  Settings
	Logger    *zap.Logger
	// Now is the clock; nil is the system's.
	Now func() time.Time
}

// API answers requests. It is an http.Handler.
type API struct {
	Parts
	book    *schema.Book
	huma    huma.API
	mux     *http.ServeMux
	handler http.Handler
	limiter *limiter
	metrics *counters
	// resources in the order of the description.
	resources []*resource
}

// New returns the API.
func New(p Parts) *API {
	if p.Now == nil {
		p.Now = time.Now
	}
	a := &API{Parts: p, book: schema.NewBook(), mux: http.NewServeMux(), resources: resources()}
	a.limiter, a.metrics = newLimiter(p.Settings, p.Now), newCounters()
	c := huma.DefaultConfig("clickgate control API", p.Settings.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks, c.Transformers = "", "", "", nil, nil
	c.Components = &huma.Components{Schemas: a.book.Registry(), SecuritySchemes: securitySchemes}
	c.Info.Description = about
	a.huma = humago.New(a.mux, c)
	a.describeErrors()
	for _, r := range a.resources {
		a.addResource(r)
	}
	a.addKeys()
	a.addLabels()
	a.addEdges()
	a.addHistory()
	a.addExplain()
	a.addPostbackTests()
	a.addLetters()
	a.addConversions()
	a.book.Explain(explanations)
	a.addDocs()
	a.handler = a.middleware()
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

const about = "Operators and their programs change integrations, offers, filters and everything else here; " +
	"every edge takes a change over before it is answered. Lists take filter[field][operator], sort, page[number], page[size], " +
	"fields and query. Updates are merge patches (RFC 7396): objects merge, lists replace, null resets. " +
	"Answers carry an ETag; If-Match makes sure that nobody's change is lost. Creates take an Idempotency-Key."

var securitySchemes = map[string]*huma.SecurityScheme{
	"ApiKeyAuth": {Type: "apiKey", In: "header", Name: "API-KEY", Description: "An API key of a user"},
	"BearerAuth": {Type: "http", Scheme: "bearer", Description: "The same key as a bearer token"},
}

var secured = []map[string][]string{{"ApiKeyAuth": {}}, {"BearerAuth": {}}}
