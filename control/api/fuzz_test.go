package api

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// attack is a request that nobody foresaw.
type attack struct{ method, path, query, body string }

// survive sends it: never a 5xx, and nothing changes unless it is accepted.
func (b *bench) survive(t *testing.T, a attack) {
	t.Helper()
	before := b.state()
	r := httptest.NewRequest(a.method, a.path, strings.NewReader(a.body))
	r.URL.RawQuery = a.query
	r.Header.Set("API-KEY", b.key)
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Errorf("%s %s?%s answered %d to %q: %s", a.method, a.path, a.query, w.Code, a.body, w.Body)
	}
	if w.Code >= 400 && b.state() != before {
		t.Errorf("%s %s answered %d to %q and changed something", a.method, a.path, w.Code, a.body)
	}
	if w.Code >= 400 && !json.Valid(w.Body.Bytes()) {
		t.Errorf("%s %s answered %d with no JSON: %q", a.method, a.path, w.Code, w.Body)
	}
}

// mutate changes a JSON value somewhere.
func mutate(r *rand.Rand, v any) any {
	strange := []any{nil, true, "", "x", -1.0, 1e300, 0.5, []any{}, map[string]any{}, []any{nil}, strings.Repeat("ä", 300), "\x00\u2028", map[string]any{"": 1.0}, "{wrong}", 9007199254740993.0}
	if r.IntN(4) == 0 {
		return strange[r.IntN(len(strange))]
	}
	switch v := v.(type) {
	case map[string]any:
		c := map[string]any{}
		n := r.IntN(len(v) + 1)
		for name, inner := range v {
			if c[name] = inner; n == 0 {
				c[name] = mutate(r, inner)
			}
			n--
		}
		if r.IntN(4) == 0 {
			c[[]string{"id", "name", "settings", "filters", "é", "organization", "data"}[r.IntN(7)]] = strange[r.IntN(len(strange))]
		}
		return c
	case []any:
		c := append([]any{}, v...)
		if len(c) > 0 {
			i := r.IntN(len(c))
			c[i] = mutate(r, c[i])
		}
		return c
	}
	return strange[r.IntN(len(strange))]
}

var queries = []string{
	"page[number]=0", "page[size]=101", "page[size]=x", "sort=-", "sort=name,,id", "filter[name]=x", "filter[name][match]=%00", "filter[", "filter[a][b][c]=1",
	"fields=", "fields=id,nope", "query=%ff", "page[number]=99999999999999999999", "filter[active][gte]=true", "%zz", "sort=name&sort=id", ";;", "filter[created_at][gte]=now",
}

// TestRandomRequests sends a few thousand mutants of good requests.
func TestRandomRequests(t *testing.T) {
	b := newBench(t)
	targets := b.targets(t, b.world())
	r := rand.New(rand.NewPCG(3, 5))
	rounds := 15
	if testing.Short() {
		rounds = 2
	}
	for range rounds {
		for _, at := range targets {
			a := attack{method: at.op.Method, path: at.path}
			if at.body == nil {
				a.query = queries[r.IntN(len(queries))]
				b.survive(t, a)
				continue
			}
			body, err := json.Marshal(mutate(r, any(at.body)))
			if err != nil {
				t.Fatal(err)
			}
			if a.body = string(body); r.IntN(5) == 0 && len(body) > 0 {
				i := r.IntN(len(body))
				a.body = string(body[:i]) + string(rune(r.IntN(256))) + string(body[i:])
			}
			b.survive(t, a)
		}
	}
}

// FuzzRequests sends whatever the fuzzer thinks of to any endpoint.
func FuzzRequests(f *testing.F) {
	b := newBench(f)
	w := b.world()
	for i, tc := range cases(w) {
		f.Add(uint8(i), uint8(0), tc.body, "")
		f.Add(uint8(i), uint8(1), tc.patch, "")
		f.Add(uint8(i), uint8(2), "", queries[i%len(queries)])
	}
	f.Fuzz(func(t *testing.T, resource, verb uint8, body, query string) {
		all := cases(w)
		methods := []string{http.MethodPost, http.MethodPatch, http.MethodGet, http.MethodDelete}
		a := attack{method: methods[int(verb)%len(methods)], path: all[int(resource)%len(all)].path, body: body}
		if _, err := url.ParseQuery(query); err == nil {
			a.query = query
		}
		own := *b
		own.tb = t
		own.survive(t, a)
	})
}
