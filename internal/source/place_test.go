package source

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Place
		want string // of the errors, joined
	}{
		{"file", Place{File: "a"}, ""},
		{"url", Place{URL: "https://lists.example/a?key=1", Every: time.Hour}, ""},
		{"url with a user", Place{URL: "http://me:pw@lists.example:8080/a"}, ""},
		{"nothing", Place{}, "file: set a file or a url, one of them"},
		{"both", Place{File: "a", URL: "http://lists.example"}, "file: set a file or a url, one of them"},
		{"another scheme", Place{URL: "ftp://lists.example/a"}, `url: "ftp://lists.example/a" is not like http://host/path or https://host/path`},
		{"no host", Place{URL: "https:///a"}, `url: "https:///a" is not like http`},
		{"secrets stay secret", Place{URL: "ftp://me:pw@lists.example/a?key=1"}, `url: "ftp://lists.example/a?..." is not like http`},
		{"no URL", Place{URL: "http://me:pw@[::1"}, "url: is no URL"},
		{"too often", Place{URL: "http://lists.example", Every: time.Second}, "every: 1s is below 1m0s"},
		{"in the past", Place{URL: "http://lists.example", Every: -time.Hour}, "every: -1h0m0s is below 1m0s"},
		{"every for a file", Place{File: "a", Every: time.Hour}, "every: set without a url"},
	} {
		err := errors.Join(c.p.Mistakes()...)
		if (err != nil) != (c.want != "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: mistakes %v, want %q", c.name, err, c.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	if p := PlaceOf("https://lists.example/a", time.Hour); p != (Place{URL: "https://lists.example/a", Every: time.Hour}) {
		t.Errorf("a URL is %+v", p)
	}
	if p := PlaceOf("a/b.mmdb", time.Hour).In("/etc"); p != (Place{File: "/etc/a/b.mmdb"}) {
		t.Errorf("a relative path is %+v", p)
	}
	fetch := func(r Remote) string { return r.URL + " of " + r.Every.String() }
	if got := (Place{URL: "u", Every: time.Hour}).Local(1, nil, fetch); got != "u of 1h0m0s" {
		t.Errorf("a URL is read from %q", got)
	}
	if got := (Place{File: "f"}).Local(1, nil, fetch); got != "f" {
		t.Errorf("a file is read from %q", got)
	}
}
