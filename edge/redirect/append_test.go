package redirect

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// sample is a click with a value for every macro.
func sample() *click.Click {
	c := &click.Click{
		TimeMS: 1767323045678, IP: netip.MustParseAddr("2001:db8::1"),
		UserAgent: "Mozilla/5.0 (X11)", Referer: "https://blog.example/?a=b&c", AcceptLanguage: "de,en;q=0.5",
		Offer: "o-raw", Publisher: "p-raw", Advertiser: "a-raw", LandingPage: "l-raw",
		SubID: [6]string{"s 1", "s2", "s3", "s4", "s5", "s6"}, DeviceID: "dev", Keyword: "red shoes",
		ExternalTransactionID: "ext", BundleID: "com.app", SiteURL: "https://site.example/", UUID: "uu",
		Link: click.Link{IntegrationID: "int", OfferNumber: "1", OfferName: "Offer & Co", PublisherNumber: "2",
			PublisherName: "Pub", AdvertiserNumber: "3", AdvertiserName: "Adv", LandingPageNumber: "4"},
		Geo:    click.Geo{Country: "DE", City: "Köln", ISP: "Telekom AG", ASN: 3320},
		Device: &click.Device{BrowserName: "Firefox", BrowserVersion: "140.0", OSName: "Linux", OSVersion: "6.1", Type: "Computer"},
		Params: []click.Param{
			{Name: "offer_id", Value: "o-raw", Claimed: true}, {Name: "sub_id", Value: "s 1", Claimed: true},
			{Name: "utm", Value: "a b&c"}, {Name: "empty", Value: ""}, {Name: "x[]", Value: "1"}, {Name: "x[]", Value: "2"},
		},
	}
	copy(c.TxID[:], "0123456789abcdef0123456789abcdef")
	c.Verdict.Reject(click.ClickFlooding, "")
	c.Verdict.Payout, c.Verdict.Revenue = money.MustParse("0.25"), money.MustParse("3")
	return c
}

// noExtras is a Pass with everything but extra parameters let through.
var noExtras = NewPass(&config.LimitedURLParameters{Advertiser: true, DeviceID: true, Offer: true, Publisher: true, SubID: true}, config.ClickParameters{})

func expand(t *testing.T, template string, c *click.Click, pass Pass) string {
	t.Helper()
	tpl, err := Compile(template)
	if err != nil {
		t.Fatal(err)
	}
	return string(tpl.Append([]byte("kept "), c, pass)[len("kept "):])
}

func TestMacroValues(t *testing.T) {
	values := map[string]string{
		"tx_id": "0123456789abcdef0123456789abcdef", "click_id": "0123456789abcdef0123456789abcdef",
		"transaction_id": "0123456789abcdef0123456789abcdef",
		"offer_id":       "1", "offer_name": "Offer%20%26%20Co", "publisher_id": "2", "publisher_name": "Pub",
		"advertiser_id": "3", "advertiser_name": "Adv", "landing_page_id": "4", "integration_id": "int",
		"sub_id": "s%201", "sub_id_2": "s2", "sub_id_3": "s3", "sub_id_4": "s4", "sub_id_5": "s5", "sub_id_6": "s6",
		"device_id": "dev", "keyword": "red%20shoes", "external_transaction_id": "ext", "bundle_id": "com.app",
		"site_url": "https%3A%2F%2Fsite.example%2F", "uuid": "uu",
		"referer":    "https%3A%2F%2Fblog.example%2F%3Fa%3Db%26c",
		"user_agent": "Mozilla%2F5.0%20%28X11%29", "browser_languages": "de%2Cen%3Bq%3D0.5", "click_ip": "2001%3Adb8%3A%3A1",
		"geo_country": "DE", "country": "DE", "geo_city": "K%C3%B6ln", "city": "K%C3%B6ln", "isp": "Telekom%20AG", "asn": "3320",
		"os": "Linux", "os_version": "6.1", "browser": "Firefox", "browser_version": "140.0", "device_type": "Computer",
		"date_time": "2026-01-02T03%3A04%3A05Z", "unix_time": "1767323045",
		"status": "rejected", "rejection_reason": "CLICK_FLOODING", "payout": "0.25", "revenue": "3",
	}
	for _, name := range MacroNames() {
		got := expand(t, "https://shop.example/?v={"+name+"}", sample(), Pass{withheld: noExtras.withheld})
		got = strings.TrimPrefix(got, "https://shop.example/?v=")
		if name == "random" {
			if !regexp.MustCompile(`^[0-9]{1,20}$`).MatchString(got) {
				t.Errorf("{random} is %q, want a number", got)
			}
			continue
		}
		if want, listed := values[name]; !listed || got != want {
			t.Errorf("{%s} is %q, want %q", name, got, want)
		}
	}
}

// A click of which nothing is known fills macros with nothing.
func TestMacroValuesUnknown(t *testing.T) {
	var bare click.Click
	for _, name := range MacroNames() {
		got := expand(t, "https://shop.example/?v={"+name+"}", &bare, Pass{})
		got = strings.TrimPrefix(got, "https://shop.example/?v=")
		switch name {
		case "tx_id", "click_id", "transaction_id", "random", "date_time", "unix_time", "status", "payout", "revenue":
			if got == "" {
				t.Errorf("{%s} of an empty click is empty, want a value", name)
			}
		default:
			if got != "" {
				t.Errorf("{%s} of an empty click is %q, want nothing", name, got)
			}
		}
	}
	unresolved := &click.Click{Offer: "o", Publisher: "p", Advertiser: "a", LandingPage: "l"}
	const template = "https://shop.example/{offer_id}/{publisher_id}/{advertiser_id}/{landing_page_id}"
	if got, want := expand(t, template, unresolved, Pass{}), "https://shop.example/o/p/a/l"; got != want {
		t.Errorf("ids that did not resolve: %q, want the raw values in %q", got, want)
	}
}

func TestAppendKeepsBytes(t *testing.T) {
	for _, template := range []string{
		"https://shop.example", "HTTP://Shop.Example:8443/a/../b//c/./", "https://shop.example/%7e%7E?%20+&&=&a;b&#/r?x=1#y",
		"https://shop.example/?", "https://shop.example/#", "https://shop.example/?a={}&b={\"c\":1}&d={1}&e={sub_id&f=}",
		"https://shop.example/ü?q=ü", "https://shop.example/?{{}}{a-b}{:}", "https://shop.example?next=https://b.example/?c=d&e=f",
	} {
		if got := expand(t, template, sample(), noExtras); got != withMapped(template) {
			t.Errorf("template %q became\n%q", template, got)
		}
	}
}

// withMapped is template with what noExtras appends for sample.
func withMapped(template string) string {
	const values = "offer_id=o-raw&publisher_id=p-raw&advertiser_id=a-raw&device_id=dev" +
		"&sub_id=s%201&sub_id_2=s2&sub_id_3=s3&sub_id_4=s4&sub_id_5=s5&sub_id_6=s6"
	head, fragment, found := strings.Cut(template, "#")
	switch {
	case !strings.Contains(head, "?"):
		head += "?"
	case !strings.HasSuffix(head, "?") && !strings.HasSuffix(head, "&"):
		head += "&"
	}
	head += values
	if found {
		head += "#" + fragment
	}
	return head
}

func TestAppendRaw(t *testing.T) {
	for _, test := range []struct{ name, template, value, want string }{
		{"query: structure passes", "?a={raw:sub_id}", "1&b=2?c=/d:e@f+g%20", "?a=1&b=2?c=/d:e@f+g%20"},
		{"query: nothing that ends it", "?a={raw:sub_id}", "1#x", "?a=1%23x"},
		{"query: nothing that harms", "?a={raw:sub_id}", " \r\n\x00\x7f\\\"'<>`{}|^é\xff", "?a=%20%0D%0A%00%7F%5C%22%27%3C%3E%60%7B%7D%7C%5E%C3%A9%FF"},
		{"query: no half escape", "?a={raw:sub_id}b", "50%&%4", "?a=50%25&%254b"},
		{"fragment", "#/a?b={raw:sub_id}", "1/2?3&4#", "#/a?b=1/2?3&4%23"},
		{"path: segments pass", "/p/{raw:sub_id}", "a/b;c=1", "/p/a/b;c=1"},
		{"path: nothing that ends it", "/p/{raw:sub_id}", "a?b#c", "/p/a%3Fb%23c"},
		{"path: no climbing", "/p/{raw:sub_id}", "../admin", "/p/..%2Fadmin"},
		{"path: no climbing in the middle", "/p/{raw:sub_id}", "a/../../admin", "/p/a%2F..%2F..%2Fadmin"},
		{"path: no climbing by escapes", "/p/{raw:sub_id}", "a/%2e%2E/b", "/p/a%2F%252e%252E%2Fb"},
		{"path: no climbing at the end", "/p/{raw:sub_id}", "a/..", "/p/a%2F.."},
		{"path: dots alone", "/p/{raw:sub_id}/x", "..", "/p//x"},
		{"path: a single dot is resolved too", "/p/{raw:sub_id}", "a/./b", "/p/a%2F.%2Fb"},
		{"path: three dots in the middle", "/p/{raw:sub_id}", "a/.../b", "/p/a/.../b"},
		{"path: three dots are a name", "/p/{raw:sub_id}/x", "...", "/p/.../x"},
		{"path: no second slash at the start", "/{raw:sub_id}", "/evil.example", "/%2Fevil.example"},
		{"path: a slash elsewhere", "/p{raw:sub_id}", "/q", "/p/q"},
		{"encoded path: dots alone", "/p/{sub_id}/x", "..", "/p//x"},
		{"encoded path: one dot", "/p/{sub_id}/x", ".", "/p//x"},
		{"encoded path: slashes", "/p/{sub_id}", "../x", "/p/..%2Fx"},
		{"encoded query: dots", "?a={sub_id}", "..", "?a=.."},
		{"address", "?a={raw:click_ip}", "", "?a=2001:db8::1"},
	} {
		c := sample()
		c.SubID[0], c.Params = test.value, nil
		got := strings.TrimPrefix(expand(t, "https://shop.example"+test.template, c, Pass{}), "https://shop.example")
		if got != test.want {
			t.Errorf("%s: %s with %q\n got %q\nwant %q", test.name, test.template, test.value, got, test.want)
		}
	}
}

func TestAppendPass(t *testing.T) {
	all := &config.LimitedURLParameters{Advertiser: true, DeviceID: true, ExtraParameters: true, Offer: true, Publisher: true, SubID: true}
	const extras = "utm=a%20b%26c&empty=&x%5B%5D=1&x%5B%5D=2"
	for _, test := range []struct {
		name, template string
		limits         *config.LimitedURLParameters
		names          config.ClickParameters
		want           string
	}{
		{"absent: extra parameters, in order", "https://shop.example/", nil, config.ClickParameters{}, "https://shop.example/?" + extras},
		{"behind a query", "https://shop.example/?a=1", nil, config.ClickParameters{}, "https://shop.example/?a=1&" + extras},
		{"behind an open query", "https://shop.example/?a=1&", nil, config.ClickParameters{}, "https://shop.example/?a=1&" + extras},
		{"before the fragment", "https://shop.example/#top{sub_id_2}", nil, config.ClickParameters{}, "https://shop.example/?" + extras + "#tops2"},
		{"a name of the template is not repeated", "https://shop.example/?%75tm=1&x%5b%5d={offer_id}", nil, config.ClickParameters{},
			"https://shop.example/?%75tm=1&x%5b%5d=1&empty="},
		{"a name that a macro makes is another one", "https://shop.example/?utm{sub_id_2}=1", nil, config.ClickParameters{},
			"https://shop.example/?utms2=1&" + extras},
		{"nor a parameter that a macro takes", "https://shop.example/{param:utm}?y={param:empty}", nil, config.ClickParameters{},
			"https://shop.example/a%20b%26c?y=&x%5B%5D=1&x%5B%5D=2"},
		{"raw and encoded", "https://shop.example/?a={raw:param:utm}&b={param:utm}", nil, config.ClickParameters{},
			"https://shop.example/?a=a%20b&c&b=a%20b%26c&empty=&x%5B%5D=1&x%5B%5D=2"},
		{"nothing passes", "https://shop.example/?o={offer_id}{offer_name}&p={publisher_id}{publisher_name}&a={advertiser_id}{advertiser_name}" +
			"&d={device_id}&s={sub_id}{sub_id_2}{sub_id_3}{sub_id_4}{sub_id_5}{sub_id_6}&x={param:utm}&k={keyword}",
			&config.LimitedURLParameters{}, config.ClickParameters{}, "https://shop.example/?o=&p=&a=&d=&s=&x=&k=red%20shoes"},
		{"only extra", "https://shop.example/", &config.LimitedURLParameters{ExtraParameters: true}, config.ClickParameters{}, "https://shop.example/?" + extras},
		{"only the offer", "https://shop.example/", &config.LimitedURLParameters{Offer: true}, config.ClickParameters{}, "https://shop.example/?offer_id=o-raw"},
		{"all but what macros say", "https://shop.example/{publisher_id}?a={offer_id}#{sub_id}", all, config.ClickParameters{},
			"https://shop.example/2?a=1&advertiser_id=a-raw&device_id=dev&sub_id_2=s2&sub_id_3=s3&sub_id_4=s4&sub_id_5=s5&sub_id_6=s6&" + extras + "#s%201"},
		{"under the integration's names", "https://shop.example/?aff=1", &config.LimitedURLParameters{Offer: true, Publisher: true, DeviceID: true},
			config.ClickParameters{Offer: []string{"campaign", "c"}, Publisher: []string{"aff"}}, "https://shop.example/?aff=1&campaign=o-raw&device_id=dev"},
	} {
		got := expand(t, test.template, sample(), NewPass(test.limits, test.names))
		if got != test.want {
			t.Errorf("%s: %s\n got %q\nwant %q", test.name, test.template, got, test.want)
		}
	}
}

func TestAppendPassEmpty(t *testing.T) {
	c := &click.Click{Offer: "7"}
	if got, want := expand(t, "https://shop.example/", c, noExtras), "https://shop.example/?offer_id=7"; got != want {
		t.Errorf("got %q, want %q: values that the request lacks are not appended", got, want)
	}
}

// What steers the edge never travels, even if a mapping gave its name away.
func TestAppendKeepsControlParameters(t *testing.T) {
	c := &click.Click{}
	for _, name := range []string{"redirect_url", "fallback_url", "json", "no_redirect", "js_check_data", ""} {
		c.Params = append(c.Params, click.Param{Name: name, Value: "1"})
	}
	if got, want := expand(t, "https://shop.example/", c, Pass{}), "https://shop.example/"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAppendBounds(t *testing.T) {
	long := strings.Repeat("v", MaxURL-len("https://shop.example/?a=#end"))
	for _, test := range []struct{ name, value, want string }{
		{"fits", long, "https://shop.example/?a=" + long + "#end"},
		{"one byte too long is dropped, the next one is not", long + "v", "https://shop.example/?b=2#end"},
	} {
		c := &click.Click{Params: []click.Param{{Name: "a", Value: test.value}, {Name: "b", Value: "2"}}, Keyword: "end"}
		if got := expand(t, "https://shop.example/#{keyword}", c, Pass{}); got != test.want {
			t.Errorf("%s: got %d bytes ending in %q, want %d ending in %q",
				test.name, len(got), got[max(0, len(got)-20):], len(test.want), test.want[max(0, len(test.want)-20):])
		}
	}
}
