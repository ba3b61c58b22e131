package redirect

import (
	"net/url"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// FuzzTemplate fills templates with whatever a visitor may send.
func FuzzTemplate(f *testing.F) {
	for _, template := range []string{
		"https://shop.example/{raw:sub_id}/{sub_id}?a={raw:param:x}&{keyword}#{raw:referer}", "http://[::1]:81?{tx_id}", "https://a.example#{raw:sub_id}",
		"https://a.example/{{sub_id}}{\"a\":1}?&&=", "https://a.example:{sub_id}/", "{raw:site_url}", typicalTemplate,
	} {
		for _, value := range []string{"", "..", "/../x", "//evil.example", "%2e%2e/", "a b\r\nX: y\x00\x7f\xff", "?a#b&c=d", "\\\"'<>"} {
			f.Add(template, value, value)
		}
	}
	f.Fuzz(func(t *testing.T, template, value, name string) {
		tpl, err := Compile(template)
		if err != nil {
			return
		}
		got := string(tpl.Append(nil, stuffed(value, name), Pass{}))
		for i := range len(got) {
			if got[i] <= ' ' || got[i] == 0x7f {
				t.Fatalf("byte %#02x at %d of %q", got[i], i, got)
			}
		}
		o, err := templateOrigin(template)
		if err != nil {
			t.Fatalf("template %q compiles and has no origin: %v", template, err)
		}
		origin := template[:o.end]
		rest, kept := strings.CutPrefix(got, origin)
		if !kept || rest != "" && !strings.Contains("/?#", rest[:1]) {
			t.Fatalf("the origin of %q is not %q", got, origin)
		}
		if u, err := url.Parse(got); err == nil && !strings.EqualFold(u.Scheme+"://"+u.Host, origin) {
			t.Fatalf("%q leads to %s://%s, want %s", got, u.Scheme, u.Host, origin)
		}
		if n, want := strings.Count(got, "#"), strings.Count(template, "#"); n != want {
			t.Fatalf("%q has %d '#', want %d", got, n, want)
		}
		if !strings.Contains(template, "{") && !strings.HasPrefix(got, strings.Split(template, "#")[0]) {
			t.Fatalf("template %q became %q", template, got)
		}
	})
}

// stuffed is a click that says value everywhere.
func stuffed(value, name string) *click.Click {
	return &click.Click{
		Offer: value, Publisher: value, Advertiser: value, LandingPage: value,
		SubID:    [6]string{value, value, value, value, value, value},
		DeviceID: value, Keyword: value, ExternalTransactionID: value, BundleID: value, SiteURL: value,
		Referer: value, UserAgent: value, AcceptLanguage: value, UUID: value,
		Geo:    click.Geo{Country: value, City: value, ISP: value},
		Device: &click.Device{BrowserName: value, BrowserVersion: value, OSName: value, OSVersion: value, Type: value},
		Params: []click.Param{{Name: name, Value: value}, {Name: "x", Value: value}},
	}
}

// FuzzDeepLink looks for a URL that is admitted and leads elsewhere.
func FuzzDeepLink(f *testing.F) {
	for _, seed := range []string{
		"https://shop.example/a?b=c#d", "HTTP://A.Shop.Example:80", "https://shop.example@evil.example/", `https://evil.example\.shop.example`,
		"https:\\\\evil.example/", "https://shop.example/\t", "https://shop.example%2eevil.example/", "https://shop.example/?a=%zz&tx=1 é",
		"https://shop.example:443@evil.example", "https:///evil.example", "//shop.example", "https://shop.example?#/?",
	} {
		f.Add(seed)
	}
	hosts := NewHosts("shop.example")
	tpl, err := Compile("https://brand.example/?tx={tx_id}")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, link string) {
		_, host, ok := hosts.Admit(link)
		if !ok {
			return
		}
		for _, tpl := range []*Template{nil, tpl} {
			got := string(tpl.AppendRequested(nil, link, stuffed(link, link), Pass{}))
			if got := browserHost(got); got != host || got != "shop.example" && !strings.HasSuffix(got, ".shop.example") {
				t.Fatalf("%q was admitted for %q and leads to %q", link, host, got)
			}
			for i := range len(got) {
				if got[i] <= ' ' || got[i] >= 0x7f {
					t.Fatalf("byte %#02x at %d of %q", got[i], i, got)
				}
			}
			if len(got) > MaxURL+len("?tx=")+32 {
				t.Fatalf("%d bytes, want at most %d", len(got), MaxURL)
			}
		}
	})
}

// browserHost is where a browser goes: the WHATWG reading, which forgives
// white space, backslashes, missing and surplus slashes.
func browserHost(link string) string {
	link = strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(strings.TrimFunc(link, func(r rune) bool { return r <= ' ' }))
	_, rest, found := strings.Cut(link, ":")
	if !found {
		return ""
	}
	rest = strings.TrimLeft(rest, "/")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	host, _, _ := strings.Cut(rest, ":")
	return strings.ToLower(host)
}
