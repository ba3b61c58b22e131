package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// addView makes the read-only endpoints by which publishers see what is their
// own.
func (a *API) addView(r *resource, view *huma.Schema) {
	own := *r
	own.path, own.param, own.tag, own.parents, own.name = r.view.path, r.view.param, r.view.tag, nil, "Own"+r.name
	a.handle(own.operation("list", http.MethodGet, own.path, "List one's own "+r.plural, a.listOf(own.name, view)), func(c *call) error {
		snap, err := c.ownView()
		if err != nil {
			return err
		}
		return c.page(&own, snap, snap, nil)
	})
	a.handle(own.operation("get", http.MethodGet, own.one(), "Read one of one's own "+r.plural, a.dataOf(own.name, view)), func(c *call) error {
		if _, err := c.ownView(); err != nil {
			return err
		}
		return c.get(&own)
	})
}

// ownView checks the organization in the path.
func (c *call) ownView() (store.Snapshot, error) {
	snap, err := c.live()
	if err != nil {
		return snap, err
	}
	id := c.r.PathValue("organizationID")
	if id != c.who.Organization() && !(c.who.SuperAdmin() && hasOrganization(snap.Set, id)) {
		return snap, notFound("organizationID", "organization", id)
	}
	if c.who.PublisherUser == nil && !c.who.Admin() {
		return snap, problem.New(http.StatusForbidden, "this is the view of publisher users")
	}
	return snap, nil
}

func hasOrganization(set *config.Set, id string) bool {
	for doc := range set.All() {
		if config.MetaOf(doc).Organization == id {
			return true
		}
	}
	return false
}
