package docs

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(tb testing.TB, description, method string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequest(method, "/docs", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler(description).ServeHTTP(w, r)
	return w
}

func TestHandler(t *testing.T) {
	w := get(t, "/openapi.json", "GET")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("answered %d as %s", w.Code, w.Header().Get("Content-Type"))
	}
	body := w.Body.String()
	if !strings.Contains(body, `id="raw" href="/openapi.json"`) || strings.Contains(body, "{{") {
		t.Error("the page lacks something")
	}
	if again := get(t, "/openapi.json", "GET", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("asked again with the tag, it answered %d", again.Code)
	}
	if other := get(t, "/other.json", "GET"); other.Header().Get("ETag") == w.Header().Get("ETag") {
		t.Error("another page has the same tag")
	}
	if head := get(t, "/openapi.json", "HEAD"); head.Code != http.StatusOK || head.Body.Len() > 0 {
		t.Errorf("HEAD was answered with %d and %d bytes", head.Code, head.Body.Len())
	}
}

func TestDescriptionIsText(t *testing.T) {
	body := get(t, `/"><script>alert(1)</script>`, "GET").Body.String()
	if strings.Contains(body, "<script>alert") || !strings.Contains(body, `href="/&#34;&gt;`) {
		t.Error("the path of the description became markup")
	}
}

// The policy allows the page's own script and style, as they stand in the page,
// and nothing else.
func TestPolicy(t *testing.T) {
	w := get(t, "/openapi.json", "GET")
	policy, body := w.Header().Get("Content-Security-Policy"), w.Body.String()
	for tag, directive := range map[string]string{"script": "script-src", "style": "style-src"} {
		inline := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(body, -1)
		if len(inline) != 1 {
			t.Fatalf("the page has %d elements %s", len(inline), tag)
		}
		if want := directive + " " + sourceOf(inline[0][1]); !strings.Contains(policy+";", want+";") {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy allows more: %s", policy)
	}
}

// The page asks nobody else, and puts nothing into itself as markup or code.
func TestPageIsAlone(t *testing.T) {
	body := get(t, "/openapi.json", "GET").Body.String()
	for _, wrong := range []string{`(src|srcset|action|formaction|poster)=`, `<(link|iframe|img|object|embed|base|form)\b`, `@import`, `\burl\(`,
		`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|import\(`, `\son[a-z]+="`, `\sstyle="`} {
		if found := regexp.MustCompile(wrong).FindString(body); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	for _, address := range regexp.MustCompile(`(https?:)?//[a-z][\w.-]*`).FindAllString(body, -1) {
		if address != "https://example.com" {
			t.Errorf("the page names %s", address)
		}
	}
}
