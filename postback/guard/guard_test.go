package guard

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// client is a client that may call servers of tests.
func client(t *testing.T, change func(*Settings)) *Client {
	t.Helper()
	s := Default()
	s.AllowNetworks = []string{"127.0.0.1"}
	s.AllowPorts = []string{"1024-65535"}
	if change != nil {
		change(&s)
	}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s
}

func TestDo(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprintf(w, "%s %s %s %s %s", r.Method, r.URL, r.Header["X-Key"], r.UserAgent(), body)
	})
	a, err := client(t, nil).Do(t.Context(), Request{
		Method: "PUT", URL: s.URL + "/p?a=1", Header: http.Header{"X-Key": {"1", "2"}}, Body: "text",
	})
	if err != nil || a.Status != 429 || a.RetryAfter != "7" || a.Body != "PUT /p?a=1 [1 2] clickgate text" || a.From.String() != "127.0.0.1" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			io.WriteString(w, strings.Repeat("x", 1000))
		}
	})
	c := client(t, func(s *Settings) { s.MaxAnswerBytes = 1500 })
	if a, err := c.Do(t.Context(), Request{URL: s.URL}); err != nil || len(a.Body) != 1500 {
		t.Errorf("got %d bytes, %v, want 1500", len(a.Body), err)
	}
}

func TestTimeIsBounded(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			io.WriteString(w, "began")
			w.(http.Flusher).Flush()
		}
		<-release
	})
	defer close(release)
	c := client(t, func(s *Settings) { s.Timeout = 100 * time.Millisecond })
	if _, err := c.Do(t.Context(), Request{URL: s.URL}); classIn(err) != ClassTimeout {
		t.Errorf("a server that does not answer: %v", err)
	}
	if a, err := c.Do(t.Context(), Request{URL: s.URL + "/body"}); err != nil || a.Status != 200 || a.Body != "began" {
		t.Errorf("a body that breaks off: %+v, %v", a, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Do(ctx, Request{URL: s.URL}); classIn(err) != ClassCanceled {
		t.Errorf("a caller who goes: %v", err)
	}
}

func classIn(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return ""
}

func TestWhatIsRefused(t *testing.T) {
	var called atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	port := s.URL[strings.LastIndex(s.URL, ":")+1:]
	strict := client(t, func(s *Settings) { s.AllowNetworks = nil })
	noPorts := client(t, func(s *Settings) { s.AllowPorts = []string{"1-79"} })
	for _, tt := range []struct {
		c    *Client
		url  string
		want string
	}{
		{strict, s.URL, "address 127.0.0.1 is not public"},
		{strict, "http://localhost:" + port, "is not public"},
		{strict, "http://[::1]:" + port, "address ::1 is not public"},
		{strict, "http://[::ffff:127.0.0.1]:" + port, "is not public"},
		{strict, "http://0.0.0.0:" + port, "is not public"},
		{strict, "http://169.254.169.254/latest/meta-data/", "address 169.254.169.254 is not public"},
		{strict, "http://[fd00:ec2::254]/", "address fd00:ec2::254 is not public"},
		{noPorts, s.URL, "port " + port + " is not called"},
		{strict, "ftp://example.com/", `scheme "ftp"`},
		{strict, "file:///etc/passwd", `scheme "file"`},
		{strict, "http://u:p@example.com/", "user name before the host"},
		{strict, "http://example.com:99999/", "port 99999 is not called"},
		{strict, "http://[::1", "missing ']' in host"},
	} {
		_, err := tt.c.Do(t.Context(), Request{URL: tt.url})
		if classIn(err) != ClassRefused || !strings.Contains(fmt.Sprint(err), tt.want) {
			t.Errorf("%s: %v (%s), want it refused with %q", tt.url, err, classIn(err), tt.want)
		}
	}
	if n := called.Load(); n != 0 {
		t.Errorf("the server was called %d times", n)
	}
}

// TestNamesThatChangeTheirAddress: what a name server says is not believed
// twice. The connection goes to the address that was checked.
func TestNamesThatChangeTheirAddress(t *testing.T) {
	var called atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	port := s.URL[strings.LastIndex(s.URL, ":")+1:]
	c := client(t, func(s *Settings) {
		s.AllowNetworks = []string{"127.0.0.2"}
		s.AllowHosts = []string{"hooks.intranet.example"}
	})
	var asked atomic.Int64
	// The first answer is an address that may be called, with nobody there; the
	// later ones are the server's, which may not.
	c.resolver = nameServer(t, func() [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{127, 0, 0, 2}
		}
		return [4]byte{127, 0, 0, 1}
	})
	if _, err := c.Do(t.Context(), Request{URL: "http://rebind.example:" + port}); classIn(err) != ClassConnect {
		t.Errorf("the first call: %v, want one that finds nobody", err)
	}
	if _, err := c.Do(t.Context(), Request{URL: "http://rebind.example:" + port}); classIn(err) != ClassRefused {
		t.Errorf("the second call: %v, want it refused", err)
	}
	if n := called.Load(); n != 0 || asked.Load() < 2 {
		t.Errorf("the server was called %d times, the name server asked %d times", n, asked.Load())
	}
	if _, err := c.Do(t.Context(), Request{URL: "http://Hooks.Intranet.example:" + port}); err != nil || called.Load() != 1 {
		t.Errorf("a host that is allowed by name: %v", err)
	}
}

// nameServer is a resolver whose name server answers every question for an
// IPv4 address, and no other.
func nameServer(t *testing.T, address func() [4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: address()},
				}}
			}
			if packed, err := m.Pack(); err == nil {
				conn.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

func TestRedirects(t *testing.T) {
	var inside, loops atomic.Int64
	secret := serve(t, func(http.ResponseWriter, *http.Request) { inside.Add(1) })
	port := secret.URL[strings.LastIndex(secret.URL, ":")+1:]
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			loops.Add(1)
			http.Redirect(w, r, "/loop?key=s3cret", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://[::1]:"+port, http.StatusTemporaryRedirect)
		case "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
		case "/port":
			http.Redirect(w, r, "http://127.0.0.1:22/", http.StatusFound)
		case "/nonsense":
			w.Header().Set("Location", "http://[::1?key=s3cret")
			w.WriteHeader(http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/3", "/2", "/1":
			http.Redirect(w, r, string(r.URL.Path[1]-1), http.StatusPermanentRedirect)
		case "/0":
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s", r.Method, body)
		}
	})
	c := client(t, nil)
	for path, want := range map[string]struct {
		class Class
		text  string
	}{
		"/loop": {ClassRedirect, "more than 3 redirects"}, "/inside": {ClassRefused, "::1 is not public"},
		"/metadata": {ClassRefused, "169.254.169.254 is not public"}, "/port": {ClassRefused, "port 22 is not called"},
		"/file": {ClassRefused, `scheme "file"`}, "/nonsense": {ClassNetwork, "parse Location"},
	} {
		_, err := c.Do(t.Context(), Request{Method: "POST", URL: s.URL + path, Body: "x"})
		if classIn(err) != want.class || !strings.Contains(err.Error(), want.text) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v (%s), want %s with %q", path, err, classIn(err), want.class, want.text)
		}
	}
	if loops.Load() != 4 {
		t.Errorf("three redirects are %d calls", loops.Load())
	}
	if inside.Load() != 0 {
		t.Error("a redirect led inside")
	}
	if a, err := c.Do(t.Context(), Request{Method: "POST", URL: s.URL + "/3", Body: "text"}); err != nil || a.Body != "POST text" {
		t.Errorf("three redirects: %+v, %v", a, err)
	}
}

// TestRedirectsTellNothing: another host learns neither keys nor the URL that
// was called.
func TestRedirectsTellNothing(t *testing.T) {
	var told http.Header
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { told = r.Header })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		to := other.URL
		if r.URL.Path == "/same" {
			to = "/landed"
		}
		told = r.Header
		if r.URL.Path != "/landed" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	})
	header := http.Header{"Authorization": {"Bearer s3cret"}, "X-Api-Key": {"s3cret"}, "Idempotency-Key": {"k"}, "Content-Type": {"text/plain"}}
	c := client(t, nil)
	for path, keeps := range map[string]bool{"/same": true, "/other": false} {
		if _, err := c.Do(t.Context(), Request{Method: "POST", URL: first.URL + path + "?token=s3cret", Header: header, Body: "x"}); err != nil {
			t.Fatal(err)
		}
		if told.Get("Referer") != "" || told.Get("Idempotency-Key") != "k" || told.Get("Content-Type") != "text/plain" ||
			(told.Get("X-Api-Key") != "") != keeps || (told.Get("Authorization") != "") != keeps {
			t.Errorf("%s was told %v", path, told)
		}
	}
}

func TestEncryptionIsNotGivenUp(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called without encryption") })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/?key=s3cret", http.StatusFound))
	t.Cleanup(secure.Close)
	c := client(t, nil)
	_, err := c.Do(t.Context(), Request{URL: secure.URL})
	if classIn(err) != ClassTLS {
		t.Errorf("a certificate of nobody: %v (%s)", err, classIn(err))
	}
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	c.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	_, err = c.Do(t.Context(), Request{URL: secure.URL})
	if classIn(err) != ClassRedirect || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a redirect out of encryption: %v (%s)", err, classIn(err))
	}
}

func TestFailuresHaveClasses(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	breaks := serve(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	c := client(t, nil)
	c.resolver = nameServer(t, func() [4]byte { panic("nobody asks") })
	for _, tt := range []struct {
		url  string
		want Class
	}{
		{gone.URL + "/s3cret", ClassConnect},
		{breaks.URL + "/?key=s3cret", ClassNetwork},
		{"http://name.invalid." + strings.Repeat("a", 70) + "/", ClassDNS},
	} {
		if _, err := c.Do(t.Context(), Request{URL: tt.url}); classIn(err) != tt.want || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v (%s), want %s", tt.url, err, classIn(err), tt.want)
		}
	}
}

// TestProxy: no proxy is taken from the environment, one that is set is, and
// what lies behind it is checked.
func TestProxy(t *testing.T) {
	var proxied atomic.Int64
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		proxied.Add(1)
		io.WriteString(w, "by proxy "+r.URL.String())
	})
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	direct := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "direct") })
	if a, err := client(t, nil).Do(t.Context(), Request{URL: direct.URL}); err != nil || a.Body != "direct" {
		t.Errorf("without a proxy: %+v, %v", a, err)
	}
	c := client(t, func(s *Settings) {
		s.Proxy = proxy.URL
		s.AllowNetworks = nil
		s.AllowHosts = []string{"known.example"}
	})
	if a, err := c.Do(t.Context(), Request{URL: "http://known.example/x"}); err != nil || a.Body != "by proxy http://known.example/x" {
		t.Errorf("by the proxy: %+v, %v", a, err)
	}
	for _, inside := range []string{"http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/"} {
		if _, err := c.Do(t.Context(), Request{URL: inside}); classIn(err) != ClassRefused {
			t.Errorf("%s behind the proxy: %v", inside, err)
		}
	}
	if proxied.Load() != 1 {
		t.Errorf("the proxy was asked %d times, want once", proxied.Load())
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		`parse "https://p.example/x?key=1&b=2": bad`: `parse "https://p.example/x?***": bad`,
		"really? yes":            "really? yes",
		"a?b c?d":                "a?*** c?***",
		strings.Repeat("x", 600): strings.Repeat("x", 500) + "...",
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	s := Settings{
		AllowNetworks: []string{"10.0.0.0/8", "10.1.2.3/8", "nonsense"}, AllowHosts: []string{"ok.example", "*.example", "h:80"},
		AllowPorts: []string{"8080", "0", "9-8", "70000"}, Timeout: time.Millisecond, MaxAnswerBytes: -1, Proxy: "proxy:3128",
	}
	err := fmt.Sprint(s.Validate())
	for _, want := range []string{
		`allow_networks[1]: "10.1.2.3/8" has bits behind its length; the network is 10.0.0.0/8`, `allow_networks[2]: "nonsense"`,
		`allow_hosts[1]: "*.example"`, `allow_hosts[2]: "h:80"`, `allow_ports[1]: "0"`, `allow_ports[2]: "9-8"`, `allow_ports[3]: "70000"`,
		"timeout: 1ms is not between 100ms and 2m", "max_answer_bytes: -1", "proxy: is no URL",
	} {
		if !strings.Contains(err, want) {
			t.Errorf("%s\ndoes not tell %s", err, want)
		}
	}
	if lines := strings.Count(err, "\n") + 1; lines != 10 {
		t.Errorf("%d mistakes told, want 10:\n%s", lines, err)
	}
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	if _, err := New(s); err == nil {
		t.Error("New takes settings that are wrong")
	}
}
