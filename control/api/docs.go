package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/docs"
)

// addDocs serves the description of the API and the page that shows it.
func (a *API) addDocs() {
	data, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		a.Logger.Error("BUG: the API cannot be described", zap.Error(err))
		return
	}
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(data) // into memory
	_ = z.Close()
	a.mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		noteOperation(r, "openapi")
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("ETag", tag)
		h.Set("Vary", "Accept-Encoding")
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			_, _ = w.Write(data) // the client is gone
			return
		}
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	})
	a.mux.Handle("GET /docs", docs.Handler("/openapi.json"))
}
