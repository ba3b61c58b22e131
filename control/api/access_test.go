package api

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// person makes a user with some access and returns his id and key.
func (b *bench) person(name, role, patch string) (id, key string) {
	b.tb.Helper()
	id = b.create("/api/v2/users", fmt.Sprintf(`{"email":"%s@example.com","password":"S3cur3P@ssw0rd!","role":%q}`, name, role))
	if patch != "" {
		b.ask("PATCH", "/api/v2/users/"+id, patch).want(b.tb, "patch "+name, http.StatusOK)
	}
	key, _ = b.ask("POST", "/api/v2/users/"+id+"/api-keys", `{}`).want(b.tb, "key of "+name, http.StatusCreated).body["key"].(string)
	return id, key
}

// TestScopes: what account managers see and change, by their access.
func TestScopes(t *testing.T) {
	b := newBench(t)
	w := b.world()
	in := "/api/v2/integrations/" + w.integration
	for name, tc := range map[string]struct {
		patch string
		// see and change a partner of others; change one's own.
		see, change, own bool
	}{
		"global":     {`{"is_advertiser_manager":true,"is_publisher_manager":true}`, true, true, true},
		"limited":    {`{"is_advertiser_manager":true,"is_publisher_manager":true,"advertiser_manager_access":"Limited","publisher_manager_access":"Limited"}`, true, false, true},
		"restricted": {`{"is_advertiser_manager":true,"is_publisher_manager":true,"advertiser_manager_access":"Restricted","publisher_manager_access":"Restricted"}`, false, false, true},
		"reader":     {`{"is_advertiser_manager":false}`, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			id, key := b.person(name, "accountManager", tc.patch)
			own := b.create("/api/v2/advertisers", fmt.Sprintf(`{"name":"Own of %s","manager_id":%q}`, name, id))
			ask := func(method, path, body string) int {
				return b.askNode(b.api, method, path, body, "API-KEY", key).status
			}
			want := func(what string, got int, allowed bool, otherwise int) {
				t.Helper()
				if allowed && got >= 300 || !allowed && got != otherwise {
					t.Errorf("%s: answered %d, allowed %v", what, got, allowed)
				}
			}
			hidden := http.StatusForbidden
			if !tc.see {
				hidden = http.StatusNotFound
			}
			others := "/api/v2/advertisers/" + w.advertiser
			want("see another's advertiser", ask("GET", others, ""), tc.see, http.StatusNotFound)
			want("change another's advertiser", ask("PATCH", others, `{"name":"X"}`), tc.change, hidden)
			want("change his own advertiser", ask("PATCH", "/api/v2/advertisers/"+own, fmt.Sprintf(`{"name":"Own of %s too"}`, name)), tc.own, http.StatusForbidden)
			want("see another's publisher", ask("GET", "/api/v2/publishers/"+w.publisher, ""), tc.see, http.StatusNotFound)
			want("see another's offer", ask("GET", in+"/offers/"+w.offer, ""), tc.see, http.StatusNotFound)
			want("add a page to another's offer", ask("POST", in+"/offers/"+w.offer+"/landing-pages", `{"name":"L","redirect_url":"https://example.com/"}`), tc.change, hidden)
			want("read the integration", ask("GET", in, ""), true, 0)
			want("change the integration", ask("PATCH", in, `{"organization":"demo","name":"X"}`), false, http.StatusForbidden)
			want("make a user", ask("POST", "/api/v2/users", `{"email":"x@example.com","password":"S3cur3P@ssw0rd!","role":"admin"}`), false, http.StatusForbidden)
			want("make himself admin", ask("PATCH", "/api/v2/users/"+id, `{"role":"admin"}`), false, http.StatusForbidden)
			want("read himself", ask("GET", "/api/v2/users/"+id, ""), true, 0)
			want("make himself a key", ask("POST", "/api/v2/users/"+id+"/api-keys", `{"name":"second"}`), true, 0)
			if view := b.askNode(b.api, "GET", in, "", "API-KEY", key); view.data()["conversion_secure_code"] != nil {
				t.Errorf("he sees the secret %v", view.data()["conversion_secure_code"])
			}
		})
	}
}

// TestKeys: a key lets in as long as it, its owner and his access last.
func TestKeys(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	b.api.Now = func() time.Time { return now }
	id, key := b.person("jane", "admin", "")
	read := func(key string) int { return b.askNode(b.api, "GET", "/api/v2/advertisers", "", "API-KEY", key).status }
	want := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: answered %d, want %d", what, got, want)
		}
	}
	want("a good key", read(key), http.StatusOK)
	want("as a bearer token", b.askNode(b.api, "GET", "/api/v2/advertisers", "", "Authorization", "Bearer "+key).status, http.StatusOK)
	want("with another end", read(key[:len(key)-1]+"0"), http.StatusUnauthorized)
	user := "/api/v2/users/" + id
	for field, off := range map[string][2]string{"status": {`"Deactivated"`, `"Active"`}, "api_access_enabled": {"false", "true"}} {
		b.ask("PATCH", user, fmt.Sprintf(`{%q:%s}`, field, off[0])).want(t, "switch "+field, http.StatusOK)
		want("with "+field+" off", read(key), http.StatusForbidden)
		b.ask("PATCH", user, fmt.Sprintf(`{%q:%s}`, field, off[1])).want(t, "switch "+field+" back", http.StatusOK)
		want("with "+field+" on", read(key), http.StatusOK)
	}
	made := b.ask("POST", user+"/api-keys", `{"read_only":true,"name":"reader"}`).want(t, "make a read-only key", http.StatusCreated)
	reader, _ := made.body["key"].(string)
	want("read with a read-only key", read(reader), http.StatusOK)
	want("write with it", b.askNode(b.api, "POST", "/api/v2/advertisers", `{"name":"A"}`, "API-KEY", reader).status, http.StatusForbidden)
	want("make a key with it", b.askNode(b.api, "POST", user+"/api-keys", `{}`, "API-KEY", reader).status, http.StatusForbidden)
	b.ask("DELETE", user+"/api-keys/"+made.id(), "").want(t, "revoke", http.StatusOK)
	want("with a revoked key", read(reader), http.StatusUnauthorized)
	b.ask("POST", user+"/api-keys", `{"expires_at":"2020-01-01T00:00:00Z"}`).want(t, "an end in the past", http.StatusBadRequest)
	list := b.ask("GET", user+"/api-keys", "").want(t, "list keys", http.StatusOK)
	if keys, _ := list.body["data"].([]any); len(keys) != 1 || keys[0].(map[string]any)["hash"] != nil || keys[0].(map[string]any)["key"] != nil {
		t.Errorf("the keys are listed as %s, want one without its secret", list.text)
	}
}

// TestPublisherUsers see what is their publisher's own, and nothing else.
func TestPublisherUsers(t *testing.T) {
	b := newBench(t)
	w := b.world()
	users := "/api/v2/publishers/" + w.publisher + "/users"
	id := b.create(users, `{"email":"pub@example.com"}`)
	key, _ := b.ask("POST", users+"/"+id+"/api-keys", `{}`).want(t, "make a key", http.StatusCreated).body["key"].(string)
	other := b.create("/api/v2/publishers", `{"name":"Other","active":true}`)
	own := b.create("/api/v2/publishers/"+w.publisher+"/sub-ids", `{"external_id":"front","name":"Front"}`)
	foreign := b.create("/api/v2/publishers/"+other+"/sub-ids", `{"external_id":"back","name":"Back"}`)
	ask := func(method, path, body string) reply { return b.askNode(b.api, method, path, body, "API-KEY", key) }
	view := "/api/v2/publisher-view/demo/sub-ids"
	if got := ask("GET", view, "").want(t, "list", http.StatusOK); len(got.body["data"].([]any)) != 1 {
		t.Errorf("he lists %s, want his own one", got.text)
	}
	ask("GET", view+"/"+own, "").want(t, "his own", http.StatusOK)
	ask("GET", view+"/"+foreign, "").want(t, "another's", http.StatusNotFound)
	ask("GET", "/api/v2/publisher-view/else/sub-ids", "").want(t, "another organization", http.StatusNotFound)
	ask("PATCH", "/api/v2/publishers/"+w.publisher, `{"name":"Mine"}`).want(t, "change his publisher", http.StatusForbidden)
	ask("GET", "/api/v2/integrations/"+w.integration, "").want(t, "an integration", http.StatusNotFound)
	ask("GET", "/api/v2/edges", "").want(t, "the edges", http.StatusForbidden)
	ask("GET", users+"/"+id+"/api-keys", "").want(t, "his keys", http.StatusOK)
	b.ask("DELETE", "/api/v2/publishers/bulk", `{"data":["`+w.publisher+`"]}`).want(t, "archive the publisher", http.StatusOK)
	ask("GET", view, "").want(t, "when his publisher is archived", http.StatusForbidden)
}

// TestAdminsCannotLockThemselvesOut: somebody must be left to undo it.
func TestAdminsCannotLockThemselvesOut(t *testing.T) {
	b := newBench(t)
	list := b.ask("GET", "/api/v2/users", "").want(t, "list", http.StatusOK)
	super, _ := list.body["data"].([]any)[0].(map[string]any)["id"].(string)
	b.ask("PATCH", "/api/v2/users/"+super, `{"status":"Deactivated"}`).want(t, "deactivate the super admin", http.StatusConflict)
	key := b.admin("other")
	mine := b.askNode(b.api, "GET", "/api/v2/users", "", "API-KEY", key).want(t, "list", http.StatusOK)
	admin, _ := mine.body["data"].([]any)[0].(map[string]any)["id"].(string)
	b.askNode(b.api, "PATCH", "/api/v2/users/"+admin, `{"role":"accountManager"}`, "API-KEY", key).want(t, "the last admin steps down", http.StatusConflict)
	b.ask("POST", "/api/v2/users", `{"email":"ADMIN@other.example","password":"S3cur3P@ssw0rd!","role":"admin"}`).want(t, "an e-mail twice", http.StatusConflict)
	short := b.ask("POST", "/api/v2/users", `{"email":"new@example.com","password":"short","role":"admin"}`).want(t, "a short password", http.StatusBadRequest)
	if l := short.locations(); len(l) != 1 || l[0] != "body.password" {
		t.Errorf("a short password is located at %v", l)
	}
}

func TestRateLimit(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	b.api.limiter = newLimiter(Settings{RateLimit: 2, RateBurst: 3}, func() time.Time { return now })
	for range 3 {
		b.ask("GET", "/api/v2/advertisers", "").want(t, "within the burst", http.StatusOK)
	}
	got := b.ask("GET", "/api/v2/advertisers", "").want(t, "beyond it", http.StatusTooManyRequests)
	if got.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q, want 1", got.header.Get("Retry-After"))
	}
	now = now.Add(time.Second)
	b.ask("GET", "/api/v2/advertisers", "").want(t, "a second later", http.StatusOK)
}
