package config

import (
	"fmt"
	"strings"
)

var (
	postbackStatuses = []string{"by_creating", "confirmed", "pending", "declined", "hold", "not_found"}
	pixelTypes       = []string{"javascript", "iframe", "image"}
	moderations      = []string{"pending", "approved", "rejected"}
)

// The longest texts of what publishers make.
const (
	longestGoal      = 100 // characters
	longestPixelName = 100 // characters
	longestPixel     = 10_000
)

func (v *validator) publisherPostback(d *PublisherPostback) {
	v.byNumber("publisher_incremental_id", KindPublisher, d.PublisherIncrementalID)
	if d.OfferIncrementalID != 0 {
		v.byNumber("offer_incremental_id", KindOffer, d.OfferIncrementalID)
	}
	v.required("url", d.URL)
	v.postbackURL("url", d.URL, forPublisher)
	v.oneOf("method", d.Method, postbackMethods)
	v.oneOf("status", d.Status, postbackStatuses)
	v.goal(d.Goal)
}

func (v *validator) publisherPixel(d *PublisherPixel) {
	v.byNumber("publisher_incremental_id", KindPublisher, d.PublisherIncrementalID)
	v.byNumber("offer_incremental_id", KindOffer, d.OfferIncrementalID)
	v.required("name", d.Name)
	v.longest("name", d.Name, longestPixelName)
	v.required("code", d.Code)
	v.required("code_type", d.CodeType)
	v.oneOf("code_type", d.CodeType, pixelTypes)
	v.failOn("code", checkPixel(d.Code, d.CodeType))
	v.oneOf("moderation_status", d.ModerationStatus, moderations)
}

// checkPixel accepts markup that has the element of its type.
func checkPixel(code, codeType string) error {
	if len(code) > longestPixel {
		return fmt.Errorf("must have at most %d bytes, found %d", longestPixel, len(code))
	}
	element := map[string]string{"javascript": "<script", "iframe": "<iframe", "image": "<img"}[codeType]
	if strings.TrimSpace(code) != "" && !strings.Contains(strings.ToLower(code), element) {
		return fmt.Errorf("must hold a %s> element, as its code_type %s says", element, codeType)
	}
	return nil
}
