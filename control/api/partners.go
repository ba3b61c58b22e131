package api

import "github.com/clickgate/clickgate/config"

var advertiserFields = []string{
	"name", "active", "company_name", "address", "country", "description", "first_name", "last_name", "messenger", "phone", "website",
	"email", "manager_id", "external_id", "label",
	"blocked_publisher_ids", "allowed_ip", "sub_account_1", "sub_account_1_except", "sub_account_2", "sub_account_2_except",
}

func advertisers() *resource {
	return &resource{
		kind: config.KindAdvertiser, name: "Advertiser", title: "advertiser", plural: "advertisers", tag: "advertisers",
		about: "A brand that owns offers.",
		path:  "/api/v2/advertisers", param: "advertiserID",
		create:     body{fields: fields(advertiserFields, []string{"organization"}), required: []string{"name"}},
		update:     body{fields: advertiserFields, required: []string{"name"}},
		bulkStatus: true, bulkDelete: true, archives: true,
		check:  managerExists,
		extras: []extra{nameWithID, managerEmail, managerName},
	}
}

var publisherFields = []string{
	"name", "active", "promotional_method", "countries", "tracking_domain_ids", "fraud_visibility_enabled", "postback_manager_enabled",
	"address", "city", "company_name", "country", "description", "email", "manager_id", "messenger", "phone", "timezone", "website",
	"external_id", "label", "caps", "caps_timezone",
}

func publishers() *resource {
	return &resource{
		kind: config.KindPublisher, name: "Publisher", title: "publisher", plural: "publishers", tag: "publishers",
		about: "A partner that sends traffic.",
		path:  "/api/v2/publishers", param: "publisherID",
		create:     body{fields: fields(publisherFields, []string{"organization"}), required: []string{"name"}},
		update:     body{fields: publisherFields, required: []string{"name"}},
		bulkStatus: true, bulkDelete: true, archives: true,
		check:  managerExists,
		extras: []extra{nameWithID, managerEmail, managerName},
	}
}

var subIDFields = []string{"external_id", "name", "description", "external_link", "label"}

func publisherSubIDs() *resource {
	return &resource{
		kind: config.KindPublisherSubID, name: "PublisherSubID", title: "publisher sub id", plural: "publisher sub ids", tag: "publisher-sub-ids",
		about: "The name of a sub id that a publisher uses in its links.",
		path:  "/api/v2/publishers/{publisherID}/sub-ids", param: "publisherSubID", parents: []parent{inPublisher},
		create:     body{fields: subIDFields, required: []string{"external_id", "name"}},
		update:     body{fields: subIDFields},
		bulkCreate: true, bulkDelete: true,
		view:   &view{path: "/api/v2/publisher-view/{organizationID}/sub-ids", param: "publisherSubID", tag: "publisher-view"},
		hidden: []string{"publisher"},
		extras: []extra{
			{"name_with_id", "", func(l look) any {
				d := l.Document.(*config.PublisherSubID)
				return d.Name + " [" + d.ExternalID + "]"
			}},
			{"publisher_id", "", func(l look) any { return l.Document.(*config.PublisherSubID).Publisher }},
			{"publisher_incremental_id", int64(0), func(l look) any {
				return numberOf(l, config.KindPublisher, l.Document.(*config.PublisherSubID).Publisher)
			}},
			{"publisher_name_with_id", "", func(l look) any {
				return withID(l, config.KindPublisher, l.Document.(*config.PublisherSubID).Publisher)
			}},
			{"integr8_integration_id", "", func(l look) any { return "" }},
		},
	}
}

func blockedSubIDs() *resource {
	return &resource{
		kind: config.KindBlockedSubID, name: "BlockedSubID", title: "blocked sub id", plural: "blocked sub ids", tag: "blocked-subid",
		about: "A sub id of a publisher that an offer takes no traffic from.",
		path:  "/api/v2/blocked-subids", param: "blockedSubID_ID",
		create: body{
			fields:   []string{"publisher_incremental_id", "offer_incremental_id", "sub_id", "organization", "description", "label"},
			required: []string{"publisher_incremental_id", "offer_incremental_id", "sub_id", "organization"},
		},
		update: body{fields: []string{"description", "label"}},
		remove: true, bulkDelete: true, superBulkDelete: true,
		check: notArchived,
		extras: pairExtras(func(d config.Document) (int64, int64) {
			b := d.(*config.BlockedSubID)
			return b.PublisherIncrementalID, b.OfferIncrementalID
		}, "offer_id", "offer_name", "publisher_id", "publisher_name"),
	}
}
