package edge

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/edge/signal"
	"github.com/clickgate/clickgate/internal/click"
)

// TestPeopleHaveNoSignals: the header sets of browsers, over https.
func TestPeopleHaveNoSignals(t *testing.T) {
	find := newFinder(t)
	for name, head := range humans {
		if got := find(head, signal.Request{HTTPS: true}); !got.Empty() {
			t.Errorf("%s: signals %v, want none", name, names(got))
		}
	}
}

// TestAppsMayCallThemselvesOtherwise: an app on Electron is no contradiction,
// whatever it calls itself; its order of headers is not Firefox's.
func TestAppsMayCallThemselvesOtherwise(t *testing.T) {
	head := chromiumHead(firefoxUA, `"Chromium";v="142", "Not_A Brand";v="99"`, "0", "Windows")
	if got := names(newFinder(t)(head, signal.Request{HTTPS: true})); got != "header_order" {
		t.Errorf("signals %q, want header_order", got)
	}
}

func TestPeopleOverHTTPAndOldProxies(t *testing.T) {
	find := newFinder(t)
	for name, ua := range map[string]string{"Chrome": onWindows + chrome142, "phone": onAndroid + mobile142} {
		if got := find(plain(ua), signal.Request{}); !got.Empty() {
			t.Errorf("%s over http: signals %v, want none", name, names(got))
		}
		if got := find(plain(ua), signal.Request{OldHTTP: true, Proxied: true}); !got.Empty() {
			t.Errorf("%s behind an old proxy: signals %v, want none", name, names(got))
		}
	}
}

// TestProgramsHaveTheirSignals: the header sets of programs, over https.
func TestProgramsHaveTheirSignals(t *testing.T) {
	find := newFinder(t)
	for name, p := range programs {
		if got := names(find(p.head, signal.Request{HTTPS: true})); got != p.want {
			t.Errorf("%s: signals %q, want %q", name, got, p.want)
		}
	}
}

func TestOldHTTPFromABrowser(t *testing.T) {
	find := newFinder(t)
	if got := names(find(plain(onWindows+chrome142), signal.Request{OldHTTP: true})); got != "old_http" {
		t.Errorf("signals %q, want old_http", got)
	}
	for _, header := range []string{"Via: 1.0 proxy.example", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "Forwarded: for=192.0.2.1", "CF-Ray: 1-FRA"} {
		if got := find(plain(onWindows+chrome142)+lines(header), signal.Request{OldHTTP: true}); !got.Empty() {
			t.Errorf("with %s: signals %q, want none", header, names(got))
		}
	}
}

// finder takes the headers of a request to its signals, as the edge does.
type finder func(head string, r signal.Request) click.SignalSet

func newFinder(t *testing.T) finder {
	p, err := device.New(device.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return func(head string, r signal.Request) click.SignalSet {
		t.Helper()
		h := parseHead(t, "GET /click HTTP/1.1\r\nHost: track.example\r\n"+head+"\r\n")
		headers := readHeaders(h)
		parsed := hints.Parse(&headers.hints)
		r.Marks, r.Hints = headers.marks, &parsed
		return signal.Find(&click.Click{Device: p.Parse(string(h.UserAgent()))}, &r)
	}
}

func names(s click.SignalSet) string {
	var out []string
	for !s.Empty() {
		var g click.Signal
		g, s = s.Next()
		out = append(out, g.String())
	}
	return strings.Join(out, " ")
}
