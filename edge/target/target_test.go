package target

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

type bools = map[string]bool

// visitor is a click of a phone in Berlin.
func visitor(change func(c *click.Click)) *click.Click {
	c := &click.Click{
		IP:             netip.MustParseAddr("10.0.0.7"),
		AcceptLanguage: "de-AT,de;q=0.9,en;q=0.5",
		Geo:            click.Geo{Country: "DE", City: "Berlin", PlaceKnown: true},
		Device:         &click.Device{BrowserName: "Chrome Mobile", OSName: "Android", OSVersion: "14", Type: "Phone"},
	}
	if change != nil {
		change(c)
	}
	return c
}

func compile(t testing.TB, s config.Targeting) *Rules {
	t.Helper()
	r, problems := Compile(&s)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// all switches every dimension on.
func all(s config.Targeting) config.Targeting {
	s.DeviceTargetingEnabled, s.GeoTargetingEnabled = true, true
	s.IPTargetingEnabled, s.LanguageTargetingEnabled = true, true
	return s
}

func browsers(m bools) config.Targeting {
	return all(config.Targeting{Device: config.TargetDevice{Browsers: m}})
}

func types(m bools) config.Targeting {
	return all(config.Targeting{Device: config.TargetDevice{DeviceTypes: m}})
}

func systems(m bools) config.Targeting {
	return all(config.Targeting{Device: config.TargetDevice{OperatingSystems: m}})
}

func countries(m bools) config.Targeting {
	return all(config.Targeting{Geo: config.TargetGeo{Countries: m}})
}

func cities(m bools) config.Targeting {
	return all(config.Targeting{Geo: config.TargetGeo{Cities: m}})
}

func addrs(single, ranges bools) config.Targeting {
	return all(config.Targeting{IP: config.TargetIP{IPAddresses: single, IPRanges: ranges}})
}

func TestJudge(t *testing.T) {
	browser := func(name string) func(*click.Click) {
		return func(c *click.Click) { c.Device = &click.Device{BrowserName: name} }
	}
	system := func(name string) func(*click.Click) {
		return func(c *click.Click) { c.Device = &click.Device{OSName: name} }
	}
	place := func(country, city string) func(*click.Click) {
		return func(c *click.Click) { c.Geo = click.Geo{Country: country, City: city, PlaceKnown: true} }
	}
	noGeo := func(c *click.Click) { c.Geo = click.Geo{} }
	ip := func(text string) func(*click.Click) {
		return func(c *click.Click) { c.IP = netip.MustParseAddr(text) }
	}
	for _, tc := range []struct {
		name   string
		rules  config.Targeting
		change func(*click.Click)
		want   click.Reason
		detail string
	}{
		{"no rules", all(config.Targeting{}), nil, click.None, ""},

		{"admitted", countries(bools{"DE": true}), nil, click.None, ""},
		{"refused", countries(bools{"DE": false}), nil, click.TargetingCountry, "DE"},
		{"unlisted beside an admitted one", countries(bools{"AT": true, "CH": false}), nil, click.TargetingCountry, "DE"},
		{"unlisted beside refused ones", countries(bools{"AT": false, "CH": false}), nil, click.None, ""},
		{"country in lower case", countries(bools{"de": true}), nil, click.None, ""},
		{"UK is GB", countries(bools{"UK": true}), place("GB", ""), click.None, ""},
		{"no geo database, only admitted", countries(bools{"AT": true}), noGeo, click.None, ""},
		{"unknown country, only admitted", countries(bools{"AT": true}), place("", ""), click.TargetingCountry, ""},
		{"unknown country, only refused", countries(bools{"AT": false}), place("", ""), click.None, ""},

		{"city admitted", cities(bools{"berlin": true}), nil, click.None, ""},
		{"city refused", cities(bools{"Berlin": false}), nil, click.TargetingCity, "Berlin"},
		{"city unlisted", cities(bools{"Hamburg": true}), nil, click.TargetingCity, "Berlin"},
		{"city with an umlaut", cities(bools{"ZÜRICH": true}), place("CH", "Zürich"), click.None, ""},
		{"city that begins with one", cities(bools{"ürümqi": false}), place("CN", "Ürümqi"), click.TargetingCity, "Ürümqi"},
		{"city that is not UTF-8", cities(bools{"Hamburg": true}), place("DE", "M\xfcnchen"), click.TargetingCity, "M\xfcnchen"},
		{"cities that are not UTF-8 stay different", cities(bools{"M\xe4nchen": false}), place("DE", "M\xfcnchen"), click.None, ""},
		{"city longer than any rule", cities(bools{"Hamburg": true}), place("DE", strings.Repeat("x", 300)),
			click.TargetingCity, strings.Repeat("x", 300)},
		{"no geo database for a city", cities(bools{"Hamburg": true}), noGeo, click.None, ""},

		{"browser, variant of the family", browsers(bools{"Chrome": true}), nil, click.None, ""},
		{"browser, variant refused by name", browsers(bools{"Chrome": true, "Chrome Mobile": false}), nil,
			click.TargetingBrowser, "Chrome Mobile"},
		{"browser, family refused", browsers(bools{"chrome": false}), browser("Chrome Mobile iOS"),
			click.TargetingBrowser, "Chrome Mobile iOS"},
		{"browser, variant does not cover the family", browsers(bools{"Chrome Mobile": true}), browser("Chrome"),
			click.TargetingBrowser, "Chrome"},
		{"browser that hints tell from Chrome", browsers(bools{"Chrome": true}), browser("Vivaldi"), click.None, ""},
		{"browser that hints tell from a refused Chrome", browsers(bools{"Chrome": false}), browser("Brave"), click.TargetingBrowser, "Brave"},
		{"browser that hints tell, refused by name", browsers(bools{"Chrome": true, "brave": false}), browser("Brave"), click.TargetingBrowser, "Brave"},
		{"browser that hints tell, admitted by name", browsers(bools{"Chrome": false, "Avast Secure Browser": true}), browser("Avast Secure Browser"), click.None, ""},
		{"browser on the same engine", browsers(bools{"Chrome": true}), browser("Edge"), click.TargetingBrowser, "Edge"},
		{"browser alias", browsers(bools{"Microsoft Edge": true}), browser("Edge Mobile"), click.None, ""},
		{"browser unknown", browsers(bools{"Chrome": true}), browser(""), click.TargetingBrowser, ""},
		{"browser unknown, only refused", browsers(bools{"Chrome": false}), browser(""), click.None, ""},
		{"no device parsed", browsers(bools{"Chrome": true}), func(c *click.Click) { c.Device = nil }, click.None, ""},

		{"type admitted", types(bools{"phone": true}), nil, click.None, ""},
		{"type alias", types(bools{"Mobile": true}), nil, click.None, ""},
		{"type refused", types(bools{"Phone": false}), nil, click.TargetingDeviceType, "Phone"},
		{"type unlisted", types(bools{"Desktop": true, "Tablet": true}), nil, click.TargetingDeviceType, "Phone"},

		{"system admitted", systems(bools{"android": true}), nil, click.None, ""},
		{"system unlisted", systems(bools{"iOS": true}), nil, click.TargetingOS, "Android"},
		{"macOS", systems(bools{"macOS": true}), system("Mac OS X"), click.None, ""},
		{"distribution of Linux", systems(bools{"Linux": false}), system("Ubuntu"), click.TargetingOS, "Ubuntu"},
		{"Android is not Linux", systems(bools{"Linux": false}), nil, click.None, ""},

		{"address admitted", addrs(bools{"10.0.0.7": true}, nil), nil, click.None, ""},
		{"address refused", addrs(bools{"10.0.0.7": false}, nil), nil, click.TargetingIP, "10.0.0.7"},
		{"address unlisted", addrs(bools{"10.0.0.8": true}, nil), nil, click.TargetingIP, "10.0.0.7"},
		{"address unlisted beside refused", addrs(bools{"10.0.0.8": false}, nil), nil, click.None, ""},
		{"mapped address in the rule", addrs(bools{"::ffff:10.0.0.7": false}, nil), nil, click.TargetingIP, "10.0.0.7"},
		{"range admits", addrs(nil, bools{"10.0.0.1 - 10.0.0.255": true}), nil, click.None, ""},
		{"first of a range", addrs(nil, bools{"10.0.0.7-10.0.0.9": false}), nil, click.TargetingIP, "10.0.0.7"},
		{"last of a range", addrs(nil, bools{"10.0.0.1-10.0.0.7": false}), nil, click.TargetingIP, "10.0.0.7"},
		{"beside a range", addrs(nil, bools{"10.0.0.1-10.0.0.6": false, "10.0.0.8-10.0.0.9": false}), nil, click.None, ""},
		{"outside an admitted range", addrs(nil, bools{"10.0.0.8-10.0.0.9": true}), nil, click.TargetingIP, "10.0.0.7"},
		{"nested ranges", addrs(nil, bools{"10.0.0.1-10.0.0.255": false, "10.0.0.2-10.0.0.3": false, "10.0.0.5-10.0.0.6": false}), nil,
			click.TargetingIP, "10.0.0.7"},
		{"refusing range wins", addrs(nil, bools{"10.0.0.1-10.0.0.255": true, "10.0.0.5-10.0.0.9": false}), nil,
			click.TargetingIP, "10.0.0.7"},
		{"address before range", addrs(bools{"10.0.0.7": true}, bools{"10.0.0.1-10.0.0.9": false}), nil, click.None, ""},
		{"refused address in an admitted range", addrs(bools{"10.0.0.7": false}, bools{"10.0.0.1-10.0.0.9": true}), nil,
			click.TargetingIP, "10.0.0.7"},
		{"v6 range", addrs(nil, bools{"2001:db8::1-2001:db8::ffff": false}), ip("2001:db8::abc"), click.TargetingIP, "2001:db8::abc"},
		{"v6 beside v4 ranges", addrs(nil, bools{"0.0.0.0-255.255.255.255": false}), ip("2001:db8::abc"), click.None, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := visitor(tc.change)
			compile(t, tc.rules).Judge(c, &c.Verdict)
			want := click.SetOf()
			if tc.want != click.None {
				want = want.With(tc.want)
			}
			if v := c.Verdict; v.Rejections != want || v.Detail != tc.detail {
				t.Errorf("rejections %v, first %q with detail %q; want %q with detail %q",
					codes(v.Rejections), v.Primary, v.Detail, tc.want, tc.detail)
			}
		})
	}
}

func codes(s click.ReasonSet) (list []string) {
	for !s.Empty() {
		var r click.Reason
		r, s = s.Next()
		list = append(list, r.String())
	}
	return list
}

// misfit refuses the visitor of this test in every dimension.
var misfit = config.Targeting{
	Device: config.TargetDevice{
		Browsers: bools{"Firefox": true}, DeviceTypes: bools{"TV": true}, OperatingSystems: bools{"iOS": true},
		OSVersions: map[string]config.TargetOSVersion{"Android": {IsAllowed: true, MinVersion: "15"}},
	},
	Geo:      config.TargetGeo{Countries: bools{"DE": true}, Cities: bools{"Hamburg": true}},
	IP:       config.TargetIP{IPAddresses: bools{"10.0.0.1": true}},
	Language: bools{"fr": true},
}

func TestEveryDimensionIsAReason(t *testing.T) {
	c := visitor(nil)
	compile(t, all(misfit)).Judge(c, &c.Verdict)
	want := click.SetOf(click.TargetingCity, click.TargetingBrowser, click.TargetingDeviceType, click.TargetingOS,
		click.TargetingOSVersion, click.TargetingIP, click.TargetingLanguage)
	if c.Verdict.Rejections != want || c.Verdict.Primary != click.TargetingCity || c.Verdict.RejectedLanguage != "de-AT" {
		t.Errorf("rejections %v, first %v, language %q; want %v, first %v, language de-AT",
			codes(c.Verdict.Rejections), c.Verdict.Primary, c.Verdict.RejectedLanguage, codes(want), click.TargetingCity)
	}
}

func TestRefusedCountryHidesTheCity(t *testing.T) {
	c := visitor(nil)
	compile(t, all(config.Targeting{Geo: config.TargetGeo{Countries: bools{"FR": true}, Cities: bools{"Paris": true}}})).Judge(c, &c.Verdict)
	if want := click.SetOf(click.TargetingCountry); c.Verdict.Rejections != want {
		t.Errorf("rejections %v, want the country only", codes(c.Verdict.Rejections))
	}
}

func TestSwitches(t *testing.T) {
	type set = click.ReasonSet
	for _, tc := range []struct {
		name string
		turn func(*config.Targeting)
		want set
	}{
		{"none", func(*config.Targeting) {}, 0},
		{"device", func(s *config.Targeting) { s.DeviceTargetingEnabled = true }, click.SetOf(
			click.TargetingBrowser, click.TargetingDeviceType, click.TargetingOS, click.TargetingOSVersion)},
		{"geo", func(s *config.Targeting) { s.GeoTargetingEnabled = true }, click.SetOf(click.TargetingCity)},
		{"ip", func(s *config.Targeting) { s.IPTargetingEnabled = true }, click.SetOf(click.TargetingIP)},
		{"language", func(s *config.Targeting) { s.LanguageTargetingEnabled = true }, click.SetOf(click.TargetingLanguage)},
	} {
		s := misfit
		tc.turn(&s)
		c := visitor(nil)
		rules := compile(t, s)
		rules.Judge(c, &c.Verdict)
		if c.Verdict.Rejections != tc.want {
			t.Errorf("with the switch %s on: rejections %v, want %v", tc.name, codes(c.Verdict.Rejections), codes(tc.want))
		}
		if (rules == nil) != (tc.want == 0) {
			t.Errorf("with the switch %s on: rules are nil: %v", tc.name, rules == nil)
		}
	}
	if r, problems := Compile(nil); r != nil || problems != nil {
		t.Errorf("Compile(nil) = %v, %v; want nothing", r, problems)
	}
}

func TestFirstReasonStays(t *testing.T) {
	c := visitor(nil)
	c.Verdict.Reject(click.Bot, "Googlebot")
	compile(t, all(misfit)).Judge(c, &c.Verdict)
	if c.Verdict.Primary != click.Bot || c.Verdict.Detail != "Googlebot" {
		t.Errorf("targeting replaced the first reason by %v %q", c.Verdict.Primary, c.Verdict.Detail)
	}
}

func TestAddressTextLivesInScratch(t *testing.T) {
	c := visitor(nil)
	c.Scratch = append(make([]byte, 0, 64), "kept"...)
	compile(t, addrs(bools{"10.0.0.1": true}, nil)).Judge(c, &c.Verdict)
	if string(c.Scratch) != "kept10.0.0.7" || c.Verdict.Detail != "10.0.0.7" {
		t.Errorf("scratch is %q and the detail %q, want the address behind what was there", c.Scratch, c.Verdict.Detail)
	}
}
