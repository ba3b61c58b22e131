package redirect

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestCheckDomain(t *testing.T) {
	for domain, allowed := range map[string]bool{
		"shop.example": true, "*.shop.example": true, "Shop.Example": true, "localhost": true, "127.0.0.1": true, "[::1]": true,
		"": false, "com": false, "*.com": false, "*": false, ".shop.example": false, "shop.example.": false,
		"https://shop.example": false, "shop.example/": false, "shop.example:443": false, "bücher.example": false,
		"a b.example": false, "*.*.example": false, "user@shop.example": false,
	} {
		if err := CheckDomain(domain); (err == nil) != allowed {
			t.Errorf("CheckDomain(%q) says %v, want allowed: %v", domain, err, allowed)
		}
	}
}

func TestAdmit(t *testing.T) {
	hosts := NewHosts("shop.example", "*.Brand.example", "com", "127.0.0.1", "https://scheme.example")
	hosts = hosts.With(map[string]int{"late.example": 1})
	for _, test := range []struct{ name, url, host string }{
		{"the domain", "https://shop.example/a?b=c#d", "shop.example"},
		{"no path", "http://shop.example", "shop.example"},
		{"a subdomain", "https://a.b.shop.example/", "a.b.shop.example"},
		{"upper case", "HTTPS://WWW.Shop.EXAMPLE/A", "www.shop.example"},
		{"a starred domain itself", "https://brand.example/", "brand.example"},
		{"added later", "https://late.example/", "late.example"},
		{"an address", "http://127.0.0.1/", "127.0.0.1"},
		{"explicit port of https", "https://shop.example:443/", "shop.example"},
		{"explicit port of http", "http://shop.example:80/", "shop.example"},
		{"query behind the host", "https://shop.example?@evil.example/", "shop.example"},
		{"as many parameters as allowed", "https://shop.example/?" + strings.Repeat("&", maxRequestedParams-1), "shop.example"},
		{"bytes to encode", "https://shop.example/a b\"é", "shop.example"},

		{"nothing", "", ""},
		{"another host", "https://evil.example/", ""},
		{"the domain as an ending", "https://evilshop.example/", ""},
		{"the domain as a beginning", "https://shop.example.evil.example/", ""},
		{"a domain above", "https://example/", ""},
		{"a refused domain admits nothing", "https://evil.com/", ""},
		{"nor one with a scheme", "https://scheme.example/", ""},
		{"user name", "https://shop.example@evil.example/", ""},
		{"user name on the host itself", "https://evil@shop.example/", ""},
		{"backslash for a slash", `https://evil.example\.shop.example/`, ""},
		{"backslash as scheme slashes", `https:\\evil.example/`, ""},
		{"backslash in the path", `https://shop.example/\evil.example`, ""},
		{"tab in the scheme", "ht\ttps://shop.example/", ""},
		{"tab in the path", "https://shop.example/\ta", ""},
		{"line break", "https://shop.example/\r\nSet-Cookie:a=b", ""},
		{"NUL", "https://shop.example/\x00", ""},
		{"DEL", "https://shop.example/\x7f", ""},
		{"space in front", " https://shop.example/", ""},
		{"space in the host", "https://evil.example .shop.example/", ""},
		{"script", "javascript://shop.example/%0aalert(1)", ""},
		{"data", "data:text/html,https://shop.example/", ""},
		{"relative to the scheme", "//shop.example/", ""},
		{"relative", "/shop.example/", ""},
		{"one slash", "https:/shop.example/", ""},
		{"three slashes", "https:///shop.example/", ""},
		{"other port", "https://shop.example:8443/", ""},
		{"the other scheme's port", "http://shop.example:443/", ""},
		{"empty port", "https://shop.example:/", ""},
		{"port with a user name", "https://shop.example:443@evil.example/", ""},
		{"final dot", "https://shop.example./", ""},
		{"escaped dot", "https://evil%2eshop.example/", ""},
		{"ideographic dot", "https://evil.example。shop.example/", ""},
		{"full-width letters", "https://ｓhop.example/", ""},
		{"label below an address", "https://evil.127.0.0.1/", ""},
		{"semicolon", "https://evil.example;.shop.example/", ""},
		{"brackets", "https://[evil.example].shop.example/", ""},
		{"too long", "https://shop.example/" + strings.Repeat("a", MaxURL), ""},
		{"too many parameters", "https://shop.example/?" + strings.Repeat("&", maxRequestedParams), ""},
		{"too long once encoded", "https://shop.example/" + strings.Repeat("é", MaxURL/5), ""},
	} {
		authority, host, ok := hosts.Admit(test.url)
		if ok != (test.host != "") || host != test.host || authority != test.host {
			t.Errorf("%s: Admit(%.60q) = %q, %q, %v, want host %q", test.name, test.url, authority, host, ok, test.host)
		}
	}
}

// A host stays as long as somebody names it, and sets of before stay as they were.
func TestHostsCountUses(t *testing.T) {
	one := NewHosts("a.example", "*.A.example", "b.example")
	for _, step := range []struct {
		uses map[string]int
		a, b bool
	}{
		{map[string]int{"a.example": -1}, true, true},
		{map[string]int{"A.example": -2}, false, true},
		{map[string]int{"b.example": -1, "com": 1}, true, false},
		{map[string]int{"a.example": 0, "b.example": 2}, true, true},
		{map[string]int{"c.example": -1}, true, true},
	} {
		next := one.With(step.uses)
		if next.Has("a.example") != step.a || next.Has("b.example") != step.b || next.Has("c.example") {
			t.Errorf("%v: has a %v and b %v, want %v and %v, and never c", step.uses, next.Has("a.example"), next.Has("b.example"), step.a, step.b)
		}
		if !one.Has("a.example") || !one.Has("b.example") {
			t.Fatalf("%v changed the set it was made from", step.uses)
		}
	}
}

func TestAdmitNothing(t *testing.T) {
	for name, hosts := range map[string]*Hosts{"nil": nil, "empty": NewHosts()} {
		if _, _, ok := hosts.Admit("https://shop.example/"); ok {
			t.Errorf("a set that is %s admits a URL", name)
		}
		if hosts.Has("shop.example") {
			t.Errorf("a set that is %s has a host", name)
		}
	}
}

func TestAppendRequested(t *testing.T) {
	for _, test := range []struct{ name, template, url, want string }{
		{"as it is", "", "https://shop.example/a?b=c&&d#e", "https://shop.example/a?b=c&&d&utm=1#e"},
		{"without query", "", "https://shop.example/a", "https://shop.example/a?utm=1"},
		{"encoded where it must be", "", "https://shop.example/a b\"<é>%41%?q=\x80'`{tx_id}#f g",
			"https://shop.example/a%20b%22%3C%C3%A9%3E%41%25?q=%80%27%60%7Btx_id%7D&utm=1#f%20g"},
		{"its own parameter is not repeated", "", "https://shop.example/?%75tm=2", "https://shop.example/?%75tm=2"},
		{"the template's parameters come along", "https://brand.example/land?click={keyword}&src=net#x", "https://shop.example/a?b=c#d",
			"https://shop.example/a?b=c&click=red%20shoes&src=net&utm=1#d"},
		{"and cannot be forged", "https://brand.example/?click={keyword}", "https://shop.example/?click=1&b=2&%63lick=3&clicks=4&c+lick",
			"https://shop.example/?b=2&clicks=4&c+lick&click=red%20shoes&utm=1"},
		{"an unnamed parameter stays behind", "https://brand.example/?{keyword}&&a=1", "https://shop.example/", "https://shop.example/?a=1&utm=1"},
		{"nor does it displace one of the URL", "https://brand.example/?{keyword}", "https://shop.example/?=1&b", "https://shop.example/?=1&b&utm=1"},
		{"names are compared decoded", "https://brand.example/?a%20b={keyword}", "https://shop.example/?a+b=1&a%20b=2&c=3", "https://shop.example/?c=3&a%20b=red%20shoes&utm=1"},
		{"the template's name is not repeated", "https://brand.example/?utm=9", "https://shop.example/", "https://shop.example/?utm=9"},
	} {
		c := &click.Click{Keyword: "red shoes", Params: []click.Param{{Name: "utm", Value: "1"}, {Name: "keyword", Claimed: true}}}
		var tpl *Template
		if test.template != "" {
			tpl, _ = Compile(test.template)
		}
		if _, _, ok := NewHosts("shop.example").Admit(test.url); !ok {
			t.Errorf("%s: %q is not admitted", test.name, test.url)
		}
		got := string(tpl.AppendRequested([]byte("kept "), test.url, c, Pass{})[len("kept "):])
		if got != test.want {
			t.Errorf("%s: %q\n got %q\nwant %q", test.name, test.url, got, test.want)
		}
	}
}

func TestAppendRequestedBounds(t *testing.T) {
	for _, end := range []string{"", "#end", "#\u00e9"} {
		size := escapedLen("https://shop.example/?a=&utm=1"+end, inURL)
		url := "https://shop.example/?a=" + strings.Repeat("a", MaxURL-size) + end
		for value, want := range map[string]bool{"1": true, "12": false} {
			c := &click.Click{Params: []click.Param{{Name: "utm", Value: value}}}
			got := string((*Template)(nil).AppendRequested([]byte("kept "), url, c, Pass{})[len("kept "):])
			if has := strings.Contains(got, "utm"); has != want || len(got) > MaxURL {
				t.Errorf("utm=%s before %q: passed on: %v, %d bytes; want %v, at most %d bytes", value, end, has, len(got), want, MaxURL)
			}
		}
	}
}
