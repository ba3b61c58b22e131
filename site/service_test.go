package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/testdata"
)

func write(tb testing.TB, path, data string) string {
	tb.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// serviceOf opens a list of one category.
func serviceOf(tb testing.TB, list string) *Service {
	tb.Helper()
	path := write(tb, filepath.Join(tb.TempDir(), "list.txt"), list)
	s, err := Open(Options{Lists: []List{{File: path, Category: "fraud"}}})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

const spamList = `# spam
semalt.com
Deep.Spam.Example ; three labels
*.stars.example
.dots.example.
купить.рф
xn--mnchen-3ya.de
straße.example
under_score.example
192.0.2.7
`

func TestLookup(t *testing.T) {
	s := serviceOf(t, spamList)
	for url, want := range map[string]bool{
		"http://semalt.com":                                    true,
		"https://semalt.com/a?b=c#d":                           true,
		"https://semalt.com?b":                                 true,
		"https://semalt.com#b":                                 true,
		"https://www.semalt.com/":                              true,
		"https://a.b.c.d.e.f.g.semalt.com/":                    true,
		"HTTPS://WWW.Semalt.COM/":                              true,
		"https://semalt.com:8443/":                             true,
		"https://semalt.com./":                                 true,
		"https://semalt.com..":                                 true,
		"https://me:secret@semalt.com/":                        true,
		"https://good.example@semalt.com/":                     true,
		"https://a@b@semalt.com/":                              true,
		"//semalt.com/x":                                       true,
		"semalt.com":                                           true,
		"semalt.com/x":                                         true,
		"semalt.com:80/x":                                      true,
		" \thttps://semalt.com/":                               true,
		"https:\\\\semalt.com\\x":                              true,
		"https:///semalt.com/":                                 true,
		"android-app://semalt.com/":                            true,
		"https://deep.spam.example/":                           true,
		"https://x.deep.spam.example/":                         true,
		"https://stars.example/":                               true,
		"https://any.stars.example/":                           true,
		"https://dots.example/":                                true,
		"https://xn--j1aeebc2b.xn--p1ai/":                      false, // another name
		"https://xn--j1ail3b4a.xn--p1ai.example/":              false,
		"https://купить.рф/x":                                  true,
		"https://www.КУПИТЬ.РФ/":                               true,
		"https://купить。рф/":                                   true,
		"https://xn--mnchen-3ya.de/":                           true,
		"https://münchen.de/":                                  true,
		"https://MÜNCHEN.de/":                                  true,
		"https://xn--strae-oqa.example/":                       true,
		"https://strasse.example/":                             false, // another name since IDNA 2008
		"https://under_score.example/":                         true,
		"http://192.0.2.7/x":                                   true,
		"https://evilsemalt.com/":                              false,
		"https://semalt.com.example/":                          false,
		"https://semalt.comx/":                                 false,
		"https://semalt/":                                      false,
		"https://com/":                                         false,
		"https://spam.example/":                                false,
		"https://good.example/?u=https://semalt.com/":          false,
		"https://good.example/semalt.com":                      false,
		"https://good.example\\@semalt.com/":                   false,
		"https://good.example#@semalt.com/":                    false,
		"https://semalt.com@good.example/":                     false,
		"https://semalt.com:x@good.example/":                   false,
		"https://[::1]/":                                       false,
		"https://[semalt.com]/":                                false,
		"https://[x.semalt.com/":                               false,
		"https://":                                             false,
		"https://.":                                            false,
		"mailto:a@good.example":                                false,
		"about:blank":                                          false,
		"":                                                     false,
		"\x00\xff":                                             false,
		"https://" + strings.Repeat("a.", 200) + "semalt.com/": false, // no host is that long
		"https://" + strings.Repeat("Ü.", 120) + "semalt.com/": false,
	} {
		if got := s.Lookup(url) == click.CategoryFraud; got != want {
			t.Errorf("%q is listed: %v, want %v", url, got, want)
		}
	}
}

func TestBothFormsOfAName(t *testing.T) {
	list, err := parseList("l", []byte("купить.рф\n"))
	if err != nil || len(list) != 2 || !strings.HasPrefix(list[0], "xn--") || list[1] != "купить.рф" {
		t.Fatalf("the list holds %q (error %v), want both forms", list, err)
	}
	s := serviceOf(t, list[0]+"\n")
	for _, host := range list {
		if s.Lookup("https://www."+host+"/") != click.CategoryFraud {
			t.Errorf("a list with the one form does not know %q", host)
		}
	}
}

func TestNothingKnown(t *testing.T) {
	var none *Service
	empty, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Service{"nil": none, "without lists": empty} {
		if s.Known() || s.Lookup("https://semalt.com/") != 0 {
			t.Errorf("a service that is %s knows something", name)
		}
	}
	commented := serviceOf(t, "# none today\n")
	if !commented.Known() || commented.Lookup("https://semalt.com/") != 0 {
		t.Error("with a list that is empty on purpose, sites are not known to be on none")
	}
}

func TestParseListMistakes(t *testing.T) {
	for data, want := range map[string]string{
		"":                                     "the file is empty",
		"a.example\ncom\n":                     `l.txt:2: "com" is a whole top-level domain`,
		"http://a.example/\n":                  `l.txt:1: "http://a.example/" is not a domain such as spam.example`,
		"a.example b.example\n":                "is not a domain",
		"a..example\n":                         "is not a domain",
		"-\xff.example\n":                      "is not a domain",
		"*\n":                                  "is not a domain",
		"..\n":                                 "is not a domain",
		"a.*.example\n":                        "is not a domain",
		strings.Repeat("a", 64) + ".example\n": "is not a domain",
		strings.Repeat("aaaaaaa.", 40) + "example\n":      `..." is not a domain`,
		strings.Repeat("<p>\n", 25):                       "l.txt: 5 more bad lines",
		"xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzz99999.example\n": "is not a domain",
	} {
		if _, err := parseList("l.txt", []byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q gives error %v, want one with %q", data, err, want)
		}
		if (Check([]byte(data)) == nil) != (want == "") {
			t.Errorf("Check(%.40q) passes", data)
		}
	}
	if err := Check([]byte(spamList)); err != nil {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	err := Options{
		Lists: []List{{Category: "fraud"}, {URL: "ftp://x.example/a", Category: "nice"}, {File: "ok", Category: "fraud"}},
		Every: 1, Poll: -1,
	}.Validate()
	want := []string{
		"lists[0].file: set a file or a url, one of them",
		`lists[1].url: "ftp://x.example/a" is not like http://host/path or https://host/path`,
		`lists[1].category: "nice" is not one of fraud`,
		"every: 1ns is below 1m0s",
		"poll: -1ns is below 0",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("the mistakes are\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
	if s, err := Open(Options{Poll: -1}); s != nil || err == nil {
		t.Error("wrong options open")
	}
	if s, err := Open(Options{Lists: []List{{URL: "https://u:p@x.example/a", Category: "fraud"}}}); s != nil || err == nil || strings.Contains(err.Error(), "u:p") {
		t.Errorf("a URL opens, or shows its password: %v", err)
	}
}

func TestReload(t *testing.T) {
	s := serviceOf(t, "a.example\n")
	path := s.Status()[0].Path
	write(t, path, "b.example\nc.example\n")
	if err := s.Reload(); err != nil || s.Lookup("a.example") != 0 || s.Lookup("b.example") == 0 {
		t.Errorf("after a change: error %v, the old domain is listed: %v, the new one: %v", err, s.Lookup("a.example"), s.Lookup("b.example"))
	}
	write(t, path, "<html>\n")
	if err := s.Reload(); err == nil || s.Lookup("b.example") == 0 {
		t.Errorf("after a broken change: error %v, the former list serves: %v", err, s.Lookup("b.example"))
	}
	st := s.Status()[0]
	if st.Err == nil || !st.Loaded || st.LoadedAt.IsZero() || st.Entries != 2 || st.Category != "fraud" {
		t.Errorf("the status is %+v", st)
	}
}

func TestPublicList(t *testing.T) {
	data := testdata.Read(t, "referrers/matomo-spammers.txt")
	s := serviceOf(t, string(data))
	lines := strings.Fields(string(data))
	if st := s.Status()[0]; len(lines) != 2347 || st.Entries < len(lines) {
		t.Errorf("%d lines give %d entries, want 2347 and no fewer", len(lines), st.Entries)
	}
	listed := make(map[string]bool)
	for _, domain := range lines {
		listed[strings.ToLower(domain)] = true
	}
	for _, domain := range lines {
		if s.Lookup("https://www."+strings.ToUpper(domain)+":443/x") == 0 {
			t.Errorf("%q is not listed", domain)
		}
		if s.Lookup("http://"+domain+".example/") != 0 {
			t.Errorf("%q is listed below another domain", domain)
		}
		_, parent, _ := strings.Cut(domain, ".")
		if s.Lookup("http://x"+domain+"/") != 0 && !listed["x"+domain] && !listed[parent] {
			t.Errorf("%q is listed with an x before it", domain)
		}
	}
}
