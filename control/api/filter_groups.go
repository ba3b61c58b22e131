package api

import "github.com/clickgate/clickgate/config"

var filterGroupFields = []string{
	"name", "organization", "description", "active", "priority", "advertiser_ids", "publisher_ids", "offer_ids", "filters",
	"click_filter_preset_id", "conversion_filter_preset_id", "monitoring_mode", "rtb_enabled", "label",
}

func filterGroups() *resource {
	return &resource{
		kind: config.KindFilterGroup, name: "FilterGroup", title: "filter group", plural: "filter groups", tag: "filter-group",
		about: "A set of filters for some advertisers, publishers and offers; the group that fits a click best judges it.",
		path:  "/api/v2/integrations/{integrationID}/filter-groups", param: "filterGroupID", parents: []parent{inIntegration},
		create: body{
			fields:   fields(filterGroupFields, []string{"integration"}),
			required: []string{"integration", "name", "organization", "priority"},
		},
		update: body{fields: filterGroupFields, required: []string{"organization"}},
		remove: true,
	}
}

var fraudFilterGroupFields = []string{
	"name", "organization", "description", "active", "monitoring_mode", "rtb_enabled",
	"click_filter_preset_id", "conversion_filter_preset_id",
	"click_filter_settings", "conversion_filter_settings", "impression_filter_settings", "label",
}

func fraudFilterGroups() *resource {
	return &resource{
		kind: config.KindFraudFilterGroup, name: "FraudFilterGroup", title: "fraud filter group", plural: "fraud filter groups", tag: "fraud-filters",
		about: "A set of fraud filters in object form, which offers and events name.",
		path:  "/api/v2/integrations/{integrationID}/fraud-filter-groups", param: "fraudFGID", parents: []parent{inIntegration},
		create: body{
			fields:   fields(fraudFilterGroupFields, []string{"integration"}),
			required: []string{"integration", "name", "organization"},
		},
		update: body{fields: fraudFilterGroupFields, required: []string{"organization"}},
		remove: true,
	}
}

var targetingGroupFields = []string{
	"name", "active", "description", "click_targeting_settings", "conversion_targeting_settings", "impression_targeting_settings", "label",
}

func targetingGroups() *resource {
	return &resource{
		kind: config.KindTargetingGroup, name: "TargetingGroup", title: "targeting group", plural: "targeting groups", tag: "targeting-group",
		about: "Which visitors fit: device, place, address and language rules for clicks, conversions and impressions.",
		path:  "/api/v2/integrations/{integrationID}/targeting-groups", param: "targetingGroupID", parents: []parent{inIntegration},
		create: body{
			fields:   fields(targetingGroupFields, []string{"integration", "organization"}),
			required: []string{"integration", "name", "organization"},
		},
		update: body{fields: fields(targetingGroupFields, []string{"organization"})},
		remove: true,
		extras: []extra{{"related_offers", []related{}, relatedOffers}},
	}
}

// related names an entity that uses another.
type related struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// relatedOffers are the offers that use a targeting group.
func relatedOffers(l look) any {
	offers := []related{}
	for _, key := range l.snap.Set.Referrers(l.Document.Key()) {
		if doc, ok := l.snap.Set.Get(key); ok && key.Kind == config.KindOffer {
			offers = append(offers, related{key.ID, config.NameOf(doc)})
		}
	}
	return offers
}
