// Package docs is a page that shows an OpenAPI description. It is one answer
// without anything from elsewhere, so it works where there is no internet.
package docs

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"strings"
	"time"
)

var (
	//go:embed page.html
	markup string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// Handler serves the page for the description at a path of the same host. A
// browser that got the page runs nothing but its script and asks nobody but
// its host, for the description.
func Handler(description string) http.Handler {
	page := strings.NewReplacer("{{style}}", style, "{{script}}", script, "{{description}}", html.EscapeString(description)).Replace(markup)
	policy := "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"script-src " + sourceOf(script) + "; style-src " + sourceOf(style)
	sum := sha256.Sum256([]byte(page))
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(page))
	})
}

// sourceOf lets an inline element with this content through the policy.
func sourceOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
