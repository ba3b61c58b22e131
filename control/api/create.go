package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// create makes one document, or with listOrOne several.
func (c *call) create(r *resource, s *huma.Schema) error {
	body, err := c.read(s)
	if err != nil {
		return err
	}
	parts := []part{{"body", body.value}}
	if list, ok := body.value.([]any); ok {
		parts = partsOf("body", list)
	}
	return c.createAll(r, body, parts, func(ids []string) note {
		n := note{Status: http.StatusCreated, Location: strings.TrimSuffix(c.r.URL.Path, "/") + "/" + ids[0]}
		n.Answer, _ = json.Marshal(map[string]string{"created_item_id": ids[0]})
		return n
	})
}

// bulkCreate makes the documents of a list, all or none.
func (c *call) bulkCreate(r *resource, s *huma.Schema) error {
	body, err := c.read(s)
	if err != nil {
		return err
	}
	list, _ := body.value.(map[string]any)["data"].([]any)
	return c.createAll(r, body, partsOf("body.data", list), func([]string) note {
		return note{Status: http.StatusOK, Answer: json.RawMessage("{}")}
	})
}

// part is one new document in a body.
type part struct {
	location string
	value    any
}

func partsOf(location string, list []any) []part {
	parts := make([]part, len(list))
	for i, value := range list {
		parts[i] = part{location + "[" + strconv.Itoa(i) + "]", value}
	}
	return parts
}

// createAll makes the documents in one change and answers what note says.
func (c *call) createAll(r *resource, body payload, parts []part, answer func(ids []string) note) error {
	key, err := c.receiptKey()
	if err != nil {
		return err
	}
	if again, err := c.repeated(c.store(r), key, body.raw); again || err != nil {
		return err
	}
	subjects := map[config.Key]subject{}
	var ids []string
	var n note
	snap, err := c.commit(r, subjects, func(own store.Snapshot) (store.Change, error) {
		clear(subjects)
		docs, err := c.newDocuments(r, own, parts, subjects)
		if err != nil {
			return store.Change{}, err
		}
		ids = ids[:0]
		for _, doc := range docs {
			ids = append(ids, doc.Key().ID)
		}
		n = answer(ids)
		n.Body = sum(string(body.raw))
		change := c.change()
		change.Puts, change.Receipt = docs, receipt(key, n)
		return change, nil
	})
	if isReplay(err) { // another request with the key was faster
		_, err = c.repeated(c.store(r), key, body.raw)
		return err
	}
	if err != nil {
		return err
	}
	if len(ids) == 1 {
		e, _ := snap.Entry(config.Key{Kind: r.kind, ID: ids[0]})
		c.w.Header().Set("ETag", etag(e))
	}
	setIf(c.w.Header(), "Location", n.Location)
	return c.answer(n.Status, n.Answer)
}

// newDocuments are the documents of a body as they would be on top of a
// version.
func (c *call) newDocuments(r *resource, own store.Snapshot, parts []part, subjects map[config.Key]subject) ([]config.Document, error) {
	live := own
	if r.accounts {
		var err error
		if live, err = c.live(); err != nil {
			return nil, err
		}
	}
	parent, err := c.within(r, live)
	if err != nil {
		return nil, err
	}
	if parent != nil && config.Archived(parent) {
		return nil, problem.New(http.StatusConflict, "the "+string(parent.Key().Kind)+" is archived")
	}
	next := own.Highest(r.kind)
	var docs []config.Document
	for _, p := range parts {
		next++
		doc, err := c.newDocument(r, own, live, parent, p, next)
		if err != nil {
			return nil, err
		}
		subjects[doc.Key()] = subject{p.location, p.value}
		docs = append(docs, doc)
	}
	return docs, nil
}

func (c *call) newDocument(r *resource, own, live store.Snapshot, parent config.Document, p part, number int64) (config.Document, error) {
	given, _ := p.value.(map[string]any)
	f := copyOf(given)
	f["id"] = accounts.NewID()
	named, _ := given["organization"].(string)
	organization, err := c.organizationFor(live, parent, named)
	if err != nil {
		return nil, err
	}
	f["organization"] = organization
	if config.HasNumber(r.kind) {
		f["incremental_id"] = number
	}
	if err := r.hang(f, parent, p.location); err != nil {
		return nil, err
	}
	if r.make != nil {
		if err := r.make(c, own, f); err != nil {
			return nil, err
		}
	}
	doc, err := r.decode(f, p)
	if err != nil {
		return nil, err
	}
	if err := c.mayChange(doc, live); err != nil {
		return nil, err
	}
	if r.check != nil {
		err = r.check(c, own, nil, doc)
	}
	return doc, err
}

// hang writes the innermost entity in the path into a document's fields. Where
// the body names it too, it must be the same.
func (r *resource) hang(f map[string]any, parent config.Document, location string) error {
	if parent == nil {
		return nil
	}
	p := r.parents[len(r.parents)-1]
	var value any = parent.Key().ID
	if p.number {
		value, _ = config.NumberOf(parent)
	}
	if named, ok := f[p.field]; ok && idText(named) != idText(value) {
		return problem.New(http.StatusUnprocessableEntity, "the body and the path name different entities",
			problem.Detail{Location: location + "." + p.field, Message: "must be " + idText(value) + ", as in the path", Value: named})
	}
	f[p.field] = value
	return nil
}

// idText is an id or number as text.
func idText(value any) string {
	data, _ := json.Marshal(value) // strings and numbers
	return strings.Trim(string(data), `"`)
}

// decode makes a document of fields.
func (r *resource) decode(f map[string]any, p part) (config.Document, error) {
	if r.accounts {
		lowerEmail(f)
		if err := hashPassword(f); err != nil {
			return nil, err
		}
	}
	data, err := text(f)
	if err != nil {
		return nil, err
	}
	doc, problems := config.DecodeDocument(r.kind, data)
	if len(problems) == 0 {
		return doc, nil
	}
	var mistakes []problem.Detail
	id, _ := f["id"].(string)
	for _, found := range problems {
		d, _ := locate(found, map[config.Key]subject{{Kind: r.kind, ID: id}: {p.location, p.value}})
		mistakes = append(mistakes, d)
	}
	return nil, problem.New(http.StatusBadRequest, "the body has mistakes", mistakes...)
}
