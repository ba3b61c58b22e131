package api

import (
	"net/http"
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

var smartLinkFields = []string{
	"name", "external_id", "description", "active", "strategy", "offers", "fallback_offer", "organization", "label",
}

// smartLinks are ours: the documents show them in reports only.
func smartLinks() *resource {
	return &resource{
		kind: config.KindSmartLink, name: "SmartLink", title: "smart link", plural: "smart links", tag: "smart-links",
		about: "A link that picks one of several offers for each visitor, by weight or priority, and skips those that cannot take the click.",
		path:  "/api/v2/smart-links", param: "smartLinkID",
		create: body{
			fields:   fields(smartLinkFields, []string{"integration"}),
			required: []string{"integration", "name", "offers"},
		},
		update:     body{fields: smartLinkFields},
		bulkStatus: true, bulkDelete: true, archives: true,
		check:  offersNotArchived,
		extras: []extra{nameWithID},
	}
}

// offersNotArchived refuses offers that are archived and that the smart link
// did not name before.
func offersNotArchived(_ *call, snap store.Snapshot, before, after config.Document) error {
	var named []namedOffer
	if before != nil {
		named = offersOf(before.(*config.SmartLink))
	}
	known := make(map[string]bool, len(named))
	for _, o := range named {
		known[o.id] = true
	}
	var mistakes []problem.Detail
	for _, o := range offersOf(after.(*config.SmartLink)) {
		doc, ok := snap.Set.Get(config.Key{Kind: config.KindOffer, ID: o.id})
		if ok && !known[o.id] && config.Archived(doc) {
			mistakes = append(mistakes, problem.Detail{Location: "body." + o.field, Message: "the offer is archived", Value: o.id})
		}
	}
	if len(mistakes) > 0 {
		return problem.New(http.StatusUnprocessableEntity, "an entity that is archived takes part in nothing new", mistakes...)
	}
	return nil
}

// namedOffer is an offer and the field of a smart link that names it.
type namedOffer struct{ field, id string }

// offersOf are the offers that a smart link names.
func offersOf(d *config.SmartLink) []namedOffer {
	offers := make([]namedOffer, 0, len(d.Offers)+1)
	for i := range d.Offers {
		offers = append(offers, namedOffer{"offers[" + strconv.Itoa(i) + "].offer", d.Offers[i].Offer})
	}
	return append(offers, namedOffer{"fallback_offer", d.FallbackOffer})
}
