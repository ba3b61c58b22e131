package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/problem"
)

// trail is what the outside learns of a request on its way in.
type trail struct {
	operation, author string
	status            int
}

type trailKey struct{}

func noteOperation(r *http.Request, id string) { trailOf(r).operation = id }
func noteAuthor(r *http.Request, who string)   { trailOf(r).author = who }

func trailOf(r *http.Request) *trail {
	if t, ok := r.Context().Value(trailKey{}).(*trail); ok {
		return t
	}
	return &trail{}
}

// recorder notes the status of an answer.
type recorder struct {
	http.ResponseWriter
	t *trail
}

func (w recorder) WriteHeader(status int) {
	if w.t.status == 0 {
		w.t.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w recorder) Write(b []byte) (int, error) {
	if w.t.status == 0 {
		w.t.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// middleware is what every request passes through.
func (a *API) middleware() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &trail{}
		r = r.WithContext(context.WithValue(r.Context(), trailKey{}, t))
		rec := recorder{w, t}
		start := a.Now()
		defer a.finish(rec, r, t, start)
		a.secure(rec, r)
		if a.preflight(rec, r) {
			return
		}
		if a.Settings.BodyLimit > 0 {
			r.Body = http.MaxBytesReader(rec, r.Body, a.Settings.BodyLimit)
		}
		a.route(rec, r)
	})
}

// finish ends a request: a bug's panic too.
func (a *API) finish(w http.ResponseWriter, r *http.Request, t *trail, start time.Time) {
	if bug := recover(); bug != nil {
		a.Logger.Error("BUG: panic in the control API", zap.String("panic", fmt.Sprint(bug)), zap.String("operation", t.operation), zap.Stack("stack"))
		if t.status == 0 {
			problem.Write(w, r, problem.New(http.StatusInternalServerError, "this is a bug of ours; it was logged"))
		}
	}
	a.metrics.count(t, a.Now().Sub(start))
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return
	}
	a.Logger.Info("control API", zap.String("operation", t.operation), zap.String("who", t.author),
		zap.String("path", r.URL.Path), zap.Int("status", t.status))
}

// secure sets the headers that keep browsers from doing harm.
func (a *API) secure(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	origin := r.Header.Get("Origin")
	if origin == "" || len(a.Settings.AllowedOrigins) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	if slices.Contains(a.Settings.AllowedOrigins, origin) {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Config-Version, X-Config-Pending, Idempotency-Replayed")
	}
}

// preflight answers a browser that asks for permission.
func (a *API) preflight(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" ||
		!slices.Contains(a.Settings.AllowedOrigins, r.Header.Get("Origin")) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "API-KEY, Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// route hands the request to its operation. What has none is told in the same
// shape as every problem.
func (a *API) route(w http.ResponseWriter, r *http.Request) {
	if _, pattern := a.mux.Handler(r); pattern != "" {
		a.mux.ServeHTTP(w, r)
		return
	}
	if allowed := a.methods(r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		problem.Write(w, r, problem.New(http.StatusMethodNotAllowed, r.Method+" is not possible here; allowed are "+strings.Join(allowed, ", ")))
		return
	}
	problem.Write(w, r, problem.New(http.StatusNotFound, "there is no such endpoint; /docs lists them"))
}

// methods are those that the path of a request takes.
func (a *API) methods(r *http.Request) (allowed []string) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := a.mux.Handler(probe); strings.HasPrefix(pattern, method+" ") {
			allowed = append(allowed, method)
		}
	}
	return allowed
}
