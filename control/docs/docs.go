// Package docs is a page that shows an OpenAPI description. It is one file
// without anything from elsewhere, so it works where there is no internet.
package docs

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strings"
)

//go:embed page.html
var page string

// Handler serves the page for the description at a path of the same host.
func Handler(description string) http.Handler {
	body := strings.ReplaceAll(page, "{{description}}", description)
	policy := "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"script-src " + hashOf(body, "<script>", "</script>") + "; style-src " + hashOf(body, "<style>", "</style>")
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(body)) // the client is gone
	})
}

// hashOf is the source expression for the inline element between two tags.
func hashOf(body, begin, end string) string {
	_, rest, _ := strings.Cut(body, begin)
	inner, _, _ := strings.Cut(rest, end)
	sum := sha256.Sum256([]byte(inner))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
