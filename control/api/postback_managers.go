package api

import "github.com/clickgate/clickgate/config"

var postbackFields = []string{
	"name", "organization", "url", "method", "headers", "body", "active", "delay_value", "delay_metric", "filters", "label",
}

func postbackManagers() *resource {
	return &resource{
		kind: config.KindPostbackManager, name: "PostbackManager", title: "postback manager", plural: "postback managers", tag: "postback",
		about: "A call to another server for some clicks, impressions, conversions or events.",
		path:  "/api/v2/integrations/{integrationID}/postback-managers", param: "postbackID", parents: []parent{inIntegration},
		create: body{
			fields:   fields(postbackFields, []string{"integration", "service_type"}),
			required: []string{"integration", "name", "organization", "service_type", "url"},
		},
		update: body{fields: postbackFields, required: []string{"organization"}},
		remove: true,
		hidden: []string{"created_by_publisher"},
		extras: []extra{{"created_by_publisher", 0, func(l look) any {
			if l.Document.(*config.PostbackManager).CreatedByPublisher {
				return 1
			}
			return 0
		}}},
	}
}
