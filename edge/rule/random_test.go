package rule

import (
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// dice makes random offers and clicks of few values, so that they often meet.
type dice struct{ *rand.Rand }

func pick[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

func (d dice) offer() (config.Offer, *config.Advertiser) {
	ids := func() []string { return pick(d, nil, nil, []string{"a"}, []string{"a", "b"}) }
	subs := func() config.SubAccounts {
		return config.SubAccounts{
			SubAccount1: pick(d, "", "", "x", "x, y"), SubAccount1Except: pick(d, false, true),
			SubAccount2: pick(d, "", "", "x", "x, y"), SubAccount2Except: pick(d, false, true),
		}
	}
	o := config.Offer{
		Visibility: pick(d, "", "", "Private"), ApprovedPublisherIDs: ids(), TermsAndConditionsEnabled: pick(d, false, false, true),
		OfferRules: config.OfferRules{
			TermsAcceptedPublisherIDs: ids(), BlockedPublisherIDs: ids(),
			StartAt: pick(d, "", "2026-03-01"), StopAt: pick(d, "", "2026-10-25T02:30"), Timezone: pick(d, "", "Europe/Berlin"),
			Schedule:  config.Schedule{Mon: pick(d, nil, nil, []string{"08:00-20:00"}), Sat: pick(d, nil, nil, []string{"20:00-08:00", "00:00-01:00"})},
			Countries: []string{"DE"}, StrictlyCountry: pick(d, false, true),
			StrictlyOS:             pick(d, nil, []config.StrictOS{{OS: "ios", Versions: []string{"15"}}, {OS: "web"}}),
			StrictlyISP:            pick(d, nil, []string{"AS1", "Tele"}),
			StrictlyConnectionType: pick(d, "", "all", "wifi", "cellular"),
			DisallowedIP:           pick(d, "", "192.0.2.1", "2001:db8::/32\n192.0.2.2"),
			UniqIPOnly:             pick(d, false, true), ClickSession: pick(d, "", "1h"),
			SubRestrictions: pick(d, nil, []config.SubPair{{Sub1: "x"}, {Sub1: "x", Sub2: "y"}}), SubAccounts: subs(),
		},
	}
	return o, pick(d, nil, &config.Advertiser{BlockedPublisherIDs: ids(), SubAccounts: subs()})
}

func (d dice) click() *click.Click {
	return &click.Click{
		Plane: pick(d, click.PlaneClick, click.PlaneImpression), Purpose: pick(d, click.Visit, click.Visit, click.Prefetch),
		TimeMS: at("2026-01-01T00:00:00Z") + d.Int64N(365*24)*3_600_000,
		IP:     netip.MustParseAddr(pick(d, "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db9::1")),
		SubID:  [6]string{pick(d, "", "x", "y", "z"), pick(d, "", "x", "y", "z")},
		Geo: click.Geo{
			Country: pick(d, "", "DE", "AT"), ISP: pick(d, "", "Tele 2", "Telekom"), ASN: pick(d, uint32(0), 1, 2),
			Connection: pick(d, "", "Cellular", "Corporate"), PlaceKnown: pick(d, false, true), ISPKnown: pick(d, false, true),
		},
		Device: pick(d, nil, &click.Device{OSName: "iOS", OSVersion: "15.1"}, &click.Device{OSName: "iOS"}, &click.Device{OSName: "Linux"}, &click.Device{OSName: "Other"}),
		Link:   click.Link{PublisherID: pick(d, "", "a", "b", "c")},
	}
}

// What Judge rejects by is what Explain says does not fit, and Fits tells
// whether there is any.
func TestExplainAgreesWithJudge(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(1, 2))}
	m := memory()
	var seen click.ReasonSet
	for i := range 3000 {
		o, a := d.offer()
		o.ID = strconv.Itoa(i)
		rules, problems := Compile(&o, a, m)
		if problems != nil {
			t.Fatal(problems)
		}
		for range 10 {
			c := d.click()
			fits := rules.Fits(c)
			var want click.ReasonSet
			var first, detail string
			for _, told := range rules.Explain(c) {
				if told.Fits != (told.Reason == "") || told.Name == "" || told.Wants == "" || told.Part != "offer" {
					t.Fatalf("told %+v", told)
				}
				if !told.Fits {
					want = want.With(reasonOf(t, told.Reason))
					if first == "" {
						first, detail = told.Reason, told.Value
					}
				}
			}
			rules.Judge(c, &c.Verdict)
			v := &c.Verdict
			if v.Rejections != want || v.Primary.String() != first || v.Detail != detail || fits == v.Rejected() {
				t.Fatalf("rejected for %v, first %q with %q, fits %t; explained as %v, first %q with %q\noffer %+v\nclick %+v",
					v.Rejections, v.Primary, v.Detail, fits, want, first, detail, o, c)
			}
			seen = seen.Union(v.Rejections)
		}
	}
	for _, r := range []click.Reason{click.StrictCountry, click.StrictOS, click.StrictISP, click.StrictConnectionType, click.IPNotAllowed,
		click.IPNotUnique, click.SubAccountNotAllowed, click.SubRestricted, click.Scheduled, click.OfferNotAllowed} {
		if !seen.Has(r) {
			t.Errorf("no click was rejected for %s", r)
		}
	}
}

func reasonOf(t *testing.T, code string) click.Reason {
	for _, r := range click.Reasons() {
		if r.String() == code {
			return r
		}
	}
	t.Fatalf("there is no reason %q", code)
	return click.None
}
