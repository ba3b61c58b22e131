package api

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// publisherUser makes a user of the world's publisher and returns what asks
// with his key, and what switches the publisher's postback manager.
func (b *bench) publisherUser(w world) (ask func(method, path, body string, headers ...string) reply, enable func(on bool)) {
	b.tb.Helper()
	users := "/api/v2/publishers/" + w.publisher + "/users"
	id := b.create(users, `{"email":"pub@example.com"}`)
	key, _ := b.ask("POST", users+"/"+id+"/api-keys", `{}`).want(b.tb, "make a key", http.StatusCreated).body["key"].(string)
	ask = func(method, path, body string, headers ...string) reply {
		return b.askNode(b.api, method, path, body, append([]string{"API-KEY", key}, headers...)...)
	}
	enable = func(on bool) {
		b.tb.Helper()
		b.ask("PATCH", "/api/v2/publishers/"+w.publisher, `{"name":"Blog","postback_manager_enabled":`+strconv.FormatBool(on)+`}`).want(b.tb, "switch", http.StatusOK)
	}
	return ask, enable
}

// size is the number of entities in a list.
func (r reply) size() int { data, _ := r.body["data"].([]any); return len(data) }

// TestPublisherPostbacks: publisher users see those of their publisher, and
// change them where it may.
func TestPublisherPostbacks(t *testing.T) {
	const path = "/api/v2/publisher-postbacks"
	b := newBench(t)
	w := b.world()
	ask, enable := b.publisherUser(w)
	b.create("/api/v2/publishers", `{"name":"Other","active":true}`)
	made := b.create(path, `{"publisher_incremental_id":1,"url":"https://example.com/a"}`)
	foreign := b.create(path, `{"publisher_incremental_id":2,"url":"https://example.com/b"}`)
	const mine = `{"publisher_incremental_id":1,"url":"https://example.com/c?{click_id}"}`

	refused := ask("POST", path, mine).want(t, "make one", http.StatusForbidden)
	if !strings.Contains(refused.text, "postback_manager_enabled") {
		t.Errorf("the refusal says %s", refused.text)
	}
	ask("PATCH", path+"/"+made, `{"active":true}`).want(t, "change one", http.StatusForbidden)
	if list := ask("GET", path, "").want(t, "list", http.StatusOK); list.size() != 1 {
		t.Errorf("he lists %s", list.text)
	}
	enable(true)
	own := ask("POST", path, mine).want(t, "make one", http.StatusCreated).id()
	for id, want := range map[string]bool{own: true, made: false} {
		if got := ask("GET", path+"/"+id, "").want(t, "read", http.StatusOK).data()["created_by_publisher"]; got != want {
			t.Errorf("%s is made by a publisher: %v", id, got)
		}
		ask("PATCH", path+"/"+id, `{"active":true,"goal":"0"}`).want(t, "change", http.StatusOK)
	}
	ask("GET", path+"/"+foreign, "").want(t, "another's", http.StatusNotFound)
	ask("PATCH", path+"/"+foreign, `{"active":true}`).want(t, "change another's", http.StatusNotFound)
	ask("DELETE", path+"/bulk", `{"data":["`+foreign+`"]}`).want(t, "delete another's", http.StatusNotFound)
	ask("POST", path, `{"publisher_incremental_id":2,"url":"https://example.com/d"}`).want(t, "make another's", http.StatusForbidden)
	ask("PATCH", path+"/"+own, `{"url":"https://example.com/{revenue}"}`).want(t, "ask for the revenue", http.StatusUnprocessableEntity)
	ask("POST", path, `{"publisher_incremental_id":1,"url":"https://example.com/e","created_by_publisher":false}`).want(t, "hide who made it", http.StatusBadRequest)
	ask("PATCH", path+"/bulk", `{"active":false,"data":["`+own+`"]}`).want(t, "switch off", http.StatusOK)
	ask("DELETE", path+"/"+own, "").want(t, "delete", http.StatusOK)
	enable(false)
	ask("DELETE", path+"/"+made, "").want(t, "delete when he may not", http.StatusForbidden)
}

// TestPublishersShare: a publisher does not load every conversion with more
// calls than a hundred.
func TestPublishersShare(t *testing.T) {
	const path, body = "/api/v2/publisher-postbacks", `{"publisher_incremental_id":1,"url":"https://example.com/a"}`
	b := newBench(t)
	ask, enable := b.publisherUser(b.world())
	enable(true)
	var last string
	for range mostOfPublisher {
		last = ask("POST", path, body).want(t, "one more", http.StatusCreated).id()
	}
	ask("PATCH", path+"/"+last, `{"goal":"7"}`).want(t, "change the last one", http.StatusOK)
	ask("POST", path, body).want(t, "one too many", http.StatusConflict)
	b.create(path, body) // the network may
}

// TestPublishersPostbackManagers: those that publisher users make are for their
// own traffic, and those of others are hidden from them.
func TestPublishersPostbackManagers(t *testing.T) {
	b := newBench(t)
	w := b.world()
	ask, enable := b.publisherUser(w)
	path := "/api/v2/integrations/" + w.integration + "/postback-managers"
	manager := func(name, more string) string {
		return `{"integration":"` + w.integration + `","organization":"demo","name":"` + name + `","service_type":"conversion","url":"https://example.com/p"` + more + `}`
	}
	network := b.create(path, manager("Network", `,"filters":{"publisher_id":"1"},"headers":{"X-Token":["t"]}`))
	ask("POST", path, manager("Own", "")).want(t, "make one", http.StatusForbidden)
	enable(true)
	ask("GET", path+"/"+network, "").want(t, "the network's", http.StatusNotFound)
	own := ask("POST", path, manager("Own", `,"filters":{"filter_status":"Approved"}`)).want(t, "make one", http.StatusCreated).id()
	got := ask("GET", path+"/"+own, "").want(t, "read", http.StatusOK).data()
	filters, _ := got["filters"].(map[string]any)
	if got["created_by_publisher"] != 1.0 || filters["publisher_id"] != w.publisher || filters["filter_status"] != "Approved" {
		t.Errorf("he made %v", got)
	}
	if list := ask("GET", path, "").want(t, "list", http.StatusOK); list.size() != 1 {
		t.Errorf("he lists %s", list.text)
	}
	named := ask("POST", path, manager("By number", `,"filters":{"publisher_id":"1"}`)).want(t, "make one by number", http.StatusCreated).id()
	ask("POST", path, manager("Another's", `,"filters":{"publisher_id":"2"}`)).want(t, "make another's", http.StatusForbidden)
	ask("PATCH", path+"/"+own, `{"organization":"demo","filters":{"publisher_id":null}}`).want(t, "widen to all", http.StatusForbidden)
	ask("PATCH", path+"/"+own, `{"organization":"demo","url":"https://example.com/{revenue}"}`).want(t, "ask for the revenue", http.StatusUnprocessableEntity)
	ask("PATCH", path+"/"+own, `{"organization":"demo","filters":{"statuses":["Hold"],"filter_status":"Any"}}`).want(t, "change", http.StatusOK)
	ask("DELETE", path+"/"+named, "").want(t, "delete", http.StatusOK)
	ask("GET", "/api/v2/integrations/"+w.integration+"/filter-groups", "").want(t, "see more of the integration", http.StatusNotFound)
	ask("GET", "/api/v2/integrations/"+w.integration, "").want(t, "see the integration", http.StatusNotFound)
	strangers := b.create("/api/v2/integrations", strings.Replace(goodIntegration, `"organization":"demo"`, `"organization":"strangers"`, 1))
	ask("GET", "/api/v2/integrations/"+strangers+"/postback-managers", "").want(t, "an integration of another organization", http.StatusNotFound)
	ask("GET", "/api/v2/integrations/nowhere/postback-managers", "").want(t, "an integration that is not there", http.StatusNotFound)
	b.ask("PATCH", path+"/"+own, `{"organization":"demo","filters":{"publisher_id":null}}`).want(t, "an admin widens it", http.StatusUnprocessableEntity)
}

// TestPixelsAreModerated: publishers do not approve, other code waits again,
// and nobody approves what he has not read.
func TestPixelsAreModerated(t *testing.T) {
	const path = "/api/v2/publisher-pixels"
	b := newBench(t)
	ask, enable := b.publisherUser(b.world())
	pixel := func(more string) string {
		return `{"publisher_incremental_id":1,"offer_incremental_id":1,"name":"P","code":"<img src=1>","code_type":"image"` + more + `}`
	}
	ask("POST", path, pixel("")).want(t, "make one", http.StatusForbidden)
	enable(true)
	ask("POST", path, pixel(`,"moderation_status":"approved"`)).want(t, "make an approved one", http.StatusForbidden)
	id := ask("POST", path, pixel(`,"is_active":true`)).want(t, "make one", http.StatusCreated).id()
	one := path + "/" + id
	status := func(what, want string) {
		t.Helper()
		if got := ask("GET", one, "").want(t, what, http.StatusOK).data()["moderation_status"]; got != want {
			t.Errorf("%s: it is %q, want %q", what, got, want)
		}
	}
	approve := func(what string, status int, headers ...string) {
		t.Helper()
		b.ask("PATCH", one, `{"moderation_status":"approved"}`, headers...).want(t, what, status)
	}
	tag := b.ask("GET", one, "").header.Get("ETag")
	status("a new one", "")
	ask("PATCH", one, `{"moderation_status":"approved"}`, "If-Match", tag).want(t, "the publisher approves", http.StatusForbidden)
	ask("PATCH", one, `{"moderation_status":"rejected"}`).want(t, "the publisher rejects", http.StatusForbidden)
	approve("approved unread", http.StatusPreconditionRequired)
	ask("PATCH", one, `{"name":"Q"}`).want(t, "the publisher changes it meanwhile", http.StatusOK)
	approve("approved as it was", http.StatusPreconditionFailed, "If-Match", tag)
	approve("approved", http.StatusOK, "If-Match", b.ask("GET", one, "").header.Get("ETag"))
	ask("PATCH", one, `{"name":"R","moderation_status":"approved"}`).want(t, "the publisher names the status it has", http.StatusOK)
	status("with another name", "approved")
	ask("PATCH", one, `{"code":"<img src=2>","moderation_status":"approved"}`).want(t, "other code as approved", http.StatusForbidden)
	status("when that was refused", "approved")
	ask("PATCH", one, `{"code":"<img src=2>"}`).want(t, "other code", http.StatusOK)
	status("with other code", "pending")
	b.ask("PATCH", one, `{"code":"<img src=3>","moderation_status":"approved"}`).want(t, "an admin's own code", http.StatusOK)
	status("with an admin's code", "approved")
	b.ask("PATCH", one, `{"code":"<iframe>","code_type":"iframe"}`).want(t, "an admin's code without a word", http.StatusOK)
	status("with code nobody spoke about", "pending")
	approve("approved", http.StatusOK, "If-Match", b.ask("GET", one, "").header.Get("ETag"))
	b.ask("PATCH", one, `{"code":"<iframe><script>","moderation_status":"approved"}`).want(t, "code of two types", http.StatusOK)
	ask("PATCH", one, `{"code_type":"javascript"}`).want(t, "another type", http.StatusOK)
	status("as another type", "pending")
	b.ask("PATCH", one, `{"moderation_status":"rejected"}`).want(t, "rejected", http.StatusOK)
	ask("PATCH", one, `{"is_active":false}`).want(t, "the publisher switches it off", http.StatusOK)
	status("switched off", "rejected")
	b.create("/api/v2/publishers", `{"name":"Other","active":true}`)
	foreign := b.create(path, strings.Replace(pixel(""), `"publisher_incremental_id":1`, `"publisher_incremental_id":2`, 1))
	ask("GET", path+"/"+foreign, "").want(t, "another's", http.StatusNotFound)
}

// TestManagersOfWhatPublishersAreTold: account managers work with what belongs
// to the publishers they manage.
func TestManagersOfWhatPublishersAreTold(t *testing.T) {
	b := newBench(t)
	b.world()
	id, key := b.person("restricted", "accountManager", `{"is_advertiser_manager":true,"is_publisher_manager":true,"publisher_manager_access":"Restricted"}`)
	b.create("/api/v2/publishers", `{"name":"Managed","active":true,"manager_id":"`+id+`"}`)
	ask := func(method, path, body string) reply { return b.askNode(b.api, method, path, body, "API-KEY", key) }
	for _, tc := range []struct{ path, body string }{
		{"/api/v2/publisher-postbacks", `{"publisher_incremental_id":N,"url":"https://example.com/"}`},
		{"/api/v2/publisher-postbacks", `{"publisher_incremental_id":N,"offer_incremental_id":1,"url":"https://example.com/"}`},
		{"/api/v2/publisher-pixels", `{"publisher_incremental_id":N,"offer_incremental_id":1,"name":"P","code":"<img>","code_type":"image"}`},
	} {
		of := func(publisher string) string { return strings.Replace(tc.body, "N", publisher, 1) }
		theirs := b.create(tc.path, of("1"))
		ask("GET", tc.path+"/"+theirs, "").want(t, "read another's", http.StatusNotFound)
		ask("POST", tc.path, of("1")).want(t, "make another's", http.StatusForbidden)
		mine := ask("POST", tc.path, of("2")).want(t, "make his publisher's", http.StatusCreated).id()
		ask("DELETE", tc.path+"/"+mine, "").want(t, "delete his publisher's", http.StatusOK)
	}
}
