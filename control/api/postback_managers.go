package api

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

var postbackFields = []string{
	"name", "organization", "url", "method", "headers", "body", "active", "delay_value", "delay_metric", "filters", "label",
}

func postbackManagers() *resource {
	return &resource{
		kind: config.KindPostbackManager, name: "PostbackManager", title: "postback manager", plural: "postback managers", tag: "postback",
		about: "A call to another server for some clicks, impressions, conversions or events. " +
			"Users of a publisher with postback_manager_enabled make and change those for its own traffic.",
		path: "/api/v2/integrations/{integrationID}/postback-managers", param: "postbackID", parents: []parent{inIntegration},
		create: body{
			fields:   fields(postbackFields, []string{"integration", "service_type"}),
			required: []string{"integration", "name", "organization", "service_type", "url"},
		},
		update: body{fields: postbackFields, required: []string{"organization"}},
		remove: true, ofPublishers: true,
		make:   newPostbackManager,
		check:  publishersShare,
		hidden: []string{"created_by_publisher"},
		extras: []extra{{"created_by_publisher", 0, func(l look) any {
			if l.Document.(*config.PostbackManager).CreatedByPublisher {
				return 1
			}
			return 0
		}}},
	}
}

// newPostbackManager narrows what a publisher makes to its own traffic.
// Where it asks for another's, its rights refuse that.
func newPostbackManager(c *call, snap store.Snapshot, f map[string]any) error {
	if c.who.PublisherUser == nil {
		return nil
	}
	filters, isObject := f["filters"].(map[string]any)
	if !isObject {
		filters = map[string]any{}
		f["filters"] = filters
	}
	if filters["publisher_id"] == nil || filters["publisher_id"] == "" {
		filters["publisher_id"] = c.who.Publisher.ID
	}
	return markPublisher(c, snap, f)
}
