package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var (
	integrationTypes = []string{
		"Custom", "HasOffer", "Everflow", "EverflowAPI", "Affise", "Trackier",
		"REDIRECT_URL", "Appsflyer", "Adjust", "AppMetrica",
	}
	syncModes          = []string{"RejectedOnly", "PendingOnly", "All"}
	redirectStrategies = []string{"301", "302", "303", "307", "308", "http302", "http302hidden", "js", "meta"}
)

func (v *validator) integration(d *Integration) {
	v.required("name", d.Name)
	v.required("type", d.Type)
	v.oneOf("type", d.Type, integrationTypes)
	v.clicksConfig(&d.ClicksConfig)
	v.conversionsConfig(&d.ConversionsConfig)
	v.extraPaths(d)
	v.required("conversion_secure_code", d.ConversionSecureCode)
	v.oneOf("conversion_third_party_sync_mode", d.ConversionThirdPartySyncMode, syncModes)
	v.list("conversion_third_party_sync_offer_ids", d.ConversionThirdPartySyncOfferIDs, nil)
	v.amounts(&d.DefaultRevenuePayout)
	if d.Currency != "" && !madeOf(d.Currency, 3, 3, isUpper) {
		v.fail("currency", "must be an ISO 4217 code of three upper-case letters such as EUR, found %q", shorten(d.Currency))
	}
	v.notNegative("duplicate_external_tx_id_cache_expiry_seconds", d.DuplicateExternalTxIDExpirySecond)
	v.notNegative("max_attribution_lookup_days", d.MaxAttributionLookupDays)
	v.sources("excluded_sources", &d.ExcludedSources)
	v.sources("whitelist_sources", &d.WhitelistSources)
	v.customDomain(d.CustomDomain)
	v.host("primary_domain", d.PrimaryDomain)
	v.defaultFilters(d)
	v.host("original_tracking_domain", d.OriginalTrackingDomain)
	v.postbackURL("account_api_url", d.AccountAPIURL, forPlatform)
	for _, name := range slices.Sorted(maps.Keys(d.ClickSigningConfigs)) {
		c := d.ClickSigningConfigs[name]
		v.within("click_signing_configs", func() {
			v.within(name, func() { v.list("offers", c.Offers, nil) })
		})
	}
}

func (v *validator) clicksConfig(c *ClicksConfig) {
	v.within("clicks_config", func() {
		v.url("global_redirect_url", c.GlobalRedirectURL)
		v.url("global_fallback_url", c.GlobalFallbackURL)
		v.oneOf("redirect_strategy", c.RedirectStrategy, redirectStrategies)
		v.notNegative("redirect_cache_expiry_seconds", c.RedirectCacheExpirySeconds)
		v.parameters(clickFields(&c.RequestParametersMapping))
	})
}

func (v *validator) amounts(a *Amounts) {
	v.within("default_revenue_payout", func() {
		v.amount("click_payout", a.ClickPayout)
		v.amount("click_revenue", a.ClickRevenue)
		v.amount("conversion_payout", a.ConversionPayout)
		v.amount("conversion_revenue", a.ConversionRevenue)
	})
}

func (v *validator) sources(field string, s *Sources) {
	v.within(field, func() {
		v.list("advertisers", s.Advertisers, nil)
		v.list("countries", s.Countries, checkCountry)
		v.list("offers", s.Offers, nil)
		v.list("publishers", s.Publishers, nil)
	})
}

// customDomain checks what R-67 asks of one integration; that no two answer on
// one host and path is a matter of claimsOf.
func (v *validator) customDomain(d *CustomDomain) {
	if d == nil {
		return
	}
	click, conversion := d.paths()
	v.within("custom_domain", func() {
		v.required("host", d.Host)
		v.host("host", d.Host)
		v.failOn("click_path", checkPath(click))
		v.failOn("conversion_path", checkPath(conversion))
		if click == conversion {
			v.fail("conversion_path", "must differ from click_path, both are %q", shorten(click))
		}
	})
}

// paths are those of clicks and of conversions.
func (d *CustomDomain) paths() (click, conversion string) {
	return cmp.Or(d.ClickPath, "/"), cmp.Or(d.ConversionPath, "/conversions")
}

func checkPath(s string) error {
	if !strings.HasPrefix(s, "/") {
		return fmt.Errorf(`must begin with "/", found %q`, shorten(s))
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("?#{}%\\", r) }); i >= 0 {
		return fmt.Errorf("must be a plain path without query, macros and escapes, found %q at byte %d", s[i], i)
	}
	return nil
}
