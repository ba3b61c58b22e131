package api

import (
	"strings"

	"github.com/clickgate/clickgate/config"
)

func dictionaries(kind config.Kind, name, title, path, tag string) *resource {
	return &resource{
		kind: kind, name: name, title: title, plural: strings.TrimSuffix(title, "y") + "ies", tag: tag,
		about: "The labels that reports show instead of raw ids. They never influence a decision.",
		path:  "/api/v2/integrations/{integrationID}/" + path, param: "id", parents: []parent{inIntegration},
		create: body{fields: []string{"source_id", "friendly_name", "organization", "label"}, required: []string{"friendly_name", "source_id"}},
		update: body{fields: []string{"source_id", "friendly_name", "label"}},
		remove: true, bulkCreate: true, bulkDelete: true,
	}
}
