package site

import (
	"net/url"
	"strings"
	"testing"
)

func FuzzParseList(f *testing.F) {
	f.Add([]byte(spamList))
	f.Add([]byte("\ufeffxn--a.example\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := parseList("l", data)
		if err != nil {
			return
		}
		for _, name := range list {
			if name == "" || name != strings.Trim(name, ".* /:@") || !strings.Contains(name, ".") {
				t.Errorf("%q holds %q", data, name)
			}
		}
	})
}

// FuzzLookup compares the host with that of net/url where it takes the URL.
func FuzzLookup(f *testing.F) {
	for _, u := range []string{"https://me@www.Semalt.com:80/x?y#z", "//x", "semalt.com:1", "http://[::1]:80/", "https://купить.рф."} {
		f.Add(u)
	}
	s := serviceOf(f, spamList)
	f.Fuzz(func(t *testing.T, text string) {
		s.Lookup(text)
		u, err := url.Parse(text)
		if err != nil || u.Scheme == "" || u.Opaque != "" || u.Host == "" || strings.ContainsAny(text, "\\[%") || strings.Contains(u.Hostname(), ":") || strings.Contains(text, ":///") {
			return
		}
		want := strings.TrimRight(u.Hostname(), ". ")
		if got := hostOf(text); got != want && !strings.HasPrefix(u.Host, "/") {
			t.Errorf("the host of %q is %q, want %q", text, got, want)
		}
	})
}
