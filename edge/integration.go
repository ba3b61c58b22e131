package edge

import (
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// integration is a compiled integration with everything below it.
type integration struct {
	doc        *config.Integration
	mapping    *link.Mapping
	offers     link.Index[*offer]
	smartLinks link.Index[*smartLink]
	publishers *publishers
	groups     groupIndex
	defaults   group // list form, then object form (D-27)
	inheritance

	excluded, whitelist sources

	strategy     redirect.Strategy
	redirectTo   *redirect.Template // nil: none configured
	fallbackTo   *redirect.Template
	pass         redirect.Pass
	requestHosts *redirect.Hosts // where a request's own URLs may lead
}

// inheritance is all that offers take over from their integration.
type inheritance struct {
	link    click.Link // what clicks without a known offer resolve to
	amounts config.Amounts
}

func inheritanceOf(doc *config.Integration) inheritance {
	l := click.Link{IntegrationID: doc.ID, IntegrationType: doc.Type, OrganizationID: doc.Organization}
	l.OfferRow = events.OfferRow(&l)
	return inheritance{link: l, amounts: doc.DefaultRevenuePayout}
}

// publisher is a compiled publisher.
type publisher struct {
	doc         *config.Publisher
	number, row string
}

func newPublisher(doc *config.Publisher) *publisher {
	row := events.PublisherRow(&click.Link{PublisherID: doc.ID, PublisherName: doc.Name})
	return &publisher{doc: doc, number: decimal(doc.IncrementalID), row: row}
}

func (p *publisher) active() bool { return p.doc.Active && !p.doc.Archived && !p.doc.Pending }

func (c *compiler) newIntegration(doc *config.Integration) *integration {
	in := &integration{
		doc: doc, inheritance: inheritanceOf(doc),
		mapping:   link.NewMapping(doc.ClicksConfig.RequestParametersMapping),
		excluded:  newSources(doc.ExcludedSources),
		whitelist: newSources(doc.WhitelistSources),
		pass:      redirect.NewPass(doc.ClicksConfig.LimitedURLParameters, doc.ClicksConfig.RequestParametersMapping),
	}
	key, cc := doc.Key(), doc.ClicksConfig
	strategy, err := redirect.ParseStrategy(cc.RedirectStrategy)
	if err != nil {
		c.problem(key, "clicks_config.redirect_strategy", err)
	}
	in.strategy = strategy
	in.redirectTo = c.template(key, "clicks_config.global_redirect_url", cc.GlobalRedirectURL)
	in.fallbackTo = c.template(key, "clicks_config.global_fallback_url", cc.GlobalFallbackURL)
	in.defaults = c.defaultGroup(doc)
	return in
}

// defaultGroup compiles the integration's own filters, the group of score 0
// the list form first, then the object form (D-27).
func (c *compiler) defaultGroup(doc *config.Integration) group {
	return group{chains: c.newChains(doc.Key(), "default filters", filters.Lists{
		click.PlaneClick:      slices.Concat(doc.DefaultFilters, doc.FraudClickFilterSettings.Filters()),
		click.PlaneImpression: slices.Concat(doc.DefaultImpressionFilters, doc.FraudImpressionFilterSettings.Filters()),
		click.PlaneConversion: slices.Concat(doc.DefaultConversionFilters, doc.FraudConversionFilterSettings.Filters()),
	})}
}

// sources is a compiled list of sources; a nil map is an empty dimension.
type sources struct {
	advertisers, countries, offers, publishers map[string]struct{}
	empty                                      bool
}

func newSources(doc config.Sources) sources {
	s := sources{
		advertisers: setOf(doc.Advertisers), countries: setOf(doc.Countries),
		offers: setOf(doc.Offers), publishers: setOf(doc.Publishers),
	}
	s.empty = s.advertisers == nil && s.countries == nil && s.offers == nil && s.publishers == nil
	return s
}

// drops tells whether the click's source is not to be admitted: it
// stands on the excluded list, or misses a dimension of the whitelist. A value
// counts as received and as resolved.
func (in *integration) drops(c *click.Click) bool {
	if in.excluded.empty && in.whitelist.empty {
		return false
	}
	l := &c.Link
	dims := [...]struct {
		excluded, whitelist map[string]struct{}
		values              [3]string
	}{
		{in.excluded.advertisers, in.whitelist.advertisers, [3]string{c.Advertiser, l.AdvertiserNumber, l.AdvertiserID}},
		{in.excluded.offers, in.whitelist.offers, [3]string{c.Offer, l.OfferNumber, l.OfferID}},
		{in.excluded.publishers, in.whitelist.publishers, [3]string{c.Publisher, l.PublisherNumber, l.PublisherID}},
		{in.excluded.countries, in.whitelist.countries, [3]string{c.Geo.Country}},
	}
	for i := range dims {
		d := &dims[i]
		if hasAny(d.excluded, d.values) || d.whitelist != nil && !hasAny(d.whitelist, d.values) {
			return true
		}
	}
	return false
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
