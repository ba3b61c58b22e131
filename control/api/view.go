package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/internal/money"
)

// show is an entity as the API answers it: every field of its document, unset
// ones too, with what is looked up and without what the caller must not see.
func (c *call) show(r *resource, e store.Entry, snap store.Snapshot, only []string) (map[string]any, error) {
	view := map[string]any{}
	spread(view, reflect.ValueOf(e.Document).Elem())
	view = oneNameIn(view)
	view["created_at"], view["updated_at"] = stamp(e.CreatedAt), stamp(e.UpdatedAt)
	view["last_updated_by"] = e.UpdatedBy
	for _, name := range r.hidden {
		delete(view, name)
	}
	l, err := c.look(r, e, snap)
	if err != nil {
		return nil, err
	}
	for _, x := range r.extras {
		view[x.name] = x.of(l)
	}
	if !c.who.Admin() {
		for _, path := range r.secrets {
			withhold(view, path)
		}
	}
	if only != nil {
		for name := range view {
			if !slices.Contains(only, name) {
				delete(view, name)
			}
		}
	}
	return view, nil
}

// withhold takes a field out of a view; dots reach inner ones.
func withhold(view map[string]any, path string) {
	name, inner, below := strings.Cut(path, ".")
	if !below {
		delete(view, name)
		return
	}
	if object, ok := view[name].(map[string]any); ok {
		withhold(object, inner)
	}
}

// look is what extras look at. Accounts look at the live documents for their
// publishers, and live documents at the accounts for their managers.
func (c *call) look(r *resource, e store.Entry, snap store.Snapshot) (look, error) {
	l := look{Entry: e, snap: snap}
	if r.accounts {
		live, err := c.live()
		l.snap = live
		return l, err
	}
	if !r.managed() {
		return l, nil
	}
	users, err := c.users()
	l.users = users
	return l, err
}

// managed tells whether the documents have managers.
func (r *resource) managed() bool {
	return slices.ContainsFunc(r.extras, func(x extra) bool { return x.name == managerName.name })
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// spread puts the fields of a struct into a map, by their json names. Unset
// ones are there too: a client finds the same fields in every answer.
func spread(view map[string]any, v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			spread(view, v.Field(i))
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		view[name] = plain(v.Field(i))
	}
}

var (
	rawType    = reflect.TypeFor[config.Raw]()
	amountType = reflect.TypeFor[money.Amount]()
)

// plain is a value for encoding/json, with empty lists and maps instead of
// null.
func plain(v reflect.Value) any {
	switch {
	case v.Type() == rawType:
		if v.Len() == 0 {
			return nil
		}
		return json.RawMessage(v.Bytes())
	case v.Type() == amountType:
		return v.Interface()
	case v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return plain(v.Elem())
	case reflect.Struct:
		view := map[string]any{}
		spread(view, v)
		return view
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i))
		}
		return list
	case reflect.Map:
		view := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			view[it.Key().String()] = plain(it.Value())
		}
		return view
	}
	return v.Interface()
}

// fieldsOf are the names that a view of the resource has.
func (r *resource) fieldsOf() []string {
	view := map[string]any{}
	doc, _ := config.NewDocument(r.kind)
	spread(view, reflect.ValueOf(doc).Elem())
	for _, name := range []string{"created_at", "updated_at", "last_updated_by"} {
		view[name] = nil
	}
	for _, name := range r.hidden {
		delete(view, name)
	}
	for _, x := range r.extras {
		view[x.name] = nil
	}
	names := make([]string, 0, len(view))
	for name := range view {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
