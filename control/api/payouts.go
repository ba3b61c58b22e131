package api

import (
	"github.com/clickgate/clickgate/config"
)

var payoutFields = []string{
	"offer_incremental_id", "event_incremental_id", "payout", "payout_percent", "payout_type",
	"revenue", "revenue_percent", "revenue_type", "label",
}

func customPayouts() *resource {
	return &resource{
		kind: config.KindCustomPayout, name: "CustomPayout", title: "custom payout", plural: "custom payouts", tag: "custom-payouts",
		about: "Terms of an offer, or of one of its events, for one publisher.",
		path:  "/api/v2/custom-payouts", param: "customPayoutID",
		create: body{
			fields:   fields(payoutFields, []string{"publisher_incremental_id", "platform", "meta", "organization"}),
			required: []string{"publisher_incremental_id", "offer_incremental_id"},
		},
		update:     body{fields: payoutFields},
		bulkDelete: true,
		check:      notArchived,
		extras: append(pairExtras(payoutPair, "offer_id", "offer_name", "publisher_id", "publisher_name", "integration", "currency"),
			extra{"event_id", "", func(l look) any {
				if event := eventOf(l); event != nil {
					return event.ID
				}
				return ""
			}},
			extra{"event_name", "", func(l look) any {
				if event := eventOf(l); event != nil {
					return event.Name
				}
				return ""
			}}),
	}
}

func payoutPair(d config.Document) (publisher, offer int64) {
	p := d.(*config.CustomPayout)
	return p.PublisherIncrementalID, p.OfferIncrementalID
}

func eventOf(l look) *config.OfferEvent {
	doc, _ := l.snap.Set.ByNumber(config.KindOfferEvent, l.Document.(*config.CustomPayout).EventIncrementalID)
	event, _ := doc.(*config.OfferEvent)
	return event
}

var throttleFields = []string{"offer_incremental_id", "throttle_percentage", "throttle_status", "active", "additional_filters", "label"}

func customThrottles() *resource {
	return &resource{
		kind: config.KindCustomThrottle, name: "CustomThrottle", title: "custom throttle", plural: "custom throttles", tag: "custom-throttles",
		about: "A share of a publisher's conversions on an offer that gets another status.",
		path:  "/api/v2/publishers/{publisherID}/custom-throttles", param: "customThrottleID",
		parents: []parent{{param: "publisherID", kind: config.KindPublisher, field: "publisher_incremental_id", number: true}},
		create: body{
			fields:   fields(throttleFields, []string{"publisher_incremental_id"}),
			required: []string{"publisher_incremental_id", "offer_incremental_id", "throttle_percentage"},
		},
		update:    body{fields: throttleFields},
		listOrOne: true, bulkStatus: true, bulkDelete: true,
		check: notArchived,
		extras: pairExtras(func(d config.Document) (int64, int64) {
			t := d.(*config.CustomThrottle)
			return t.PublisherIncrementalID, t.OfferIncrementalID
		}, "offer_id", "offer_name_with_id", "publisher_id", "publisher_name_with_id", "integration"),
	}
}
