package api

import (
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/query"
	"github.com/clickgate/clickgate/control/schema"
)

// largestBulk bounds the entries of a bulk request.
const largestBulk = 1000

// addResource makes the endpoints of a resource.
func (a *API) addResource(r *resource) {
	r.listed = sync.OnceValue(r.fieldsFor)
	d, _ := config.NewDocument(r.kind)
	whole := a.book.Of(d)
	if r.kind == config.KindUser {
		whole.Properties["password"] = &huma.Schema{Type: huma.TypeString, Description: "8 to 72 bytes; never shown"}
	}
	view := a.viewSchema(r, whole)
	a.handle(r.operation("list", http.MethodGet, r.path, "List "+r.plural, a.listOf(r.name, view)), func(c *call) error { return c.list(r) })
	a.handle(r.operation("get", http.MethodGet, r.one(), "Read "+article(r.title), a.dataOf(r.name, view)), func(c *call) error { return c.get(r) })
	create := a.book.Define(r.name+"Create", schema.Cut(whole, r.create.fields, r.create.required))
	update := a.book.Define(r.name+"Update", schema.Cut(whole, r.update.fields, r.update.required))
	a.book.Shown(create, r.fieldsOf())
	a.book.Shown(update, r.fieldsOf())
	a.addCreate(r, create)
	op := r.operation("update", http.MethodPatch, r.one(), "Change "+article(r.title), emptyBody)
	op.RequestBody = requestBody(update, "application/json", "application/merge-patch+json")
	a.handle(op, func(c *call) error { return c.update(r, update) })
	if r.remove {
		a.handle(r.operation("delete", http.MethodDelete, r.one(), "Delete "+article(r.title), emptyBody), func(c *call) error { return c.remove(r) })
	}
	a.addBulk(r, create)
	if r.view != nil {
		a.addView(r, view)
	}
}

func (a *API) addCreate(r *resource, create *huma.Schema) {
	op := r.operation("create", http.MethodPost, r.path, "Create "+article(r.title), nil)
	accepts := create
	if r.listOrOne {
		accepts = &huma.Schema{OneOf: []*huma.Schema{create, listOf(create)}}
	}
	op.RequestBody = requestBody(accepts, "application/json")
	op.Responses = responses("201", "Created", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"created_item_id": {Type: huma.TypeString, Description: "The opaque id of the new entity"},
	}})
	op.Parameters = append(op.Parameters, idempotencyParam)
	a.handle(op, func(c *call) error { return c.create(r, accepts) })
}

func listOf(s *huma.Schema) *huma.Schema {
	least, most := 1, largestBulk
	return &huma.Schema{Type: huma.TypeArray, Items: s, MinItems: &least, MaxItems: &most}
}

func (a *API) addBulk(r *resource, create *huma.Schema) {
	path := r.path + "/bulk"
	ids := listOf(&huma.Schema{Type: huma.TypeString, Description: "An opaque id"})
	ids.UniqueItems = true
	object := func(name string, properties map[string]*huma.Schema, required ...string) *huma.Schema {
		return a.book.Define(r.name+name, &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: required, AdditionalProperties: false})
	}
	if r.bulkCreate {
		body := object("BulkCreate", map[string]*huma.Schema{"data": listOf(create)}, "data")
		op := r.operation("bulkCreate", http.MethodPost, path, "Create several "+r.plural, emptyBody)
		op.RequestBody, op.Parameters = requestBody(body, "application/json"), append(op.Parameters, idempotencyParam)
		a.handle(op, func(c *call) error { return c.bulkCreate(r, body) })
	}
	if r.bulkStatus {
		body := object("BulkStatus", map[string]*huma.Schema{"active": {Type: huma.TypeBoolean, Description: "The new status"}, "data": ids}, "active", "data")
		op := r.operation("bulkSetStatus", http.MethodPatch, path, "Switch several "+r.plural+" on or off", emptyBody)
		op.RequestBody = requestBody(body, "application/json")
		a.handle(op, func(c *call) error { return c.bulkStatus(r, body) })
	}
	if r.bulkDelete {
		body := object("BulkDelete", map[string]*huma.Schema{"data": ids}, "data")
		op := r.operation("bulkDelete", http.MethodDelete, path, "Delete several "+r.plural, emptyBody)
		op.RequestBody = requestBody(body, "application/json")
		a.handle(op, func(c *call) error { return c.bulkDelete(r, body) })
	}
}

// viewSchema describes an entity as it is shown.
func (a *API) viewSchema(r *resource, whole *huma.Schema) *huma.Schema {
	view := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for name, p := range whole.Properties {
		if name != "password" {
			view.Properties[name] = p
		}
	}
	for _, name := range r.hidden {
		delete(view.Properties, name)
	}
	for _, name := range []string{"created_at", "updated_at"} {
		view.Properties[name] = &huma.Schema{Type: huma.TypeString, Format: "date-time", ReadOnly: true}
	}
	view.Properties["last_updated_by"] = &huma.Schema{Type: huma.TypeString, ReadOnly: true, Description: "Who changed it last"}
	for _, x := range r.extras {
		s := *a.book.Value(x.sample)
		s.ReadOnly = s.Ref == ""
		view.Properties[x.name] = &s
	}
	return a.book.Define(r.name, view)
}

func (r *resource) one() string { return r.path + "/{" + r.param + "}" }

func article(title string) string {
	if strings.ContainsRune("aeio", rune(title[0])) {
		return "an " + title
	}
	return "a " + title
}

// operation describes one operation of the resource.
func (r *resource) operation(verb, method, path, summary string, answers map[string]*huma.Response) huma.Operation {
	name := r.name
	if verb == "list" || strings.HasPrefix(verb, "bulk") {
		name = plural(name)
	}
	op := huma.Operation{
		OperationID: verb + name, Method: method, Path: path, Summary: summary, Description: r.about,
		Tags: []string{r.tag}, Security: secured, Parameters: pathParams(path), Responses: answers,
	}
	switch {
	case verb == "list":
		op.Parameters = append(op.Parameters, listParams...)
	case verb == "update", verb == "delete":
		op.Parameters = append(op.Parameters, ifMatchParam)
	}
	return op
}

func plural(name string) string {
	if stem, ok := strings.CutSuffix(name, "y"); ok {
		return stem + "ies"
	}
	return name + "s"
}

// item is what lists run over.
type item struct{ l look }

// fieldsFor are the fields that a resource's lists filter and sort by.
func (r *resource) fieldsFor() query.Fields[item] {
	f := query.Fields[item]{}
	d, _ := config.NewDocument(r.kind)
	f.Add(reflect.TypeOf(d).Elem(), func(i item) reflect.Value { return reflect.ValueOf(i.l.Document).Elem() })
	for _, name := range fields(r.hidden, r.secrets) {
		delete(f, name)
	}
	for _, x := range r.extras {
		f.Computed(x.name, x.sample, func(i item) any { return x.of(i.l) })
	}
	f["created_at"] = query.Field[item]{Type: query.Time, Get: func(i item) any { return i.l.CreatedAt }}
	f["updated_at"] = query.Field[item]{Type: query.Time, Get: func(i item) any { return i.l.UpdatedAt }}
	f["last_updated_by"] = query.Field[item]{Type: query.String, Get: func(i item) any { return i.l.UpdatedBy }}
	return f
}
