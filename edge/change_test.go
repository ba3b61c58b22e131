package edge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/rotate"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

var testChecks = config.Checks{Filter: filters.Check, URL: redirect.Check, Domain: redirect.CheckDomain, Targeting: target.Check}

// pick returns one of the values.
func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// randomDocument is a document of a small world, in which ids, numbers and
// references meet often.
func randomDocument(r *rand.Rand) string {
	n := func(most int) int { return 1 + r.IntN(most) }
	in := pick(r, "main", "main", "main", "side")
	maybe := func(text string) string { return pick(r, "", text) }
	switch r.IntN(12) {
	case 0:
		return fmt.Sprintf(`{kind: integration, id: %s, organization: org, name: M, type: Custom, active: %v, monitoring_mode: %v, offer_preview_enabled: false, clicks_config: {global_fallback_url: "https://%s.example/"}, conversions_config: {}, conversion_secure_code: s, default_revenue_payout: {click_payout: %d}%s}`,
			in, pick(r, true, true, false), pick(r, true, false), pick(r, "fall", "back"), n(3), maybe(fmt.Sprintf(`, custom_domain: {host: go%d.example}`, n(3))))
	case 1:
		return fmt.Sprintf(`{kind: advertiser, id: a%d, organization: org, incremental_id: %d, name: A%d, active: %v%s}`, n(3), n(4), n(5), pick(r, true, true, false), maybe(fmt.Sprintf(`, sub_account_1: "s%d"`, n(3))))
	case 2:
		return fmt.Sprintf(`{kind: publisher, id: p%d, organization: org, incremental_id: %d, external_id: "x%d", name: P%d, active: true}`, n(3), n(4), n(5), n(5))
	case 3:
		return fmt.Sprintf(`{kind: targeting_group, id: t%d, organization: org, integration: %s, name: T, active: %v, click_targeting_settings: {language_targeting_enabled: true, language: {%s: true}}}`, n(2), in, pick(r, true, false), pick(r, "de", "fr"))
	case 4:
		return fmt.Sprintf(`{kind: fraud_filter_group, id: f%d, organization: org, integration: %s, name: F, active: %v, click_filter_settings: {bot_enabled: %v}}`, n(2), in, pick(r, true, false), pick(r, true, false))
	case 5:
		return fmt.Sprintf(`{kind: filter_group, id: g%d, organization: org, integration: %s, name: G, active: %v, priority: %d%s%s, filters: [{type: %s, target: click}]}`,
			n(4), in, pick(r, true, true, false), n(6), maybe(fmt.Sprintf(`, publisher_ids: [p%d]`, n(3))), maybe(fmt.Sprintf(`, offer_ids: ["%d"]`, n(4))), pick(r, "BOT", "VPN"))
	case 6:
		return fmt.Sprintf(`{kind: offer, id: o%d, organization: org, integration: %s, incremental_id: %d, external_id: "x%d", name: O%d, advertiser_id: %d, active: %v, archived: %v%s%s%s%s}`,
			n(4), in, n(5), n(6), n(5), n(4), pick(r, true, true, false), pick(r, false, false, true),
			maybe(fmt.Sprintf(`, targeting_group_id: t%d`, n(2))), maybe(fmt.Sprintf(`, fraud_filter_group_id: f%d`, n(2))),
			maybe(fmt.Sprintf(`, fallback_url: "https://offer%d.example/"`, n(3))), maybe(fmt.Sprintf(`, visibility: Private, approved_publisher_ids: [p%d]`, n(3)))+
				maybe(`, strictly_country: true, countries: [DE]`)+maybe(fmt.Sprintf(`, payments: [{goal: E%d, type: fixed, revenue: %d, url: "https://pay.example/"}]`, n(2), n(9)))+maybe(`, targeting_simple_enabled: true, targeting_simple: {language_targeting_enabled: true, language: {it: true}}`))
	case 7:
		return fmt.Sprintf(`{kind: landing_page, id: l%d, organization: org, offer: o%d, incremental_id: %d, name: L, active: %v, hide_from_publishers: %v, redirect_url: "https://shop%d.example/"%s}`,
			n(6), n(4), n(8), pick(r, true, true, false), pick(r, true, false), n(3), maybe(fmt.Sprintf(`, weight: %d`, n(3))))
	case 8:
		return fmt.Sprintf(`{kind: smart_link, id: s%d, organization: org, integration: %s, incremental_id: %d, external_id: "y%d", name: S%d, active: %v, offers: [{offer: o%d, weight: %d}]%s}`,
			n(3), in, n(4), n(4), n(5), pick(r, true, true, false), n(4), n(3), maybe(fmt.Sprintf(`, fallback_offer: o%d`, n(4))))
	case 9:
		return fmt.Sprintf(`{kind: offer_event, id: e%d, organization: org, offer: o%d, incremental_id: %d, name: E%d, active: true%s}`,
			n(4), n(4), n(4), n(2), maybe(fmt.Sprintf(`, payout_type: CPA, payout: %d`, n(9))))
	case 10:
		return fmt.Sprintf(`{kind: custom_payout, id: c%d, organization: org, publisher_incremental_id: %d, offer_incremental_id: %d%s, payout_type: %s, payout: %d}`,
			n(4), n(4), n(5), maybe(fmt.Sprintf(`, event_incremental_id: %d`, n(4))), pick(r, "CPA", "CPC", "Unknown"), n(9))
	}
	return fmt.Sprintf(`{kind: blocked_sub_id, id: b%d, organization: org, publisher_incremental_id: %d, offer_incremental_id: %d, sub_id: s%d}`, n(4), n(4), n(5), n(2))
}

// firstWorld has what the random documents refer to.
const firstWorld = `
{kind: integration, id: main, organization: org, name: M, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {}, conversions_config: {}, conversion_secure_code: s, default_revenue_payout: {}}
---
{kind: advertiser, id: a1, organization: org, incremental_id: 1, name: A, active: true}
---
{kind: publisher, id: p1, organization: org, incremental_id: 1, name: P, active: true}
---
{kind: targeting_group, id: t1, organization: org, integration: main, name: T, active: true}
---
{kind: fraud_filter_group, id: f1, organization: org, integration: main, name: F, active: true}
---
{kind: offer, id: o1, organization: org, integration: main, incremental_id: 1, name: O, advertiser_id: 1, active: true, targeting_group_id: t1, fraud_filter_group_id: f1}
`

// randomChange is a change of some documents that leaves the set valid; no keys
// when there is none to be found.
func randomChange(t *testing.T, r *rand.Rand, s *config.Set) (*config.Set, []config.Key) {
	var puts []config.Document
	var deletes, keys []config.Key
	for range 1 + r.IntN(3) {
		if all := s.Keys(); r.IntN(4) == 0 && len(all) > 0 {
			deletes = append(deletes, pick(r, all...))
			continue
		}
		docs, problems := config.Decode("random.yaml", []byte(randomDocument(r)))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		puts = append(puts, docs...)
	}
	keys = append(keys, deletes...)
	for _, doc := range puts {
		keys = append(keys, doc.Key())
	}
	next := s.With(puts, deletes)
	if len(next.ValidateChange(s, keys, testChecks)) > 0 {
		return s, nil
	}
	return next, keys
}

// TestChangesEndAsTheWhole: whatever valid changes come, in whatever batches,
// the snapshot is the one that the final set alone makes.
func TestChangesEndAsTheWhole(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		rig := newRig(t)
		valid, pending := set(t, firstWorld), []config.Key(nil) // all of it is new
		applied := 0
		for range 220 {
			next, keys := randomChange(t, r, valid)
			valid, pending = next, append(pending, keys...)
			if len(pending) == 0 || r.IntN(3) > 0 {
				continue
			}
			if applied++; applied == 1 {
				pending = nil
			}
			if err := rig.Apply(valid, uint64(applied), pending); err != nil {
				t.Fatal(err)
			}
			pending = []config.Key{}
			whole, err := compile(nil, valid, uint64(applied), nil, rig.settings, rig.State)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := dump(rig.snapshot.Load()), dump(whole); got != want {
				t.Fatalf("seed %d, after %d changes the snapshot is not that of the whole set: %s", seed, applied, firstDifference(got, want))
			}
		}
		if applied < 20 {
			t.Errorf("seed %d applied %d changes only", seed, applied)
		}
	}
}

// dump writes down all that clicks can reach in a snapshot, by walking its
// values. Maps are sorted; what a former snapshot left in another order in a
// list is too, since lists of candidates are compared by priority.
func dump(s *Snapshot) string {
	var b strings.Builder
	for _, id := range []string{"main", "side"} {
		in, ok := s.parts.integrations.Get(id)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "integration %s %+v excluded %v whitelist %v hosts %v\n", id, *in.doc, in.excluded, in.whitelist, sortedHosts(in))
		for _, path := range []string{"go1.example", "go2.example", "go3.example"} {
			owner, _, _ := s.router.Route(path, "/")
			fmt.Fprintf(&b, " %s is ours %v\n", path, owner == in)
		}
		ids := []string{}
		for n := range 10 {
			ids = append(ids, fmt.Sprint(n), fmt.Sprint("x", n), fmt.Sprint("o", n), fmt.Sprint("p", n), fmt.Sprint("g", n), fmt.Sprint("s", n), fmt.Sprint("y", n))
		}
		for _, id := range ids {
			if o, ok := in.offers.Find(id); ok {
				fmt.Fprintf(&b, " offer %s: %s\n", id, dumpOffer(o))
			}
			if p, ok := in.publishers.Find(id); ok {
				fmt.Fprintf(&b, " publisher %s: %+v %s %s\n", id, *p.doc, p.number, p.row)
			}
			if l, ok := in.smartLinks.Find(id); ok {
				fmt.Fprintf(&b, " smart link %s: %+v %s %v %s\n", id, *l.doc, l.number, l.offers, dumpWheel(l.wheel))
			}
			for _, index := range []groupLists{in.groups.byOffer.Get, in.groups.byPublisher.Get, in.groups.byAdvertiser.Get} {
				list, _ := index(id)
				fmt.Fprintf(&b, " groups %s: %s\n", id, dumpMatchers(list))
			}
		}
		fmt.Fprintf(&b, " groups anywhere: %s\n", dumpMatchers(in.groups.anywhere))
		fmt.Fprintf(&b, " offers %d, smart links %d, groups %d %d %d, link %+v, strategy %v\n", in.offers.Len(), in.smartLinks.Len(), in.groups.byOffer.Len(), in.groups.byPublisher.Len(), in.groups.byAdvertiser.Len(), in.link, in.strategy)
		fmt.Fprintf(&b, " defaults %s\n", dumpGroup(&in.defaults))
	}
	return b.String()
}

type groupLists func(string) ([]*matcher, bool)

func sortedHosts(in *integration) (hosts []string) {
	for _, host := range []string{"fall.example", "back.example", "offer1.example", "offer2.example", "offer3.example"} {
		if in.requestHosts.Has(host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// dumpTerms is what some clicks and conversions are worth.
func dumpTerms(o *offer) string {
	var b strings.Builder
	for _, plane := range []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion} {
		for n := range 25 {
			c := &click.Click{Plane: plane}
			c.Link.PublisherNumber = fmt.Sprint(n % 5)
			if n > 4 {
				c.Conversion.EventNumber = fmt.Sprint(n/5 - 1)
			}
			at, ok := o.terms.Target(c)
			fmt.Fprint(&b, o.terms.Price(c), at, ok, " ")
		}
	}
	return b.String()
}

func dumpOffer(o *offer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v active %v advertised %v by %q earns %s link %+v rules %v blocked %v", *o.doc, o.active, o.advertised, o.advertiserExternal, dumpTerms(o), o.link, o.rules.Explain(&click.Click{}), o.blocked)
	for n := range 10 {
		if p := o.pages.find(fmt.Sprint(n)); p != nil {
			fmt.Fprintf(&b, " page %s %s %s", p.id, p.number, p.to.Host())
		}
	}
	if o.defaultPage != nil {
		fmt.Fprintf(&b, " default %s %s", o.defaultPage.id, o.defaultPage.to.Host())
	}
	if o.rotation != nil {
		fmt.Fprintf(&b, " rotation %s of %d", dumpWheel(o.rotation), len(o.rotated))
	}
	if o.fallbackTo != nil {
		fmt.Fprintf(&b, " fallback %s", o.fallbackTo.Host())
	}
	if o.targeting != nil {
		fmt.Fprintf(&b, " targeting %s", o.targeting.id)
		if rules := o.targeting.rules[0].Explain(&click.Click{}); rules != nil {
			fmt.Fprintf(&b, " %v", rules)
		}
	}
	if o.fraud != nil {
		fmt.Fprintf(&b, " fraud %s", dumpGroup(o.fraud))
	}
	return b.String()
}

// dumpWheel is what some visitors are sent to.
func dumpWheel(w *rotate.Wheel) string {
	var picks []int
	for n := range 20 {
		i, _ := w.First(rotate.Visitor(0).With(fmt.Sprint(n)))
		picks = append(picks, i)
	}
	return fmt.Sprint(picks)
}

func dumpGroup(g *group) string {
	var codes []string
	for _, chain := range g.chains {
		codes = append(codes, fmt.Sprintf("%b", chain.Kinds()))
	}
	return fmt.Sprint(g.id, g.monitoring, codes)
}

func dumpMatchers(list []*matcher) string {
	var all []string
	for _, m := range list {
		all = append(all, fmt.Sprint(m.priority, " ", dumpGroup(m.group), m.offers, m.publishers, m.advertisers))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("\n%s\nwant\n%s", g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
