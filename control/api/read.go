package api

import (
	"cmp"
	"iter"
	"net/http"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/query"
	"github.com/clickgate/clickgate/control/store"
)

// snapshots are the version of a resource's own documents and that of the live
// ones.
func (c *call) snapshots(r *resource) (own, live store.Snapshot, err error) {
	if live, err = c.live(); err != nil || !r.accounts {
		return live, live, err
	}
	if own, err = c.Accounts.Store().Load(c.r.Context()); err != nil {
		return own, live, unavailable(err)
	}
	return own, live, nil
}

// store is where the documents of a resource are kept.
func (c *call) store(r *resource) *store.Store {
	if r.accounts {
		return c.Accounts.Store()
	}
	return c.Live
}

// within finds the parents in the path. The caller must be let through each,
// and each must belong to the one before it.
func (c *call) within(r *resource, live store.Snapshot) (last config.Document, err error) {
	for _, p := range r.parents {
		id := c.r.PathValue(p.param)
		doc, ok := live.Set.Get(config.Key{Kind: p.kind, ID: id})
		if !ok || !c.passes(r, doc, live.Set) || last != nil && !belongs(doc, last) {
			return nil, notFound(p.param, strings.ReplaceAll(string(p.kind), "_", " "), id)
		}
		last = doc
	}
	return last, nil
}

// passes tells whether the caller may go through a parent in the path.
func (c *call) passes(r *resource, doc config.Document, set *config.Set) bool {
	if r.ofPublishers && c.who.PublisherUser != nil {
		return config.MetaOf(doc).Organization == c.who.Organization()
	}
	return c.who.Sees(doc, set)
}

// belongs tells whether a document is a part of another.
func belongs(doc, parent config.Document) bool {
	integration, owner := config.OwnerOf(doc)
	key := parent.Key()
	return key.Kind == config.KindIntegration && integration == key.ID || owner == key
}

// hangsOn tells whether a document of the resource belongs to the innermost
// entity in the path.
func (r *resource) hangsOn(doc, parent config.Document) bool {
	if parent == nil {
		return true
	}
	switch d := doc.(type) {
	case *config.CustomThrottle:
		n, _ := config.NumberOf(parent)
		return d.PublisherIncrementalID == n
	case *config.PublisherUser:
		return d.PublisherID == parent.Key().ID
	}
	return belongs(doc, parent)
}

// find returns the entity that the path names.
func (c *call) find(r *resource, own, live store.Snapshot) (store.Entry, error) {
	parent, err := c.within(r, live)
	if err != nil {
		return store.Entry{}, err
	}
	return c.entry(r, c.r.PathValue(r.param), parent, own, live)
}

func (c *call) entry(r *resource, id string, parent config.Document, own, live store.Snapshot) (store.Entry, error) {
	e, ok := own.Entry(config.Key{Kind: r.kind, ID: id})
	if !ok || !r.hangsOn(e.Document, parent) || !c.who.Sees(e.Document, live.Set) {
		return e, notFound(r.param, r.title, id)
	}
	return e, nil
}

func (c *call) get(r *resource) error {
	if err := c.noQuery(); err != nil {
		return err
	}
	own, live, err := c.snapshots(r)
	if err != nil {
		return err
	}
	e, err := c.find(r, own, live)
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(e))
	if c.unchanged(e) {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	view, err := c.show(r, e, own, nil)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]any{"data": view})
}

func (c *call) list(r *resource) error {
	own, live, err := c.snapshots(r)
	if err != nil {
		return err
	}
	parent, err := c.within(r, live)
	if err != nil {
		return err
	}
	return c.page(r, own, live, parent)
}

func (c *call) page(r *resource, own, live store.Snapshot, parent config.Document) error {
	q, mistakes := query.Parse(c.r.URL.Query(), r.listed(), r.fieldsOf())
	if len(mistakes) > 0 {
		return problem.New(http.StatusBadRequest, "the query has mistakes", mistakes...)
	}
	base, err := c.look(r, store.Entry{}, own)
	if err != nil {
		return err
	}
	archived := q.Filters("archived")
	page, meta := q.Run(c.items(r, own, live, parent, base, archived), inOrder)
	data := make([]map[string]any, len(page))
	for i := range page {
		if data[i], err = c.show(r, page[i].l.Entry, own, q.Fields); err != nil {
			return err
		}
	}
	return c.answer(http.StatusOK, map[string]any{"data": data, "meta": meta})
}

// items are the documents that a list may show.
func (c *call) items(r *resource, own, live store.Snapshot, parent config.Document, base look, archived bool) iter.Seq[item] {
	return func(yield func(item) bool) {
		for doc := range own.Set.OfKind(r.kind) {
			if !archived && config.Archived(doc) || !r.hangsOn(doc, parent) || !c.who.Sees(doc, live.Set) {
				continue
			}
			l := base
			l.Entry, _ = own.Entry(doc.Key())
			if !yield(item{l: l}) {
				return
			}
		}
	}
}

// inOrder is the order of lists that ask for none: by number, or as they were
// made.
func inOrder(a, b item) int {
	m, _ := config.NumberOf(a.l.Document)
	n, _ := config.NumberOf(b.l.Document)
	return cmp.Or(cmp.Compare(m, n), a.l.CreatedAt.Compare(b.l.CreatedAt), strings.Compare(a.l.Document.Key().ID, b.l.Document.Key().ID))
}
