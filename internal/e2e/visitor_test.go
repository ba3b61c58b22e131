package e2e

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	firefox   = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	android   = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
	googlebot = "Googlebot/2.1 (+http://www.google.com/bot.html)"

	goodLink = "/click?offer_id=1&publisher_id=1"
)

// answer is what came back for one request.
type answer struct {
	status         int
	header         http.Header
	body, location string
}

// visitor is who asks. Zero values leave the header out.
type visitor struct{ agent, address string }

// client asks once and follows nothing.
var client = &http.Client{
	Timeout:       patient,
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// visit asks the edge.
func (n *node) visit(v visitor, path string) answer {
	n.tb.Helper()
	return get(n.tb, "http://"+n.edge+path, v)
}

// operator asks the operators' listener.
func (n *node) operator(path string) answer {
	n.tb.Helper()
	return get(n.tb, "http://"+n.ops+path, visitor{})
}

func get(tb testing.TB, url string, v visitor) answer {
	tb.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("User-Agent", v.agent)
	if v.address != "" {
		r.Header.Set("X-Forwarded-For", v.address)
	}
	resp, err := client.Do(r)
	if err != nil {
		tb.Fatalf("get %s: %v", url, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatalf("read the answer to %s: %v", url, err)
	}
	return answer{resp.StatusCode, resp.Header, string(body), resp.Header.Get("Location")}
}

var clickID = regexp.MustCompile(`[?&]click_id=([0-9a-f]{32})(?:&|$)`)

// idIn returns the click id in a destination; empty without one.
func idIn(location string) string {
	m := clickID.FindStringSubmatch(location)
	if m == nil {
		return ""
	}
	return m[1]
}

// wantRedirect checks where a visitor is sent.
func (a answer) wantRedirect(tb testing.TB, prefix string, parts ...string) {
	tb.Helper()
	if a.status != http.StatusFound || !strings.HasPrefix(a.location, prefix) {
		tb.Errorf("answered %d with Location %q, want 302 to %s...", a.status, a.location, prefix)
	}
	for _, part := range parts {
		if !strings.Contains(a.location, part) {
			tb.Errorf("sent to %q, which lacks %q", a.location, part)
		}
	}
}

// soon is a deadline for one read or write.
func soon() time.Time { return time.Now().Add(patient) }
