package ops

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/metrics"
)

func get(s *Server, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestReadyzTellsEveryCheck(t *testing.T) {
	var down error
	s := New(
		Check{"config", func() (any, error) { return map[string]int{"version": 7}, nil }},
		Check{"log", func() (any, error) { return nil, down }},
	)
	if w := get(s, "/readyz"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"version":7`) {
		t.Errorf("all checks hold: got %d %s", w.Code, w.Body)
	}
	down = errors.New("no acknowledgement for 3s")
	w := get(s, "/readyz")
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a check fails: got %d, want 503", w.Code)
	}
	for _, want := range []string{`"ready":false`, "no acknowledgement for 3s", `"version":7`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("a check fails: the answer lacks %s: %s", want, w.Body)
		}
	}
}

func TestEveryPageAnswers(t *testing.T) {
	metrics.NewCounter("clickgate_ops_test_total").Inc()
	s := New()
	for path, want := range map[string]string{
		"/healthz":               "ok",
		"/metrics":               "clickgate_ops_test_total 1",
		"/debug/pprof/":          "goroutine",
		"/debug/pprof/cmdline":   "",
		"/debug/pprof/goroutine": "",
	} {
		if w := get(s, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %d, want 200 with %q", path, w.Code, want)
		}
	}
}
