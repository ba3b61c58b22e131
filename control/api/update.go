package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/schema"
	"github.com/clickgate/clickgate/control/store"
)

// update applies a merge patch to an entity.
func (c *call) update(r *resource, s *huma.Schema) error {
	body, err := c.read(s)
	if err != nil {
		return err
	}
	var key config.Key
	subjects := map[config.Key]subject{}
	snap, err := c.commit(r, subjects, func(own store.Snapshot) (store.Change, error) {
		e, live, err := c.target(r, own)
		if err != nil {
			return store.Change{}, err
		}
		key = e.Document.Key()
		subjects[key] = subject{"body", body.value}
		after, err := c.patched(r, e.Document, body)
		if err != nil {
			return store.Change{}, err
		}
		if r.amend != nil {
			after = r.amend(e.Document, after, body.object())
		}
		if err := c.mayBecome(r, own, live, e.Document, after); err != nil {
			return store.Change{}, err
		}
		change := c.change()
		change.Puts = []config.Document{after}
		return change, nil
	})
	if err != nil {
		return err
	}
	e, _ := snap.Entry(key)
	c.w.Header().Set("ETag", etag(e))
	return c.done()
}

// target is the entity of the path, if the caller may change it as it is.
func (c *call) target(r *resource, own store.Snapshot) (e store.Entry, live store.Snapshot, err error) {
	live = own
	if r.accounts {
		if live, err = c.live(); err != nil {
			return e, live, err
		}
	}
	if e, err = c.find(r, own, live); err != nil {
		return e, live, err
	}
	if err := c.mayChange(e.Document, live); err != nil {
		return e, live, err
	}
	if err := c.ifMatch(e); err != nil {
		return e, live, err
	}
	if config.Archived(e.Document) {
		return e, live, problem.New(http.StatusConflict, "the "+r.title+" is archived and stays as it is")
	}
	return e, live, nil
}

// patched is a document with a patch applied.
func (c *call) patched(r *resource, doc config.Document, body payload) (config.Document, error) {
	data, err := config.Encode(doc)
	if err != nil {
		return nil, err
	}
	value, mistakes := schema.Parse(data)
	if len(mistakes) > 0 {
		return nil, problem.New(http.StatusServiceUnavailable, "the stored entity cannot be read", mistakes...)
	}
	fields := oneNameIn(value.(map[string]any))
	owner := config.MetaOf(doc).Organization
	named, _ := body.object()["organization"].(string)
	if err := sameOrganization(named, owner); err != nil {
		return nil, err
	}
	return r.decode(schema.Merge(fields, body.object()), part{"body", body.value})
}

// mayBecome checks a document as it would be.
func (c *call) mayBecome(r *resource, own, live store.Snapshot, before, after config.Document) error {
	if err := c.mayChange(after, live); err != nil {
		return err
	}
	if r.check == nil {
		return nil
	}
	return r.check(c, own, before, after)
}
