// Package ops serves the operators: metrics, health, readiness and profiles,
// on a listener that visitors never reach.
package ops

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/clickgate/clickgate/internal/metrics"
)

// Check is one thing that must hold before traffic should come here.
type Check struct {
	Name string
	// Probe returns what there is to know, encoded as JSON, and an error when
	// it does not hold.
	Probe func() (detail any, err error)
}

// Server is the operators' HTTP server.
type Server struct {
	http   *http.Server
	mux    *http.ServeMux
	checks []Check
}

// New returns a server that is ready when every check holds.
func New(checks ...Check) *Server {
	s := &Server{mux: http.NewServeMux(), checks: checks}
	s.http = &http.Server{
		Handler:           s.mux,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
	}
	s.mux.HandleFunc("GET /metrics", serveMetrics)
	s.mux.HandleFunc("GET /healthz", serveHealth)
	s.mux.HandleFunc("GET /readyz", s.serveReady)
	s.mux.HandleFunc("/debug/pprof/", pprof.Index)
	s.mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	s.mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	s.mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	s.mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return s
}

// Handle adds a page. Call it before Serve.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Serve answers on l until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	err := s.http.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Shutdown stops listening and waits for requests under way until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

func serveMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	metrics.Write(w)
}

// serveHealth tells that the process lives; a restart would not help more.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// result is one check in the answer of /readyz.
type result struct {
	OK     bool   `json:"ok"`
	Error  string `json:"error,omitempty"`
	Detail any    `json:"detail,omitempty"`
}

// serveReady runs the checks: 200 when all hold, else 503, with every result
// either way.
func (s *Server) serveReady(w http.ResponseWriter, _ *http.Request) {
	ready, results := true, make(map[string]result, len(s.checks))
	for _, c := range s.checks {
		detail, err := c.Probe()
		r := result{OK: err == nil, Detail: detail}
		if err != nil {
			ready, r.Error = false, err.Error()
		}
		results[c.Name] = r
	}
	w.Header().Set("Content-Type", "application/json")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": ready, "checks": results})
}
