package config

import "strconv"

// claim is a value that may occur once among the documents of a kind.
type claim struct {
	// field is the path of the value: "custom_domain.click_path".
	field string
	// scope is what the value is unique in: an integration, an organization;
	// empty is everywhere.
	scope string
	// value is the text, or empty when the value is number.
	value  string
	number int64
}

// shown is the value as messages tell it.
func (c *claim) shown() string {
	switch {
	case c.value == "":
		return strconv.FormatInt(c.number, 10)
	case c.field == clickPathField || c.field == conversionPathField:
		return c.scope + c.value
	}
	return strconv.Quote(shorten(c.value))
}

// same tells whether two documents of a kind cannot both make the claim. The
// paths of a custom domain are two fields with one set of values.
func (c *claim) same(other *claim) bool {
	return c.name() == other.name() && c.scope == other.scope && c.value == other.value && c.number == other.number
}

// name is the field, or what fields with one set of values share.
func (c *claim) name() string {
	if c.field == conversionPathField {
		return clickPathField
	}
	return c.field
}

const (
	numberPath          = "incremental_id"
	clickPathField      = "custom_domain.click_path"
	conversionPathField = "custom_domain.conversion_path"
)

// claimsOf calls visit for every value of d that must be unique. A value that
// is missing or wrong by itself claims nothing.
func claimsOf(d Document, visit func(c claim)) {
	number := func(n int64) {
		if n > 0 {
			visit(claim{field: numberPath, number: n})
		}
	}
	text := func(field, scope, value string) {
		if value != "" {
			visit(claim{field: field, scope: scope, value: value})
		}
	}
	switch d := d.(type) {
	case *Integration:
		claimPaths(d.CustomDomain, visit)
	case *Advertiser:
		number(d.IncrementalID)
		text("external_id", d.Organization, d.ExternalID)
	case *Publisher:
		number(d.IncrementalID)
		text("external_id", d.Organization, d.ExternalID)
	case *FilterGroup:
		visit(claim{field: "priority", scope: d.Integration, number: d.Priority})
	case *Offer:
		number(d.IncrementalID)
		text("external_id", d.Integration, d.ExternalID)
	case *LandingPage:
		number(d.IncrementalID)
	case *OfferEvent:
		number(d.IncrementalID)
	case *BlockedSubID:
		text("sub_id", pairOf(d.PublisherIncrementalID, d.OfferIncrementalID), d.SubID)
	case *CustomPayout:
		visit(claim{field: "event_incremental_id", scope: pairOf(d.PublisherIncrementalID, d.OfferIncrementalID), number: d.EventIncrementalID})
	case *OfferDictionary:
		text("source_id", d.Integration, d.SourceID)
	case *PublisherDictionary:
		text("source_id", d.Integration, d.SourceID)
	case *PublisherSubID:
		text("external_id", d.Publisher, d.ExternalID)
	case *SmartLink:
		number(d.IncrementalID)
		text("external_id", d.Integration, d.ExternalID)
	case *User:
		text("email", "", d.Email)
	case *PublisherUser:
		text("email", "", d.Email)
	case *APIKey:
		text("hash", "", d.Hash)
	}
}

// claimPaths claims the paths on which an integration answers.
func claimPaths(d *CustomDomain, visit func(c claim)) {
	if d == nil || d.Host == "" {
		return
	}
	click, conversion := d.paths()
	if click != conversion {
		visit(claim{field: clickPathField, scope: d.Host, value: click})
		visit(claim{field: conversionPathField, scope: d.Host, value: conversion})
	}
}

// pairOf is the scope of what a publisher and an offer have together.
func pairOf(publisher, offer int64) string {
	return strconv.FormatInt(publisher, 10) + "/" + strconv.FormatInt(offer, 10)
}
