package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// What is archived is kept and read, and takes part in nothing new.
func TestArchive(t *testing.T) {
	b := newBench(t)
	w := b.world()
	offers := "/api/v2/integrations/" + w.integration + "/offers"
	b.ask("DELETE", "/api/v2/advertisers/bulk", `{"data":["`+w.advertiser+`"]}`).want(t, "archive", http.StatusOK)
	b.ask("DELETE", "/api/v2/advertisers/bulk", `{"data":["`+w.advertiser+`"]}`).want(t, "archive again", http.StatusOK)
	if got := b.ask("GET", "/api/v2/advertisers/"+w.advertiser, "").want(t, "read", http.StatusOK); got.data()["archived"] != true || got.data()["active"] != false {
		t.Errorf("it reads %s", got.text)
	}
	for query, want := range map[string]float64{"": 0, "?filter[archived]=true": 1, "?filter[archived]=false": 0} {
		if got := b.ask("GET", "/api/v2/advertisers"+query, "").body["meta"].(map[string]any)["total_count"]; got != want {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	b.ask("PATCH", "/api/v2/advertisers/"+w.advertiser, `{"name":"X"}`).want(t, "change", http.StatusConflict)
	refused := b.ask("POST", offers, `{"name":"New","advertiser_id":1}`).want(t, "an offer of it", http.StatusUnprocessableEntity)
	if l := refused.locations(); !slices.Equal(l, []string{"body.advertiser_id"}) {
		t.Errorf("located at %v", l)
	}
	b.ask("PATCH", offers+"/"+w.offer, `{"name":"Renamed","advertiser_id":1}`).want(t, "rename an offer that has it", http.StatusOK)
	b.ask("POST", "/api/v2/advertisers", `{"name":"Second"}`).want(t, "the next one", http.StatusCreated)
	if got := b.ask("GET", "/api/v2/advertisers", ""); !strings.Contains(got.text, `"incremental_id":2`) {
		t.Errorf("the number of an archived advertiser was given again: %s", got.text)
	}
}

// A deletion of what is in use names those who use it.
func TestDeletionInUse(t *testing.T) {
	b := newBench(t)
	w := b.world()
	in := "/api/v2/integrations/" + w.integration
	group := b.create(in+"/targeting-groups", `{"integration":"`+w.integration+`","organization":"demo","name":"T"}`)
	b.ask("PATCH", in+"/offers/"+w.offer, `{"name":"Shoes","advertiser_id":1,"targeting_group_id":"`+group+`"}`).want(t, "use it", http.StatusOK)
	before := b.state()
	for path, user := range map[string]string{in + "/targeting-groups/" + group: "offer/" + w.offer, in: "offer/" + w.offer} {
		got := b.ask("DELETE", path, "").want(t, "delete "+path, http.StatusConflict)
		if !slices.Contains(got.locations(), user) {
			t.Errorf("%s is used by %v, want %s", path, got.locations(), user)
		}
	}
	if b.state() != before {
		t.Error("a refused deletion changed something")
	}
	if got := b.ask("GET", in+"/targeting-groups/"+group, ""); !strings.Contains(got.text, `"related_offers":[{"id":"`+w.offer) {
		t.Errorf("the group does not name its offers: %s", got.text)
	}
	b.ask("PATCH", in+"/offers/"+w.offer, `{"name":"Shoes","advertiser_id":1,"targeting_group_id":null}`).want(t, "leave it", http.StatusOK)
	b.ask("DELETE", in+"/targeting-groups/"+group, "").want(t, "delete it", http.StatusOK)
}
