package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clickgate/clickgate/internal/source"
)

// site is a server whose answer the test sets.
type site struct {
	*httptest.Server
	answer   atomic.Value // http.HandlerFunc
	requests atomic.Int64
}

func newSite(t *testing.T) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.answer.Load().(http.HandlerFunc)(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// serve answers with a content, and 304 to who names its version.
func (s *site) serve(content, etag string) {
	s.answer.Store(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(content))
	}))
}

// good is content that begins with "good".
func good(data []byte) error {
	if !bytes.HasPrefix(data, []byte("good")) {
		return fmt.Errorf("%.20q is not good", data)
	}
	return nil
}

func remote(url string) source.Remote { return source.Remote{URL: url, MaxBytes: 1000, Check: good} }

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// TestUpdate asks one source again and again, each time with another answer.
// What is not good leaves the former content where it is.
func TestUpdate(t *testing.T) {
	s := newSite(t)
	f := New(filepath.Join(t.TempDir(), "sources"))
	file := f.Add(remote(s.URL + "/list.txt?key=secret"))
	d := f.downloads[0]
	status := func(code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	write := func(body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	etag := func(body, tag string) func(http.ResponseWriter, *http.Request) {
		s.serve(body, tag)
		return s.answer.Load().(http.HandlerFunc)
	}
	for _, c := range []struct {
		name    string
		answer  func(http.ResponseWriter, *http.Request)
		want    string // content of the file
		written bool
		wantErr string
	}{
		{"nothing yet", status(503), "", false, "the server answers 503 Service Unavailable"},
		{"no news of nothing", status(304), "", false, "the server answers 304 Not Modified"},
		{"hung up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", false, "EOF"},
		{"first", etag("good 1", `"1"`), "good 1", true, ""},
		{"not modified", etag("must not be read", `"1"`), "good 1", false, ""},
		{"server error", status(500), "good 1", false, "the server answers 500"},
		{"gone", status(404), "good 1", false, "the server answers 404 Not Found"},
		{"still not modified", etag("must not be read", `"1"`), "good 1", false, ""},
		{"changed", etag("good 2", `"2"`), "good 2", true, ""},
		{"garbage", etag("<html>", `"3"`), "good 2", false, `the content is refused: "<html>" is not good`},
		{"garbage is not remembered", etag("<html>", `"3"`), "good 2", false, "the content is refused"},
		{"the same with a new tag", etag("good 2", `"4"`), "good 2", false, ""},
		{"truncated", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("good but cut"))
		}, "good 2", false, "read the answer: unexpected EOF"},
		{"too large", write("good" + strings.Repeat("x", 1000)), "good 2", false, "more than 1000 bytes"},
		{"as large as may be", write("good" + strings.Repeat("x", 996)), "good" + strings.Repeat("x", 996), true, ""},
		{"packed", write(zipped("good 5")), "good 5", true, ""},
		{"packed and cut", write(zipped("good 6")[:20]), "good 5", false, "unpack: unexpected EOF"},
		{"a packed bomb", write(zipped("good" + strings.Repeat("x", 100_000))), "good 5", false, "unpack: the content has more than 1000 bytes"},
		{"sent packed", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Error("the request does not offer to take it packed")
			}
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte(zipped("good 7")))
		}, "good 7", true, ""},
		{"no content", status(204), "good 7", false, "the server answers 204 No Content"},
		{"moved", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/list.txt" {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
				return
			}
			_, _ = w.Write([]byte("good 8"))
		}, "good 8", true, ""},
		{"moved in circles", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/list.txt", http.StatusFound)
		}, "good 8", false, "more than 5 redirects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.answer.Store(http.HandlerFunc(c.answer))
			written, err := d.update(t.Context())
			if written != c.written {
				t.Errorf("written: %v, want %v", written, c.written)
			}
			if got := content(t, file); got != c.want {
				t.Errorf("the file holds %.30q, want %.30q", got, c.want)
			}
			if (err != nil) != (c.wantErr != "") || err != nil && !strings.Contains(err.Error(), c.wantErr) {
				t.Errorf("error %v, want %q", err, c.wantErr)
			}
			if err != nil && (strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "/list.txt")) {
				t.Errorf("error %q, want one that names the source without its key", err)
			}
			if st := f.Status()[0]; !errors.Is(st.Err, err) || strings.Contains(st.URL, "secret") || st.File != file {
				t.Errorf("status %+v", st)
			}
		})
	}
	if strings.Contains(file, "secret") || !strings.HasSuffix(file, "-list.txt") {
		t.Errorf("the file is called %q, want list.txt and no key in it", file)
	}
}

func TestLastModified(t *testing.T) {
	s := newSite(t)
	at := "Tue, 01 Sep 2026 00:00:00 GMT"
	s.answer.Store(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Last-Modified", at)
		if r.Header.Get("If-Modified-Since") == at {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("good"))
	}))
	f := New(t.TempDir())
	f.Add(remote(s.URL))
	for i, want := range []bool{true, false} {
		if written, err := f.downloads[0].update(t.Context()); written != want || err != nil {
			t.Errorf("request %d: written %v, error %v; want %v", i, written, err, want)
		}
	}
}

// TestRestart starts on what an earlier run left, with the network and
// without.
func TestRestart(t *testing.T) {
	for _, c := range []struct {
		name    string
		between func(t *testing.T, file string)
		check   func([]byte) error
		want304 bool
	}{
		{"as it was left", func(*testing.T, string) {}, good, true},
		{"changed by somebody", func(t *testing.T, file string) { overwrite(t, file, "good, they say") }, good, false},
		{"without its note", func(t *testing.T, file string) { overwrite(t, file+".json", "") }, good, false},
		{"now refused", func(*testing.T, string) {}, func(data []byte) error {
			if string(data) == "good 1" {
				return errors.New("no longer good enough")
			}
			return nil
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			s.serve("good 1", `"1"`)
			dir := t.TempDir()
			first := New(dir)
			file := first.Add(remote(s.URL))
			if err := first.Fill(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.between(t, file)
			s.answer.Store(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got := r.Header.Get("If-None-Match") == `"1"`; got != c.want304 {
					t.Errorf("the request names the version: %v, want %v", got, c.want304)
				}
				_, _ = w.Write([]byte("good 2"))
			}))
			second := New(dir)
			r := remote(s.URL)
			r.Check = c.check
			if again := second.Add(r); again != file {
				t.Errorf("the file is called %q, then %q", file, again)
			}
			if known := !second.Status()[0].CheckedAt.IsZero(); known != c.want304 {
				t.Errorf("the time of the last check is known: %v, want %v", known, c.want304)
			}
			before := s.requests.Load()
			if err := second.Fill(t.Context()); err != nil || s.requests.Load() != before {
				t.Errorf("filling what is there: error %v and %d requests, want none", err, s.requests.Load()-before)
			}
			if _, err := second.downloads[0].update(t.Context()); err != nil || content(t, file) != "good 2" {
				t.Errorf("the file holds %q (error %v), want the new content", content(t, file), err)
			}
		})
	}
}

func overwrite(t *testing.T, file, data string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFillNamesWhatIsMissing(t *testing.T) {
	s := newSite(t)
	s.answer.Store(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte("good"))
	}))
	f := New(t.TempDir())
	f.Add(remote(s.URL + "/bad"))
	file := f.Add(remote(s.URL + "/list"))
	err := f.Fill(t.Context())
	if err == nil || !strings.Contains(err.Error(), "/bad: the server answers 403") || strings.Contains(err.Error(), "/list") {
		t.Errorf("error %v, want one that names /bad alone", err)
	}
	if content(t, file) != "good" {
		t.Error("the good source was not downloaded")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Fill(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("with no time left: error %v", err)
	}
}

func TestOneSourceForTwoUses(t *testing.T) {
	s := newSite(t)
	s.serve("good 1", `"1"`)
	f := New(t.TempDir())
	a, b := remote(s.URL), remote(s.URL)
	b.Every, b.Check = time.Hour, func([]byte) error { return errors.New("not for me") }
	if f.Add(a) != f.Add(b) || len(f.Status()) != 1 {
		t.Error("the same URL is two sources")
	}
	if f.downloads[0].remote.Every != time.Hour {
		t.Error("the shorter interval does not count")
	}
	if err := f.Fill(t.Context()); err == nil || !strings.Contains(err.Error(), "not for me") {
		t.Errorf("error %v, want the second use's", err)
	}
}

func TestRedirectFromEncryption(t *testing.T) {
	request := func(url string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	err := checkRedirect(request("http://a.example/?key=x"), []*http.Request{request("https://a.example/")})
	if err == nil || strings.Contains(err.Error(), "key") {
		t.Errorf("a redirect from https to http: error %v, want one without the key", err)
	}
	if err := checkRedirect(request("https://a.example/"), []*http.Request{request("http://a.example/")}); err != nil {
		t.Errorf("a redirect from http to https: %v", err)
	}
}
