package api

import (
	"net/http"
	"slices"
	"testing"
)

// smartLinkBody is a smart link of the world's integration.
func smartLinkBody(w world, more string) string {
	return `{"integration":"` + w.integration + `","name":"S",` + more + `}`
}

// anotherOffer makes an offer and returns its id.
func (b *bench) anotherOffer(w world, name string) string {
	b.tb.Helper()
	return b.create("/api/v2/integrations/"+w.integration+"/offers", `{"name":"`+name+`","advertiser_id":1,"active":true}`)
}

// archive archives an offer.
func (b *bench) archive(w world, offer string) {
	b.tb.Helper()
	b.ask("DELETE", "/api/v2/integrations/"+w.integration+"/offers/bulk", `{"data":["`+offer+`"]}`).want(b.tb, "archive an offer", http.StatusOK)
}

// What the rules refuse is told with its place in the body.
func TestSmartLinkRules(t *testing.T) {
	b := newBench(t)
	w := b.world()
	second, gone := b.anotherOffer(w, "Second"), b.anotherOffer(w, "Gone")
	b.archive(w, gone)
	before := b.state()
	for _, tc := range []struct {
		name, more string
		status     int
		at         []string
	}{
		{"no offers", `"offers":[]`, 422, []string{"body.offers"}},
		{"an offer that is not there", `"offers":[{"offer":"nowhere","weight":1}]`, 422, []string{"body.offers[0].offer"}},
		{"an offer twice", `"offers":[{"offer":"` + second + `","weight":1},{"offer":"` + second + `","weight":1}]`, 422, []string{"body.offers[1].offer"}},
		{"no weight", `"offers":[{"offer":"` + second + `"}]`, 422, []string{"body.offers"}},
		{"too much weight", `"offers":[{"offer":"` + second + `","weight":1000001}]`, 400, []string{"body.offers[0].weight"}},
		{"a weight that does not count", `"strategy":"priority","offers":[{"offer":"` + second + `","weight":1}]`, 422, []string{"body.offers[0].weight"}},
		{"a fallback that is listed", `"offers":[{"offer":"` + second + `","weight":1}],"fallback_offer":"` + second + `"`, 422, []string{"body.fallback_offer"}},
		{"archived offers", `"offers":[{"offer":"` + second + `","weight":1},{"offer":"` + gone + `","weight":1}]`, 422, []string{"body.offers[1].offer"}},
		{"an archived fallback", `"offers":[{"offer":"` + second + `","weight":1}],"fallback_offer":"` + gone + `"`, 422, []string{"body.fallback_offer"}},
	} {
		got := b.ask("POST", "/api/v2/smart-links", smartLinkBody(w, tc.more)).want(t, tc.name, tc.status)
		if !slices.Equal(got.locations(), tc.at) {
			t.Errorf("%s: mistakes at %v, want %v: %s", tc.name, got.locations(), tc.at, got.text)
		}
	}
	if b.state() != before {
		t.Error("a refused smart link changed something")
	}
}

// An offer that was archived after a smart link took it up stays in it.
func TestSmartLinkKeepsArchivedOffers(t *testing.T) {
	b := newBench(t)
	w := b.world()
	second := b.anotherOffer(w, "Second")
	offers := `"offers":[{"offer":"` + w.offer + `","weight":1},{"offer":"` + second + `","weight":2}]`
	one := "/api/v2/smart-links/" + b.create("/api/v2/smart-links", smartLinkBody(w, offers))
	b.archive(w, second)
	b.ask("PATCH", one, `{"name":"T",`+offers+`}`).want(t, "a change with the archived offer in it", http.StatusOK)
	b.ask("PATCH", one, `{"offers":[{"offer":"`+w.offer+`","weight":1}]}`).want(t, "a change without it", http.StatusOK)
	got := b.ask("PATCH", one, `{"fallback_offer":"`+second+`"}`).want(t, "the archived offer anew", http.StatusUnprocessableEntity)
	if at := got.locations(); !slices.Equal(at, []string{"body.fallback_offer"}) {
		t.Errorf("the mistake is at %v", at)
	}
}

// A smart link is archived and not deleted, and keeps what it names.
func TestSmartLinkInUse(t *testing.T) {
	b := newBench(t)
	w := b.world()
	id := b.create("/api/v2/smart-links", smartLinkBody(w, `"offers":[{"offer":"`+w.offer+`","weight":1}]`))
	got := b.ask("DELETE", "/api/v2/integrations/"+w.integration, "").want(t, "delete an integration in use", http.StatusConflict)
	if at := got.locations(); !slices.Contains(at, "smart_link/"+id) {
		t.Errorf("the integration is used at %v, want the smart link too", at)
	}
	b.ask("DELETE", "/api/v2/smart-links/bulk", `{"data":["`+id+`"]}`).want(t, "archive", http.StatusOK)
	data := b.ask("GET", "/api/v2/smart-links/"+id, "").want(t, "read", http.StatusOK).data()
	if data["archived"] != true || data["active"] != false || data["name_with_id"] != "S [1]" {
		t.Errorf("after the deletion it is %v", data)
	}
	b.ask("PATCH", "/api/v2/smart-links/"+id, `{"name":"T"}`).want(t, "change what is archived", http.StatusConflict)
}
