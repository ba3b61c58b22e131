package api

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// remove deletes an entity. What is in use stays: the problem says by what.
func (c *call) remove(r *resource) error {
	_, err := c.commit(r, nil, func(own store.Snapshot) (store.Change, error) {
		e, _, err := c.target(r, own)
		if err != nil {
			return store.Change{}, err
		}
		change := c.change()
		change.Deletes = []config.Key{e.Document.Key()}
		return change, nil
	})
	if err != nil {
		return err
	}
	return c.done()
}

// bulkStatus switches the entities of a list on or off, all or none.
func (c *call) bulkStatus(r *resource, s *huma.Schema) error {
	body, err := c.read(s)
	if err != nil {
		return err
	}
	active, _ := body.object()["active"].(bool)
	return c.bulk(r, body, func(change *store.Change, doc config.Document) error {
		after, err := c.patched(r, doc, payload{patch: map[string]any{"active": active}})
		change.Puts = append(change.Puts, after)
		return err
	})
}

// bulkDelete deletes the entities of a list, all or none; or archives them.
func (c *call) bulkDelete(r *resource, s *huma.Schema) error {
	if r.superBulkDelete && !c.who.SuperAdmin() {
		return problem.New(http.StatusForbidden, "only the super admin may delete several "+r.plural)
	}
	body, err := c.read(s)
	if err != nil {
		return err
	}
	return c.bulk(r, body, func(change *store.Change, doc config.Document) error {
		if !r.archives {
			change.Deletes = append(change.Deletes, doc.Key())
			return nil
		}
		after, err := c.patched(r, doc, payload{patch: map[string]any{"archived": true, "active": false}})
		change.Puts = append(change.Puts, after)
		return err
	})
}

// bulk finds the entities of a list and makes one change of them.
func (c *call) bulk(r *resource, body payload, add func(*store.Change, config.Document) error) error {
	ids, _ := body.object()["data"].([]any)
	_, err := c.commit(r, nil, func(own store.Snapshot) (store.Change, error) {
		change := c.change()
		docs, err := c.named(r, own, ids)
		for i := 0; err == nil && i < len(docs); i++ {
			err = add(&change, docs[i])
		}
		return change, err
	})
	if err != nil {
		return err
	}
	return c.done()
}

// named are the entities of a list of ids; every one that is not there is
// named.
func (c *call) named(r *resource, own store.Snapshot, ids []any) (docs []config.Document, err error) {
	parent, err := c.within(r, own)
	if err != nil {
		return nil, err
	}
	var missing []problem.Detail
	for i, id := range ids {
		text, _ := id.(string)
		e, err := c.entry(r, text, parent, own, own)
		if err != nil {
			missing = append(missing, problem.Detail{Location: "body.data[" + strconv.Itoa(i) + "]", Message: "there is no " + r.title + " with this id", Value: text})
			continue
		}
		if err := c.mayChange(e.Document, own); err != nil {
			return nil, err
		}
		if config.Archived(e.Document) && r.archives {
			continue // it is gone already
		}
		docs = append(docs, e.Document)
	}
	if len(missing) > 0 {
		return nil, problem.New(http.StatusNotFound, "some of the "+r.plural+" do not exist; nothing was changed", missing...)
	}
	return docs, nil
}
