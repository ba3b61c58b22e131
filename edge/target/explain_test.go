package target

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// some is a random map of a few of the values.
func some(r *rand.Rand, values ...string) bools {
	m := bools{}
	for _, v := range values {
		if r.IntN(3) == 0 {
			m[v] = r.IntN(2) == 0
		}
	}
	return m
}

func randomTargeting(r *rand.Rand) config.Targeting {
	on := func() bool { return r.IntN(4) > 0 }
	return config.Targeting{
		DeviceTargetingEnabled: on(), GeoTargetingEnabled: on(), IPTargetingEnabled: on(), LanguageTargetingEnabled: on(),
		Device: config.TargetDevice{
			Browsers: some(r, "Chrome", "Chrome Mobile", "Safari"), DeviceTypes: some(r, "Phone", "Computer"), OperatingSystems: some(r, "iOS", "Linux"),
			OSVersions: map[string]osRule{"Windows": {IsAllowed: on(), MinVersion: "Vista"}, "iOS": {IsAllowed: on(), MinVersion: "14.4", MaxVersion: "15"}},
		},
		Geo:      config.TargetGeo{Countries: some(r, "DE", "AT"), Cities: some(r, "Berlin", "Wien")},
		IP:       config.TargetIP{IPAddresses: some(r, "10.0.0.1", "2001:db8::1"), IPRanges: some(r, "10.0.0.1-10.0.0.9", "2001:db8::-2001:db8::9")},
		Language: some(r, "de", "pt", "pt-BR"),
	}
}

func randomClick(r *rand.Rand) *click.Click {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	c := &click.Click{
		IP:             netip.MustParseAddr(pick("10.0.0.1", "10.0.0.2", "10.0.1.1", "2001:db8::1", "2001:db8::2", "::1")),
		AcceptLanguage: pick("", "de", "pt-BR,pt;q=0.9", "pt", "en,de;q=0", "*"),
		Geo:            click.Geo{Country: pick("", "DE", "AT", "FR"), City: pick("", "Berlin", "Wien", "Paris"), PlaceKnown: r.IntN(4) > 0},
	}
	if r.IntN(8) > 0 {
		c.Device = &click.Device{
			BrowserName: pick("Chrome", "Chrome Mobile", "Mobile Safari", "Firefox"), Type: pick("Phone", "Computer", "Tablet"),
			OSName: pick("iOS", "Ubuntu", "Windows"), OSVersion: pick("", "XP", "7", "14.4", "15.9", "16"),
		}
	}
	return c
}

// What Judge rejects by is what Explain says does not fit, and Fits tells
// whether there is any.
func TestExplainAgreesWithJudge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var seen click.ReasonSet
	for range 2000 {
		rules := compile(t, randomTargeting(r))
		for range 10 {
			c := randomClick(r)
			fits := rules.Fits(c)
			var misfits []explain.Rule
			for _, told := range rules.Explain(c) {
				if told.Fits != (told.Reason == "") || told.Name == "" || told.Wants == "" || told.Part != "targeting" {
					t.Fatalf("told %+v", told)
				}
				if !told.Fits {
					misfits = append(misfits, told)
				}
			}
			rules.Judge(c, &c.Verdict)
			v := &c.Verdict
			got := codes(v.Rejections)
			same := len(got) == len(misfits) && fits == (len(got) == 0)
			for _, told := range misfits {
				same = same && strings.Contains(" "+strings.Join(got, " ")+" ", " "+told.Reason+" ")
			}
			if same && len(misfits) > 0 {
				same = v.Primary.String() == misfits[0].Reason && v.Detail == misfits[0].Value
			}
			if !same {
				t.Fatalf("rejected for %v, first %q with %q, fits %t; explained as %+v", got, v.Primary, v.Detail, fits, misfits)
			}
			seen = seen.Union(v.Rejections)
		}
	}
	for reason := click.TargetingCountry; reason <= click.TargetingLanguage; reason++ {
		if !seen.Has(reason) {
			t.Errorf("no click was rejected for %s", reason)
		}
	}
}

func TestExplain(t *testing.T) {
	s := all(config.Targeting{
		Device: config.TargetDevice{
			Browsers:   bools{"Safari": true, "Chrome": true, "Opera": false},
			OSVersions: map[string]osRule{"iOS": {IsAllowed: true, MinVersion: "14", MaxVersion: "16"}, "Android": {MaxVersion: "7"}},
		},
		Geo: config.TargetGeo{Countries: bools{"AT": true}, Cities: bools{"Wien": true}},
		IP:  config.TargetIP{IPAddresses: bools{"10.0.0.7": false}, IPRanges: bools{"10.0.0.0-10.0.0.9": true}},
	})
	want := []explain.Rule{
		{Part: "targeting", Name: "geo.countries", Value: "DE", Wants: "AT", Reason: "TARGETING_COUNTRY"},
		{Part: "targeting", Name: "geo.cities", Value: "Berlin", Wants: "Wien", Fits: true},
		{Part: "targeting", Name: "device.browsers", Value: "Chrome Mobile", Wants: "Chrome or Safari; not Opera", Fits: true},
		{Part: "targeting", Name: "device.os_versions", Value: "14", Wants: "not Android to 7; iOS from 14 to 16", Fits: true},
		{Part: "targeting", Name: "ip", Value: "10.0.0.7", Wants: "10.0.0.0-10.0.0.9; not 10.0.0.7", Reason: "TARGETING_IP"},
	}
	got := compile(t, s).Explain(visitor(nil))
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("rule %d: told\n%+v\nwant\n%+v", i, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		list []string
		want string
	}{
		{nil, ""}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a or b"}, {[]string{"a", "b", "c"}, "a, b or c"},
		{strings.Split(strings.Repeat("x ", 25), " ")[:25], strings.Repeat("x, ", 19) + "x or 5 more"},
	} {
		if got := Names(tc.list); got != tc.want {
			t.Errorf("%v is %q, want %q", tc.list, got, tc.want)
		}
	}
}
