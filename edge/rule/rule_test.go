package rule

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// visitor is a click of an iPhone in Berlin, on a Wednesday at 12:30 there.
func visitor(change func(c *click.Click)) *click.Click {
	c := &click.Click{
		TimeMS: at("2026-07-01T10:30:00Z"),
		IP:     netip.MustParseAddr("192.0.2.7"),
		SubID:  [6]string{"news", "top"},
		Geo: click.Geo{
			Country: "DE", ISP: "Vodafone GmbH", ASN: 3209, Connection: "Cable/DSL", PlaceKnown: true, ISPKnown: true,
		},
		Device: &click.Device{OSName: "iOS", OSVersion: "15.4.1"},
		Link:   click.Link{PublisherID: "blog"},
	}
	if change != nil {
		change(c)
	}
	return c
}

func at(text string) int64 {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

func memory() *state.Memory { return state.NewMemory(state.Options{Keys: 1000}) }

func compile(t testing.TB, o config.Offer, a *config.Advertiser) *Offer {
	t.Helper()
	rules, problems := Compile(&o, a, memory())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return rules
}

func offer(r config.OfferRules) config.Offer { return config.Offer{OfferRules: r} }

// TestJudge has a case for every field in which it alone turns the verdict of
// the visitor, and one beside it in which it does not.
func TestJudge(t *testing.T) {
	type rules = config.OfferRules
	type subs = config.SubAccounts
	from := func(country string) func(*click.Click) { return func(c *click.Click) { c.Geo.Country = country } }
	system := func(name, version string) func(*click.Click) {
		return func(c *click.Click) { c.Device = &click.Device{OSName: name, OSVersion: version} }
	}
	isp := func(name string) func(*click.Click) { return func(c *click.Click) { c.Geo.ISP = name } }
	over := func(connection string) func(*click.Click) {
		return func(c *click.Click) { c.Geo.Connection = connection }
	}
	ip := func(text string) func(*click.Click) { return func(c *click.Click) { c.IP = netip.MustParseAddr(text) } }
	when := func(text string) func(*click.Click) { return func(c *click.Click) { c.TimeMS = at(text) } }
	sub := func(first, second string) func(*click.Click) {
		return func(c *click.Click) { c.SubID = [6]string{first, second} }
	}
	stranger := func(c *click.Click) { c.Link.PublisherID = "" }
	ios := func(versions ...string) rules {
		return rules{StrictlyOS: []config.StrictOS{{OS: "ios", Versions: versions}}}
	}
	systems := func(names ...string) (r rules) {
		for _, name := range names {
			r.StrictlyOS = append(r.StrictlyOS, config.StrictOS{OS: name})
		}
		return r
	}
	const berlin = "Europe/Berlin"
	for _, tc := range []struct {
		name       string
		offer      config.Offer
		advertiser *config.Advertiser
		change     func(*click.Click)
		want       click.Reason
		detail     string
	}{
		{"private, approved", config.Offer{Visibility: "Private", ApprovedPublisherIDs: []string{"blog"}}, nil, nil, click.None, ""},
		{"private, another approved", config.Offer{Visibility: "Private", ApprovedPublisherIDs: []string{"shop"}}, nil, nil, click.OfferNotAllowed, "blog"},
		{"private, nobody approved", config.Offer{Visibility: "Private"}, nil, nil, click.OfferNotAllowed, "blog"},
		{"private, unknown publisher", config.Offer{Visibility: "Private"}, nil, stranger, click.None, ""},
		{"requires approval", config.Offer{Visibility: "Requires_Approval"}, nil, nil, click.OfferNotAllowed, "blog"},
		{"public, another approved", config.Offer{Visibility: "Public", ApprovedPublisherIDs: []string{"shop"}}, nil, nil, click.None, ""},
		{"terms accepted", config.Offer{TermsAndConditionsEnabled: true, OfferRules: rules{TermsAcceptedPublisherIDs: []string{"blog"}}}, nil, nil, click.None, ""},
		{"terms not accepted", config.Offer{TermsAndConditionsEnabled: true, OfferRules: rules{TermsAcceptedPublisherIDs: []string{"shop"}}}, nil, nil, click.OfferNotAllowed, "blog"},
		{"terms accepted by nobody", config.Offer{TermsAndConditionsEnabled: true}, nil, nil, click.OfferNotAllowed, "blog"},
		{"terms need not be accepted", config.Offer{OfferRules: rules{TermsAcceptedPublisherIDs: []string{"shop"}}}, nil, nil, click.None, ""},
		{"blocked", offer(rules{BlockedPublisherIDs: []string{"blog"}}), nil, nil, click.OfferNotAllowed, "blog"},
		{"blocked though approved", config.Offer{Visibility: "Private", ApprovedPublisherIDs: []string{"blog"}, OfferRules: rules{BlockedPublisherIDs: []string{"blog"}}}, nil, nil, click.OfferNotAllowed, "blog"},
		{"another blocked", offer(rules{BlockedPublisherIDs: []string{"shop"}}), nil, nil, click.None, ""},
		{"blocked by the advertiser", offer(rules{}), &config.Advertiser{BlockedPublisherIDs: []string{"blog"}}, nil, click.OfferNotAllowed, "blog"},
		{"another blocked by the advertiser", offer(rules{}), &config.Advertiser{BlockedPublisherIDs: []string{"shop"}}, nil, click.None, ""},

		{"first second of the first day", offer(rules{StartAt: "2026-07-02", Timezone: berlin}), nil, when("2026-07-01T22:00:00Z"), click.None, ""},
		{"before the first day", offer(rules{StartAt: "2026-07-02", Timezone: berlin}), nil, when("2026-07-01T21:59:59Z"), click.Scheduled, "2026-07-01 23:59:59 Wed"},
		{"before the first day of UTC", offer(rules{StartAt: "2026-07-02"}), nil, when("2026-07-01T22:00:00Z"), click.Scheduled, "2026-07-01 22:00:00 Wed"},
		{"last second of the last day", offer(rules{StopAt: "2026-07-01", Timezone: berlin}), nil, when("2026-07-01T21:59:59Z"), click.None, ""},
		{"after the last day", offer(rules{StopAt: "2026-07-01", Timezone: berlin}), nil, when("2026-07-01T22:00:00Z"), click.Scheduled, "2026-07-02 00:00:00 Thu"},
		{"in the last minute", offer(rules{StopAt: "2026-07-01T12:30", Timezone: berlin}), nil, when("2026-07-01T10:30:59Z"), click.None, ""},
		{"after the last minute", offer(rules{StopAt: "2026-07-01T12:30", Timezone: berlin}), nil, when("2026-07-01T10:31:00Z"), click.Scheduled, "2026-07-01 12:31:00 Wed"},
		{"in the hours", offer(rules{Schedule: config.Schedule{Wed: []string{"12:00-13:00"}}, Timezone: berlin}), nil, nil, click.None, ""},
		{"hours of another zone", offer(rules{Schedule: config.Schedule{Wed: []string{"12:00-13:00"}}}), nil, nil, click.Scheduled, "2026-07-01 10:30:00 Wed"},
		{"hours of another day", offer(rules{Schedule: config.Schedule{Tue: []string{"12:00-13:00"}}, Timezone: berlin}), nil, nil, click.Scheduled, "2026-07-01 12:30:00 Wed"},

		{"country listed", offer(rules{StrictlyCountry: true, Countries: []string{"AT", "DE"}}), nil, nil, click.None, ""},
		{"country not listed", offer(rules{StrictlyCountry: true, Countries: []string{"AT"}}), nil, nil, click.StrictCountry, "DE"},
		{"country not enforced", offer(rules{Countries: []string{"AT"}}), nil, nil, click.None, ""},
		{"country unknown to the database", offer(rules{StrictlyCountry: true, Countries: []string{"DE"}}), nil, from(""), click.StrictCountry, ""},
		{"no database of countries", offer(rules{StrictlyCountry: true, Countries: []string{"AT"}}), nil, func(c *click.Click) { c.Geo = click.Geo{} }, click.None, ""},

		{"system listed", offer(ios()), nil, nil, click.None, ""},
		{"system not listed", offer(systems("android")), nil, nil, click.StrictOS, "iOS 15.4.1"},
		{"one of several systems", offer(systems("android", "ios")), nil, nil, click.None, ""},
		{"system without a version", offer(systems("ios")), nil, system("Linux", ""), click.StrictOS, "Linux"},
		{"iPadOS is ios", offer(systems("ios")), nil, system("iPadOS", "17"), click.None, ""},
		{"Windows Phone is wp", offer(systems("wp")), nil, system("Windows Phone", "8.1"), click.None, ""},
		{"Windows is web", offer(systems("web")), nil, system("Windows", "10"), click.None, ""},
		{"Windows is not wp", offer(systems("wp")), nil, system("Windows", "10"), click.StrictOS, "Windows 10"},
		{"iOS is not web", offer(systems("web")), nil, nil, click.StrictOS, "iOS 15.4.1"},
		{"unknown system is not web", offer(systems("web")), nil, system("Other", ""), click.StrictOS, "Other"},
		{"no device parsed", offer(systems("web")), nil, func(c *click.Click) { c.Device = nil }, click.None, ""},
		{"major version", offer(ios("15")), nil, nil, click.None, ""},
		{"another major version", offer(ios("14", "16")), nil, nil, click.StrictOS, "iOS 15.4.1"},
		{"versions are numbers", offer(ios("1", "5")), nil, nil, click.StrictOS, "iOS 15.4.1"},
		{"minor version", offer(ios("15.4")), nil, nil, click.None, ""},
		{"another minor version", offer(ios("15.40", "15.1")), nil, nil, click.StrictOS, "iOS 15.4.1"},
		{"missing minor version is 0", offer(ios("15.0")), nil, system("iOS", "15"), click.None, ""},
		{"underscores", offer(ios("15.4")), nil, system("iOS", "15_4_1"), click.None, ""},
		{"unknown version", offer(ios("15")), nil, system("iOS", ""), click.StrictOS, "iOS"},
		{"version that is 15 in 64 bits", offer(ios("15")), nil, system("iOS", "18446744073709551631"), click.StrictOS, "iOS 18446744073709551631"},
		{"endless version", offer(ios("15")), nil, system("iOS", strings.Repeat("15", 20)), click.StrictOS, "iOS " + strings.Repeat("15", 20)},

		{"provider by a word", offer(rules{StrictlyISP: []string{"vodafone"}}), nil, nil, click.None, ""},
		{"provider by all words", offer(rules{StrictlyISP: []string{"Vodafone GmbH"}}), nil, nil, click.None, ""},
		{"provider not listed", offer(rules{StrictlyISP: []string{"Telekom", "AS3320"}}), nil, nil, click.StrictISP, "Vodafone GmbH"},
		{"provider by a part of a word", offer(rules{StrictlyISP: []string{"Voda", "phone", "afone"}}), nil, nil, click.StrictISP, "Vodafone GmbH"},
		{"provider in another case", offer(rules{StrictlyISP: []string{"ΤΗΛΕΠΙΚΟΙΝΩΝΙΏΝ ΟΣ"}}), nil, isp("τηλεπικοινωνιών ος"), click.None, ""},
		{"provider by number", offer(rules{StrictlyISP: []string{"AS3209"}}), nil, nil, click.None, ""},
		{"provider by another number", offer(rules{StrictlyISP: []string{"AS320", "AS32090"}}), nil, nil, click.StrictISP, "Vodafone GmbH"},
		{"provider unknown to the database", offer(rules{StrictlyISP: []string{"Vodafone"}}), nil, isp(""), click.StrictISP, ""},
		{"no database of providers", offer(rules{StrictlyISP: []string{"Telekom"}}), nil, func(c *click.Click) { c.Geo.ISPKnown = false }, click.None, ""},

		{"wifi", offer(rules{StrictlyConnectionType: "wifi"}), nil, nil, click.None, ""},
		{"wifi, but cellular", offer(rules{StrictlyConnectionType: "wifi"}), nil, over("Cellular"), click.StrictConnectionType, "Cellular"},
		{"cellular", offer(rules{StrictlyConnectionType: "cellular"}), nil, over("Cellular"), click.None, ""},
		{"cellular, but cable", offer(rules{StrictlyConnectionType: "cellular"}), nil, nil, click.StrictConnectionType, "Cable/DSL"},
		{"cellular, unknown", offer(rules{StrictlyConnectionType: "cellular"}), nil, over(""), click.None, ""},
		{"any connection", offer(rules{StrictlyConnectionType: "all"}), nil, over("Cellular"), click.None, ""},

		{"address refused", offer(rules{DisallowedIP: "198.51.100.1\n192.0.2.0-192.0.2.7"}), nil, nil, click.IPNotAllowed, "192.0.2.7"},
		{"address beside those refused", offer(rules{DisallowedIP: "192.0.2.0-192.0.2.6\n192.0.2.8/29"}), nil, nil, click.None, ""},
		{"IPv6 address refused", offer(rules{DisallowedIP: "2001:db8::/32"}), nil, ip("2001:db8:ffff::1"), click.IPNotAllowed, "2001:db8:ffff::1"},
		{"senders of postbacks may click", offer(rules{AllowedIP: "198.51.100.1"}), &config.Advertiser{AllowedIP: "198.51.100.1"}, nil, click.None, ""},

		{"pair refused", offer(rules{SubRestrictions: []config.SubPair{{Sub1: "x"}, {Sub1: "news", Sub2: "top"}}}), nil, nil, click.SubRestricted, "news, top"},
		{"half of a pair", offer(rules{SubRestrictions: []config.SubPair{{Sub1: "news"}, {Sub1: "news", Sub2: "end"}, {Sub1: "top", Sub2: "news"}}}), nil, nil, click.None, ""},
		{"pair without a second", offer(rules{SubRestrictions: []config.SubPair{{Sub1: "news"}}}), nil, sub("news", ""), click.SubRestricted, "news, "},
		{"first sub id listed", offer(rules{SubAccounts: subs{SubAccount1: "mail, news"}}), nil, nil, click.None, ""},
		{"first sub id not listed", offer(rules{SubAccounts: subs{SubAccount1: "mail,top"}}), nil, nil, click.SubAccountNotAllowed, "news"},
		{"first sub id in another case", offer(rules{SubAccounts: subs{SubAccount1: "News"}}), nil, nil, click.SubAccountNotAllowed, "news"},
		{"no first sub id", offer(rules{SubAccounts: subs{SubAccount1: "mail"}}), nil, sub("", ""), click.SubAccountNotAllowed, ""},
		{"first sub id excepted", offer(rules{SubAccounts: subs{SubAccount1: "mail, news", SubAccount1Except: true}}), nil, nil, click.SubAccountNotAllowed, "news"},
		{"another first sub id excepted", offer(rules{SubAccounts: subs{SubAccount1: "mail", SubAccount1Except: true}}), nil, nil, click.None, ""},
		{"no first sub id excepted", offer(rules{SubAccounts: subs{SubAccount1Except: true}}), nil, nil, click.None, ""},
		{"second sub id listed", offer(rules{SubAccounts: subs{SubAccount2: "top"}}), nil, nil, click.None, ""},
		{"second sub id not listed", offer(rules{SubAccounts: subs{SubAccount2: "news"}}), nil, nil, click.SubAccountNotAllowed, "top"},
		{"second sub id excepted", offer(rules{SubAccounts: subs{SubAccount2: "top", SubAccount2Except: true}}), nil, nil, click.SubAccountNotAllowed, "top"},
		{"another second sub id excepted", offer(rules{SubAccounts: subs{SubAccount2: "news", SubAccount2Except: true}}), nil, nil, click.None, ""},
		{"advertiser's first sub ids", offer(rules{SubAccounts: subs{SubAccount1: "news"}}), &config.Advertiser{SubAccounts: subs{SubAccount1: "mail"}}, nil, click.SubAccountNotAllowed, "news"},
		{"advertiser's first sub ids fit", offer(rules{}), &config.Advertiser{SubAccounts: subs{SubAccount1: "news"}}, nil, click.None, ""},
		{"advertiser's exception", offer(rules{}), &config.Advertiser{SubAccounts: subs{SubAccount1: "news", SubAccount1Except: true}}, nil, click.SubAccountNotAllowed, "news"},
		{"advertiser's second sub ids", offer(rules{}), &config.Advertiser{SubAccounts: subs{SubAccount2: "end"}}, nil, click.SubAccountNotAllowed, "top"},
		{"advertiser's second exception", offer(rules{}), &config.Advertiser{SubAccounts: subs{SubAccount2: "top", SubAccount2Except: true}}, nil, click.SubAccountNotAllowed, "top"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := visitor(tc.change)
			rules := compile(t, tc.offer, tc.advertiser)
			rules.Judge(c, &c.Verdict)
			var want click.ReasonSet
			if tc.want != click.None {
				want = click.SetOf(tc.want)
			}
			if v := &c.Verdict; v.Rejections != want || v.Detail != tc.detail {
				t.Errorf("rejected for %q with the detail %q, want %q with %q", v.Primary, v.Detail, tc.want, tc.detail)
			}
			if rules.Fits(c) != (tc.want == click.None) {
				t.Errorf("Fits says %t", rules.Fits(c))
			}
		})
	}
}

func TestAdmits(t *testing.T) {
	o := config.Offer{
		Visibility: "Private", ApprovedPublisherIDs: []string{"a", "b", "c", "d"}, TermsAndConditionsEnabled: true,
		OfferRules: config.OfferRules{TermsAcceptedPublisherIDs: []string{"a", "b", "c", "e"}, BlockedPublisherIDs: []string{"b"}},
	}
	rules := compile(t, o, &config.Advertiser{BlockedPublisherIDs: []string{"c"}})
	for id, want := range map[string]bool{"a": true, "b": false, "c": false, "d": false, "e": false, "": false} {
		if rules.Admits(id) != want {
			t.Errorf("publisher %q is admitted: %t", id, !want)
		}
	}
	if !(*Offer)(nil).Admits("x") || !compile(t, offer(config.OfferRules{StartAt: "2026-01-01"}), nil).Admits("x") {
		t.Error("a public offer bars a publisher")
	}
}

func TestOffersWithoutRules(t *testing.T) {
	o := config.Offer{Visibility: "Public", OfferRules: config.OfferRules{
		Countries: []string{"AT"}, ClickSession: "1d", Timezone: "Europe/Berlin", AllowedIP: "192.0.2.1", StrictlyConnectionType: "all",
	}}
	if rules := compile(t, o, new(config.Advertiser)); rules != nil {
		t.Errorf("an offer without rules compiles to %+v", rules)
	}
	c := visitor(nil)
	var none *Offer
	none.Judge(c, &c.Verdict)
	if c.Verdict.Rejected() || !none.Fits(c) || none.Explain(c) != nil {
		t.Error("no rules reject a click")
	}
}

func TestCompileReportsEveryMistake(t *testing.T) {
	o := offer(config.OfferRules{
		StartAt: "March", StopAt: "April", Schedule: config.Schedule{Tue: []string{"8-12"}},
		StrictlyOS:   []config.StrictOS{{OS: "ios", Versions: []string{"x"}}},
		DisallowedIP: "192.0.2.1\n192.0.2", ClickSession: "1",
	})
	rules, problems := Compile(&o, nil, new(state.Memory))
	var paths []string
	for _, p := range problems {
		if p.Message == "" {
			t.Errorf("nothing is said about %s", p.Path)
		}
		paths = append(paths, p.Path)
	}
	if got, want := strings.Join(paths, " "), "start_at stop_at schedule.tue strictly_os[0].versions disallowed_ip click_session"; rules != nil || got != want {
		t.Errorf("mistakes at %s, rules %v; want %s", got, rules, want)
	}
	o = offer(config.OfferRules{Timezone: "Mars"})
	if _, problems = Compile(&o, nil, new(state.Memory)); len(problems) != 1 || problems[0].Path != "timezone" {
		t.Errorf("a wrong time zone is told as %v", problems)
	}
}

func TestSenders(t *testing.T) {
	a := &config.Advertiser{AllowedIP: "192.0.2.0/24"}
	for _, tc := range []struct {
		name     string
		offers   string
		of       *config.Advertiser
		from     string
		want     bool
		anywhere bool
	}{
		{"advertiser's list", "", a, "192.0.2.9", true, false},
		{"not on the advertiser's list", "", a, "198.51.100.1", false, false},
		{"offer's list", "198.51.100.1", a, "198.51.100.1", true, false},
		{"offer's list before the advertiser's", "198.51.100.1", a, "192.0.2.9", false, false},
		{"mapped", "198.51.100.1", nil, "::ffff:198.51.100.1", true, false},
		{"no lists", " \n", new(config.Advertiser), "192.0.2.9", false, true},
		{"no advertiser", "", nil, "192.0.2.9", false, true},
	} {
		list, problems := CompileSenders(&config.Offer{OfferRules: config.OfferRules{AllowedIP: tc.offers}}, tc.of)
		if problems != nil || (list == nil) != tc.anywhere || list.Contains(netip.MustParseAddr(tc.from)) != tc.want {
			t.Errorf("%s: list %v, problems %v; want %s on it: %t", tc.name, list, problems, tc.from, tc.want)
		}
	}
	if list, problems := CompileSenders(&config.Offer{}, &config.Advertiser{AllowedIP: "x"}); list != nil || len(problems) != 1 || problems[0].Path != "advertiser.allowed_ip" {
		t.Errorf("a broken list is told as %v", problems)
	}
}
