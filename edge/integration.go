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
	mapping    *link.Mapping // of clicks; reception has that of conversions
	offers     link.Index[*offer]
	smartLinks link.Index[*smartLink]
	publishers *publishers
	groups     groupIndex
	defaults   group // list form, then object form (D-27)
	inheritance

	excluded, whitelist sources
	reception

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
	in.reception = c.newReception(doc)
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
