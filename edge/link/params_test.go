package link

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// parse reads query under the mapping p into a fresh click.
func parse(p config.ClickParameters, query string) (*click.Click, Options) {
	c := new(click.Click)
	return c, NewMapping(p).Parse(c, query)
}

func TestParseParams(t *testing.T) {
	for _, test := range []struct {
		name, query string
		want        []click.Param
	}{
		{"nothing", "", nil},
		{"separators only", "&&&", nil},
		{"order is kept, claimed and extra", "z=1&sub_id=2&a=3",
			[]click.Param{{Name: "z", Value: "1"}, {Name: "sub_id", Value: "2", Claimed: true}, {Name: "a", Value: "3"}}},
		{"equal names are kept", "a=1&a=2", []click.Param{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}},
		{"no value", "a&b=", []click.Param{{Name: "a"}, {Name: "b"}}},
		{"no name", "=x", []click.Param{{Value: "x"}}},
		{"only the first = splits", "a=b=c", []click.Param{{Name: "a", Value: "b=c"}}},
		{"a semicolon is an ordinary byte", "a=1;b=2", []click.Param{{Name: "a", Value: "1;b=2"}}},
		{"plus is a space, in names too", "a+b=c+d", []click.Param{{Name: "a b", Value: "c d"}}},
		{"escapes, in names too", "%73ub_id=%41%2B%2b", []click.Param{{Name: "sub_id", Value: "A++", Claimed: true}}},
		{"bad escapes stay", "a=%zz%4g%4&b=%&c=50%25%", []click.Param{{Name: "a", Value: "%zz%4g%4"}, {Name: "b", Value: "%"}, {Name: "c", Value: "50%%"}}},
		{"escapes are resolved once", "a=%2541", []click.Param{{Name: "a", Value: "%41"}}},
		{"names are case-sensitive", "Sub_ID=1", []click.Param{{Name: "Sub_ID", Value: "1"}}},
		{"any byte", "a=%00%0d%0a%ff\xfe", []click.Param{{Name: "a", Value: "\x00\r\n\xff\xfe"}}},
	} {
		c, _ := parse(config.ClickParameters{}, test.query)
		if !reflect.DeepEqual(c.Params, test.want) {
			t.Errorf("%s: Parse(%q)\n got %+v\nwant %+v", test.name, test.query, c.Params, test.want)
		}
	}
}

func TestParseFields(t *testing.T) {
	lists := config.ClickParameters{
		Offer: []string{"campaign", "c"}, SubID: []string{"s1"}, SubID2: []string{"landing_page"}, Keyword: []string{"s1"},
	}
	for _, test := range []struct {
		name  string
		lists config.ClickParameters
		query string
		want  click.Click
	}{
		{"every canonical name (R-22)", config.ClickParameters{},
			"offer_id=o&publisher_id=p&advertiser_id=a&landing_page_id=l&sub_id=1&sub_id_2=2&sub_id_3=3&sub_id_4=4" +
				"&sub_id_5=5&sub_id_6=6&device_id=d&keyword=k&external_transaction_id=x&bundle_id=b&site_url=s" +
				"&redirect_url=r&fallback_url=f&coupon_code=cc&user_email=e&uuid=u",
			click.Click{Offer: "o", Publisher: "p", Advertiser: "a", LandingPage: "l",
				SubID: [6]string{"1", "2", "3", "4", "5", "6"}, DeviceID: "d", Keyword: "k", ExternalTransactionID: "x",
				BundleID: "b", SiteURL: "s", RedirectURL: "r", FallbackURL: "f", Coupon: "cc", UserEmail: "e", UUID: "u"}},
		{"the short canonical names", config.ClickParameters{},
			"offer=o&publisher=p&advertiser=a&landing_page=l",
			click.Click{Offer: "o", Publisher: "p", Advertiser: "a", LandingPage: "l"}},
		{"the first name of the list wins, wherever it stands", lists, "c=2&campaign=1", click.Click{Offer: "1"}},
		{"an empty value gives way to the next name", lists, "campaign=&c=2", click.Click{Offer: "2"}},
		{"and does not take what a later name has", lists, "c=2&campaign=", click.Click{Offer: "2"}},
		{"of equal names the first with a value wins", lists, "campaign=&campaign=1&campaign=2", click.Click{Offer: "1"}},
		{"a list replaces the canonical names", lists, "offer_id=1&offer=2", click.Click{}},
		{"one name may feed two fields", lists, "s1=x", click.Click{SubID: [6]string{"x"}, Keyword: "x"}},
		{"a listed name is taken from its canonical field", lists, "landing_page=7", click.Click{SubID: [6]string{1: "7"}}},
		{"and leaves it its other names", lists, "landing_page_id=7", click.Click{LandingPage: "7"}},
		{"a visitor cannot name his address", config.ClickParameters{}, "click_ip=1.1.1.1&user_agent=x&referer=y&payout=9", click.Click{}},
	} {
		got, _ := parse(test.lists, test.query)
		got.Params, got.Scratch = nil, nil
		if !reflect.DeepEqual(*got, test.want) {
			t.Errorf("%s: Parse(%q)\n got %+v\nwant %+v", test.name, test.query, *got, test.want)
		}
	}
}

func TestParseClaims(t *testing.T) {
	lists := config.ClickParameters{Offer: []string{"campaign", "c"}}
	c, _ := parse(lists, "c=2&campaign=1&campaign=&offer=3&json=1&js_check_data=x&no_redirect=0")
	var extra []string
	for _, p := range c.Params {
		if !p.Claimed {
			extra = append(extra, p.Name)
		}
	}
	if want := []string{"offer"}; !reflect.DeepEqual(extra, want) {
		t.Errorf("extra parameters are %q, want %q: every name of a list is claimed, whether it won or not (R-20)", extra, want)
	}
}

func TestParseOptions(t *testing.T) {
	for query, want := range map[string]Options{
		"":                              {},
		"json=1":                        {JSON: true},
		"json=true&no_redirect=1":       {JSON: true, NoRedirect: true},
		"json=0&no_redirect=":           {},
		"json":                          {},
		"js_check_data=%7B%22a%22:1%7D": {JSCheckData: `{"a":1}`},
	} {
		if _, got := parse(config.ClickParameters{}, query); got != want {
			t.Errorf("Parse(%q) = %+v, want %+v", query, got, want)
		}
	}
}

// The cookie's uuid goes before the link's, which would let a link give all
// its visitors one id.
func TestParseKeepsUUID(t *testing.T) {
	c := &click.Click{UUID: "cookie"}
	NewMapping(config.ClickParameters{}).Parse(c, "uuid=link")
	if c.UUID != "cookie" {
		t.Errorf("UUID is %q after Parse, want the cookie's", c.UUID)
	}
}

func TestParseLimits(t *testing.T) {
	pairs := func(n int) string { return strings.TrimSuffix(strings.Repeat("a=1&", n), "&") }
	fill := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name, query string
		params      int
		truncated   bool
	}{
		{"as many parameters as allowed", pairs(MaxParams), MaxParams, false},
		{"and separators behind them", pairs(MaxParams) + "&&", MaxParams, false},
		{"one more", pairs(MaxParams + 1), MaxParams, true},
		{"as long as allowed", "a=" + fill(MaxQuery-2), 1, false},
		{"a single longer one is not read in part", "a=" + fill(MaxQuery-1), 0, true},
		{"the last whole one is kept", "a=1&b=" + fill(MaxQuery), 1, true},
		{"a parameter that ends at the limit is whole", "a=" + fill(MaxQuery-2) + "&b=1", 1, true},
	} {
		c, options := parse(config.ClickParameters{}, test.query)
		if len(c.Params) != test.params || options.Truncated != test.truncated {
			t.Errorf("%s (%d bytes): %d parameters, truncated %v, want %d, %v",
				test.name, len(test.query), len(c.Params), options.Truncated, test.params, test.truncated)
		}
	}
}

// What others put into Scratch before, and every view into it, must survive.
func TestParseViewsSurvive(t *testing.T) {
	c := &click.Click{Scratch: append(make([]byte, 0, 4), "host"...)}
	var query strings.Builder
	for i := range MaxParams {
		fmt.Fprintf(&query, "p%%20%d=v+%d&", i, i)
	}
	before := c.Scratch
	NewMapping(config.ClickParameters{}).Parse(c, query.String())
	if string(before) != "host" || string(c.Scratch[:4]) != "host" {
		t.Errorf("Scratch began with %q before, begins with %q after Parse; want host in both", before, c.Scratch[:4])
	}
	for i, p := range c.Params {
		name, value := fmt.Sprintf("p %d", i), fmt.Sprintf("v %d", i)
		if p.Name != name || p.Value != value {
			t.Errorf("parameter %d is %q=%q, want %q=%q", i, p.Name, p.Value, name, value)
		}
	}
}

const typicalQuery = "offer_id=1024&publisher_id=77&sub_id=fb_campaign_12&sub_id_2=adset%20nine&device_id=38400000-8cf0-11bd-b23e-10b96e40000d" +
	"&keyword=red+shoes&utm_source=newsletter&utm_medium=email&gclid=EAIaIQobChMI"

func BenchmarkParse(b *testing.B) {
	m, c := NewMapping(config.ClickParameters{}), new(click.Click)
	b.ReportAllocs()
	b.SetBytes(int64(len(typicalQuery)))
	for b.Loop() {
		c.Reset()
		m.Parse(c, typicalQuery)
	}
}
