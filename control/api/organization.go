package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// organizationFor is the organization of a new document: that of its parent,
// the one its body names, or the caller's.
func (c *call) organizationFor(snap store.Snapshot, parent config.Document, named string) (string, error) {
	if parent != nil {
		owner := config.MetaOf(parent).Organization
		return owner, sameOrganization(named, owner)
	}
	if c.who.SuperAdmin() {
		if named != "" {
			return named, nil
		}
		return c.home(snap)
	}
	return c.who.Organization(), sameOrganization(named, c.who.Organization())
}

func sameOrganization(named, owner string) error {
	if named == "" || named == owner {
		return nil
	}
	return problem.New(http.StatusUnprocessableEntity, "the organization is another one",
		problem.Detail{Location: "body.organization", Message: "must be " + owner, Value: named})
}

// home is where a super admin's documents go when they do not say it: the
// organization of the settings, else the only one there is.
func (c *call) home(snap store.Snapshot) (string, error) {
	if c.Settings.Organization != "" {
		return c.Settings.Organization, nil
	}
	all := map[string]struct{}{}
	for _, kind := range []config.Kind{config.KindIntegration, config.KindAdvertiser, config.KindPublisher} {
		for doc := range snap.Set.OfKind(kind) {
			all[config.MetaOf(doc).Organization] = struct{}{}
		}
	}
	names := slices.Sorted(maps.Keys(all))
	switch len(names) {
	case 0:
		return c.who.Organization(), nil
	case 1:
		return names[0], nil
	}
	return "", problem.New(http.StatusBadRequest, "the organization is not clear",
		problem.Detail{Location: "body.organization", Message: "missing; there are " + strings.Join(names, ", ")})
}
