package config

import "fmt"

var (
	visibilities    = []string{"Public", "Private", "Requires_Approval"}
	offerCurrencies = []string{"USD", "EUR"}
	payoutTypes     = []string{"CPA", "CPS", "CPAxCPS", "CPC", "CPM", "PRV"}
	revenueTypes    = []string{"RPA", "RPS", "RPAxRPS", "RPC", "RPM"}
)

func (v *validator) offer(d *Offer) {
	v.parent("integration", KindIntegration, d.Integration)
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.byNumber("advertiser_id", KindAdvertiser, d.AdvertiserID)
	v.oneOf("visibility", d.Visibility, visibilities)
	v.oneOf("currency", d.Currency, offerCurrencies)
	v.payout("default_payout", &d.DefaultPayout)
	v.payments(d)
	v.url("fallback_url", d.FallbackURL)
	v.switchedURL("parallel_tracking", d.ParallelTrackingEnabled, d.ParallelTrackingURL)
	v.switchedURL("impression_forwarding", d.ImpressionForwardingEnabled, d.ImpressionForwardingURL)
	v.list("allowed_domains", d.AllowedDomains, v.domain)
	v.host("primary_domain", d.PrimaryDomain)
	v.reference("targeting_group_id", KindTargetingGroup, d.TargetingGroupID)
	v.reference("fraud_filter_group_id", KindFraudFilterGroup, d.FraudFilterGroupID)
	v.references("approved_publisher_ids", KindPublisher, d.ApprovedPublisherIDs)
	v.defaultLandingPage(d)
	if d.TargetingSimpleEnabled && d.TargetingSimple == nil {
		v.fail("targeting_simple", "missing, but targeting_simple_enabled is true")
	}
	v.targeting("targeting_simple", d.TargetingSimple)
	v.offerRules(&d.OfferRules)
	v.conversionRules(&d.ConversionRules)
}

// defaultLandingPage checks that the page is one of the offer's own.
func (v *validator) defaultLandingPage(d *Offer) {
	page, _ := v.reference("default_landing_page_id", KindLandingPage, d.DefaultLandingPageID).(*LandingPage)
	if page != nil && page.Offer != "" && page.Offer != d.ID {
		v.failOn("default_landing_page_id", belonging(page.Key(), pathOf(Key{KindOffer, page.Offer})))
	}
}

// switchedURL checks name_url, which name_enabled needs.
func (v *validator) switchedURL(name string, enabled bool, template string) {
	if enabled && template == "" {
		v.fail(name+"_url", "missing, but %s_enabled is true", name)
	}
	v.url(name+"_url", template)
}

// payout checks the terms of A7.1.
func (v *validator) payout(field string, p *Payout) {
	v.within(field, func() { v.terms(p, payoutTypes, revenueTypes) })
}

func (v *validator) domain(s string) error {
	if !isHost(s) {
		return fmt.Errorf("must be a host name in lower case such as example.com, found %q", shorten(s))
	}
	if v.checks.Domain != nil {
		return v.checks.Domain(s)
	}
	return nil
}

func (v *validator) landingPage(d *LandingPage) {
	v.parent("offer", KindOffer, d.Offer)
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.required("redirect_url", d.RedirectURL)
	v.url("redirect_url", d.RedirectURL)
	v.url("preview_url", d.PreviewURL)
	v.weight(d.Weight)
}
