package api

import (
	"net/http"
	"strings"
	"testing"
)

// TestSecretsAreForAdmins: an account manager reads an integration without its
// secrets, and nobody finds out about them by filters, texts and mistakes.
func TestSecretsAreForAdmins(t *testing.T) {
	const key = "the-key-of-signatures"
	b := newBench(t)
	id := b.create("/api/v2/integrations", strings.Replace(goodIntegration, `"conversions_config":{}`, `"conversions_config":{"signing_key":"`+key+`","answer_format":"tune"}`, 1))
	_, manager := b.person("manager", "accountManager", "")
	one := "/api/v2/integrations/" + id
	shown := func(what string, got reply) map[string]any {
		t.Helper()
		conversions, _ := got.want(t, what, http.StatusOK).data()["conversions_config"].(map[string]any)
		return conversions
	}
	if c := shown("an admin", b.ask("GET", one, "")); c["signing_key"] != key {
		t.Errorf("an admin is shown %v", c)
	}
	got := b.askNode(b.api, "GET", one, "", "API-KEY", manager)
	if c := shown("a manager", got); c["answer_format"] != "tune" || strings.Contains(got.text, key) || strings.Contains(got.text, `"secret"`) {
		t.Errorf("a manager is shown %s", got.text)
	}
	list := b.askNode(b.api, "GET", "/api/v2/integrations?query=signatures", "", "API-KEY", manager).want(t, "a search", http.StatusOK)
	if data, _ := list.body["data"].([]any); len(data) != 0 {
		t.Errorf("a search finds the key: %s", list.text)
	}
	for _, field := range []string{"conversions_config.signing_key", "conversion_secure_code"} {
		b.ask("GET", "/api/v2/integrations?filter["+field+"][match]=the", "").want(t, "a filter by "+field, http.StatusBadRequest)
	}
	short := b.ask("PATCH", one, `{"organization":"demo","conversions_config":{"signing_key":"too-short-a-key"}}`).want(t, "a short key", http.StatusUnprocessableEntity)
	if l := short.locations(); len(l) != 1 || l[0] != "body.conversions_config.signing_key" || strings.Contains(short.text, "too-short") {
		t.Errorf("a short key is answered %s", short.text)
	}
}
