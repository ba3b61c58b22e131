package api

import (
	"net/http"
	"strings"
	"testing"
)

// resourceCase is a good body for each resource, and a change of it.
type resourceCase struct {
	path           string
	body, patch    string
	field, patched string
}

func cases(w world) []resourceCase {
	in := "/api/v2/integrations/" + w.integration
	offer := in + "/offers/" + w.offer
	publisher := "/api/v2/publishers/" + w.publisher
	return []resourceCase{
		{path: "/api/v2/integrations", body: strings.Replace(goodIntegration, "Main", "Second", 1), patch: `{"organization":"demo","name":"New"}`},
		{path: in + "/filter-groups", body: `{"integration":"` + w.integration + `","organization":"demo","name":"G","priority":1,"filters":[{"type":"BOT","target":"click"}]}`, patch: `{"organization":"demo","name":"New"}`},
		{path: in + "/fraud-filter-groups", body: `{"integration":"` + w.integration + `","organization":"demo","name":"F","click_filter_settings":{"bot_enabled":true,"old_browser_enabled":false}}`, patch: `{"organization":"demo","name":"New"}`},
		{path: in + "/targeting-groups", body: `{"integration":"` + w.integration + `","organization":"demo","name":"T","click_targeting_settings":{"geo_targeting_enabled":true,"geo":{"countries":{"DE":true}}}}`, patch: `{"name":"New"}`},
		{path: in + "/postback-managers", body: `{"integration":"` + w.integration + `","organization":"demo","name":"P","service_type":"conversion","url":"https://example.com/p"}`, patch: `{"organization":"demo","name":"New"}`},
		{path: in + "/offer-dictionaries", body: `{"source_id":"7","friendly_name":"Seven"}`, patch: `{"friendly_name":"New"}`, field: "friendly_name"},
		{path: in + "/publisher-dictionaries", body: `{"source_id":"7","friendly_name":"Seven"}`, patch: `{"friendly_name":"New"}`, field: "friendly_name"},
		{path: "/api/v2/advertisers", body: `{"name":"A"}`, patch: `{"name":"New"}`},
		{path: in + "/offers", body: `{"name":"O","advertiser_id":1,"hold_period":7,"caps":[{"period":"day","type":"conversions","value":5,"affiliate_type":"exact","affiliates":[1]}],"caps_status":["confirmed"]}`, patch: `{"name":"New","advertiser_id":1}`},
		{path: offer + "/events", body: `{"name":"E","payout":1.5,"payout_type":"CPA"}`, patch: `{"name":"New"}`},
		{path: offer + "/landing-pages", body: `{"name":"L","redirect_url":"https://example.com/l","weight":5}`, patch: `{"name":"New","redirect_url":"https://example.com/l"}`},
		{path: "/api/v2/smart-links", body: `{"integration":"` + w.integration + `","name":"S","offers":[{"offer":"` + w.offer + `","weight":1}]}`, patch: `{"name":"New"}`},
		{path: "/api/v2/publishers", body: `{"name":"P","promotional_method":["Email"],"caps":[{"period":"month","type":"budget","value":1000.25}]}`, patch: `{"name":"New"}`},
		{path: publisher + "/sub-ids", body: `{"external_id":"front","name":"Front"}`, patch: `{"name":"New"}`},
		{path: publisher + "/custom-throttles", body: `{"publisher_incremental_id":1,"offer_incremental_id":1,"throttle_percentage":5}`, patch: `{"throttle_status":"Rejected"}`, field: "throttle_status", patched: "Rejected"},
		{path: publisher + "/users", body: `{"email":"p@example.com"}`, patch: `{"first_name":"New"}`, field: "first_name"},
		{path: "/api/v2/blocked-subids", body: `{"publisher_incremental_id":1,"offer_incremental_id":1,"sub_id":"bad","organization":"demo"}`, patch: `{"description":"New"}`, field: "description"},
		{path: "/api/v2/custom-payouts", body: `{"publisher_incremental_id":1,"offer_incremental_id":1,"payout":2,"payout_type":"CPA"}`, patch: `{"payout_type":"CPS"}`, field: "payout_type", patched: "CPS"},
		{path: "/api/v2/publisher-postbacks", body: `{"publisher_incremental_id":1,"offer_incremental_id":1,"url":"https://example.com/p?sum={payout}","status":"confirmed"}`, patch: `{"goal":"New"}`, field: "goal"},
		{path: "/api/v2/publisher-pixels", body: `{"publisher_incremental_id":1,"offer_incremental_id":1,"name":"P","code":"<img src=x>","code_type":"image","moderation_status":"approved"}`, patch: `{"name":"New"}`},
		{path: "/api/v2/users", body: `{"email":"jane@example.com","password":"S3cur3P@ssw0rd!","role":"accountManager"}`, patch: `{"first_name":"New"}`, field: "first_name"},
	}
}

// Every resource is made, read, listed and changed.
func TestLifeOfEveryResource(t *testing.T) {
	b := newBench(t)
	for _, tc := range cases(b.world()) {
		t.Run(tc.path, func(t *testing.T) {
			if tc.field == "" {
				tc.field = "name"
			}
			if tc.patched == "" {
				tc.patched = "New"
			}
			created := b.ask("POST", tc.path, tc.body).want(t, "create", http.StatusCreated)
			one := tc.path + "/" + created.id()
			if got := created.header.Get("Location"); got != one {
				t.Errorf("Location is %q, want %q", got, one)
			}
			got := b.ask("GET", one, "").want(t, "get", http.StatusOK)
			if got.header.Get("ETag") != created.header.Get("ETag") || got.data()["id"] != created.id() {
				t.Errorf("read with tag %s, created with %s: %s", got.header.Get("ETag"), created.header.Get("ETag"), got.text)
			}
			b.ask("GET", one, "", "If-None-Match", got.header.Get("ETag")).want(t, "get again", http.StatusNotModified)
			b.ask("PATCH", one, tc.patch, "If-Match", `"1"`).want(t, "patch with another tag", http.StatusPreconditionFailed)
			changed := b.ask("PATCH", one, tc.patch, "If-Match", got.header.Get("ETag")).want(t, "patch", http.StatusOK)
			again := b.ask("GET", one, "").want(t, "get", http.StatusOK)
			if again.data()[tc.field] != tc.patched || again.header.Get("ETag") != changed.header.Get("ETag") {
				t.Errorf("after the patch %s is %v with tag %s, want %s with %s", tc.field, again.data()[tc.field], again.header.Get("ETag"), tc.patched, changed.header.Get("ETag"))
			}
			list := b.ask("GET", tc.path+"?filter[id]="+created.id(), "").want(t, "list", http.StatusOK)
			if data, _ := list.body["data"].([]any); len(data) != 1 {
				t.Errorf("listed are %s, want the one with the id", list.text)
			}
			b.ask("GET", tc.path+"/nobody", "").want(t, "get of nothing", http.StatusNotFound)
			wrong := b.ask("POST", tc.path, strings.Replace(tc.body, "{", `{"no_such_field":1,`, 1)).want(t, "unknown field", http.StatusBadRequest)
			if l := wrong.locations(); len(l) != 1 || l[0] != "body.no_such_field" {
				t.Errorf("an unknown field is located at %v", l)
			}
		})
	}
}
