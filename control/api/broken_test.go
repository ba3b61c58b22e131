package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/config/configtest"
	"github.com/clickgate/clickgate/control/store"
)

// pathTo is the path of an entity that is stored.
func (a *API) pathTo(r *resource, set *config.Set, doc config.Document) string {
	path := r.one()
	integration, parent := config.OwnerOf(doc)
	for _, p := range r.parents {
		id := integration
		switch {
		case p.kind == parent.Kind:
			id = parent.ID
		case p.number:
			publisher, _ := set.ByNumber(p.kind, doc.(*config.CustomThrottle).PublisherIncrementalID)
			id = publisher.Key().ID
		case id == "" && parent.Kind == config.KindOffer:
			offer, _ := set.Get(parent)
			id, _ = config.OwnerOf(offer)
		}
		path = strings.Replace(path, "{"+p.param+"}", id, 1)
	}
	return strings.Replace(path, "{"+r.param+"}", doc.Key().ID, 1)
}

// patchOf is what of a broken document an update may say: its fields, and null
// for those that it lacks. False when nothing of the mistake is left.
func patchOf(t *testing.T, r *resource, good config.Document, broken []byte) (map[string]any, bool) {
	t.Helper()
	text, err := config.Encode(good)
	if err != nil {
		t.Fatal(err)
	}
	was, is := object(text), object(broken)
	if was == nil || is == nil {
		return nil, false
	}
	patch, differs := map[string]any{}, false
	for _, name := range r.update.fields {
		value, there := is[name]
		if there {
			patch[name] = value
		} else if _, removed := was[name]; removed {
			patch[name] = nil
		}
		differs = differs || !reflect.DeepEqual(patch[name], was[name])
	}
	for name := range is {
		if _, known := was[name]; !known && !slices.Contains(r.update.fields, name) {
			patch[name], differs = is[name], true // an unknown field
		}
	}
	return patch, differs
}

// object reads a JSON object with its numbers as they are written.
func object(text []byte) (fields map[string]any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&fields) != nil {
		return nil
	}
	return fields
}

// applies tells whether an update can make the mistake: null is none in a merge
// patch, and the fields of the server are not the client's.
func applies(m configtest.Mistake, r *resource) bool {
	field := m.Path
	if i := strings.IndexAny(field, ".["); i > 0 {
		field = field[:i]
	}
	return !strings.HasSuffix(m.Name, " null") && !slices.Contains([]string{"id", "incremental_id"}, field) &&
		(slices.Contains(r.update.fields, field) || !strings.Contains(m.Name, " taken"))
}

// TestBrokenDocuments: none of many broken documents gets in, and each answer
// names the mistake.
func TestBrokenDocuments(t *testing.T) {
	b := newBench(t)
	docs := configtest.Good()
	if _, err := b.api.Live.Commit(t.Context(), 0, store.Change{Puts: docs}); err != nil {
		t.Fatal(err)
	}
	snap, err := b.api.Live.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, tried := b.state(), 0
	for _, m := range configtest.Broken(docs, 11, 4000) {
		i := slices.IndexFunc(b.api.resources, func(r *resource) bool { return r.kind == m.Key.Kind })
		good, ok := snap.Set.Get(m.Key)
		if i < 0 || !ok || m.JSON == nil {
			continue
		}
		r := b.api.resources[i]
		patch, differs := patchOf(t, r, good, m.JSON)
		if !differs || !applies(m, r) {
			continue
		}
		body, err := json.Marshal(patch)
		if err != nil {
			t.Fatal(err)
		}
		tried++
		got := b.ask(http.MethodPatch, b.api.pathTo(r, snap.Set, good), string(body))
		if got.status < 400 || got.status >= 500 || got.status == http.StatusNotFound {
			t.Errorf("%s: answered %d to %s: %s", m.Name, got.status, body, got.text)
		}
		if len(got.locations()) == 0 {
			t.Errorf("%s: no mistake is named: %s", m.Name, got.text)
		}
	}
	if after := b.state(); after != before {
		t.Errorf("broken documents changed %s into %s", before, after)
	}
	if tried < 1000 {
		t.Errorf("only %d broken documents could be tried", tried)
	}
	t.Logf("%d broken documents", tried)
}
