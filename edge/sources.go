package edge

import (
	"strings"

	"github.com/clickgate/clickgate/config"
)

// sources is a compiled list of sources; a nil map is an empty dimension.
type sources struct {
	advertisers, countries, offers, publishers map[string]struct{}
	empty                                      bool
}

// newSources compiles a list. Countries are in upper case, as in click.Geo.
func newSources(doc config.Sources) sources {
	s := sources{
		advertisers: setOf(doc.Advertisers), countries: map[string]struct{}{},
		offers: setOf(doc.Offers), publishers: setOf(doc.Publishers),
	}
	for _, code := range doc.Countries {
		s.countries[strings.ToUpper(code)] = struct{}{}
	}
	if len(s.countries) == 0 {
		s.countries = nil
	}
	s.empty = s.advertisers == nil && s.countries == nil && s.offers == nil && s.publishers == nil
	return s
}

// source is where a click comes from, in one dimension.
type source struct {
	received string
	// resolved are the incremental, opaque and external id of what it is; all
	// are empty where the link names nothing of ours.
	resolved [3]string
}

// dropped tells whether the click's source is not to be admitted: it
// stands on the excluded list, or misses a dimension of the whitelist. Excluded
// wins (D-13).
func (v *visit) dropped() bool {
	x, w := &v.in.excluded, &v.in.whitelist
	if x.empty && w.empty {
		return false
	}
	c := &v.click
	advertiser, offer, publisher := source{received: c.Advertiser}, source{received: c.Offer}, source{received: c.Publisher}
	if o := v.offer; o != nil {
		advertiser.resolved = [3]string{c.Link.AdvertiserNumber, c.Link.AdvertiserID, o.advertiserExternal}
		offer.resolved = [3]string{c.Link.OfferNumber, c.Link.OfferID, o.doc.ExternalID}
	}
	if p := v.publisher; p != nil {
		publisher.resolved = [3]string{p.number, p.doc.ID, p.doc.ExternalID}
	}
	if advertiser.barred(x.advertisers, w.advertisers) || offer.barred(x.offers, w.offers) || publisher.barred(x.publishers, w.publishers) {
		return true
	}
	// Without a database nobody's country is known, which is not his fault.
	country := source{resolved: [3]string{c.Geo.Country}}
	return c.Geo.PlaceKnown && country.barred(x.countries, w.countries)
}

// barred tells whether the source may not pass. An exclusion holds for every
// name of the source, so that none avoids it. A whitelist holds for what the
// source is, where that is known: what a link says of itself proves nothing.
func (s *source) barred(excluded, whitelist map[string]struct{}) bool {
	received := [3]string{s.received}
	if hasAny(excluded, received) || hasAny(excluded, s.resolved) {
		return true
	}
	if whitelist == nil {
		return false
	}
	if s.resolved != [3]string{} {
		return !hasAny(whitelist, s.resolved)
	}
	return !hasAny(whitelist, received)
}

func hasAny(set map[string]struct{}, values [3]string) bool {
	if set == nil {
		return false
	}
	for _, v := range values {
		if _, ok := set[v]; ok && v != "" {
			return true
		}
	}
	return false
}

func setOf(list []string) map[string]struct{} {
	if len(list) == 0 {
		return nil
	}
	set := make(map[string]struct{}, len(list))
	for _, v := range list {
		set[v] = struct{}{}
	}
	return set
}
