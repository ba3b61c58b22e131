package config

import (
	"strings"
	"testing"
	"time"
)

// accountSet is a valid set of one account of each kind.
func accountSet(tb testing.TB) *Set {
	tb.Helper()
	set, problems := NewSet(
		&User{Meta: Meta{ID: "jane", Organization: "acme"}, Email: "jane@example.com", Role: "admin", Timezone: "Europe/Berlin"},
		&PublisherUser{Meta: Meta{ID: "joe", Organization: "acme"}, PublisherID: "pub", Email: "joe@example.com"},
		&APIKey{Meta: Meta{ID: "key", Organization: "acme"}, UserID: "jane", Hash: strings.Repeat("0f", 32), ExpiresAt: "2027-01-31T00:00:00Z"},
	)
	if problems != nil {
		tb.Fatal(problems)
	}
	wantProblems(tb, set.Validate(testChecks), nil)
	return set
}

// TestAccountRules changes one account and wants the mistakes that this makes.
func TestAccountRules(t *testing.T) {
	jane := func(change func(d *User)) Document {
		d := &User{Meta: Meta{ID: "jane", Organization: "acme"}, Email: "jane@example.com", Role: "admin"}
		change(d)
		return d
	}
	joe := func(change func(d *PublisherUser)) Document {
		d := &PublisherUser{Meta: Meta{ID: "joe", Organization: "acme"}, PublisherID: "pub", Email: "joe@example.com"}
		change(d)
		return d
	}
	key := func(change func(d *APIKey)) Document {
		d := &APIKey{Meta: Meta{ID: "key", Organization: "acme"}, UserID: "jane", Hash: strings.Repeat("0f", 32)}
		change(d)
		return d
	}
	for _, tc := range []struct {
		name string
		put  Document
		want []string
	}{
		{"a user without anything", &User{Meta: Meta{ID: "new", Organization: "acme"}}, []string{`user/new: email: missing`, `user/new: role: missing`}},
		{"email with a name", jane(func(d *User) { d.Email = "Jane <jane@example.com>" }), []string{`user/jane: email: must be an e-mail address in lower case such as jane@example.com, found "Jane <jane@example.com>"`}},
		{"email in upper case", jane(func(d *User) { d.Email = "Jane@example.com" }), []string{`user/jane: email: must be an e-mail address in lower case such as jane@example.com, found "Jane@example.com"`}},
		{"no email at all", jane(func(d *User) { d.Email = "jane" }), []string{`user/jane: email: must be an e-mail address in lower case such as jane@example.com, found "jane"`}},
		{"email of another user", jane(func(d *User) { d.ID = "zoe" }), []string{`user/zoe: email: "jane@example.com" is taken by user/jane`}},
		{"email of a publisher user", jane(func(d *User) { d.Email = "joe@example.com" }), nil},
		{"role", jane(func(d *User) { d.Role = "owner" }), []string{`user/jane: role: unknown value "owner"; allowed are admin or accountManager`}},
		{"status", jane(func(d *User) { d.Status = "Suspended" }), []string{`user/jane: status: unknown value "Suspended"; allowed are Active or Deactivated`}},
		{"access", jane(func(d *User) { d.AdvertiserManagerAccess, d.PublisherManagerAccess = "All", "None" }), []string{
			`user/jane: advertiser_manager_access: unknown value "All"; allowed are Global, Limited or Restricted`,
			`user/jane: publisher_manager_access: unknown value "None"; allowed are Global, Limited or Restricted`,
		}},
		{"time zone", jane(func(d *User) { d.Timezone = "Local" }), []string{`user/jane: timezone: must be a time zone of the IANA database such as Europe/Berlin, found "Local"`}},
		{"organization", jane(func(d *User) { d.Organization = "else" }), []string{`api_key/key: user_id: user/jane belongs to organization "else", not to "acme"`}},

		{"a publisher user without publisher", joe(func(d *PublisherUser) { d.PublisherID = "" }), []string{`publisher_user/joe: publisher_id: missing`}},
		{"email of a publisher user", joe(func(d *PublisherUser) { d.Email = "joe@" }), []string{`publisher_user/joe: email: must be an e-mail address in lower case such as jane@example.com, found "joe@"`}},
		{"email of another publisher user", joe(func(d *PublisherUser) { d.ID = "zoe" }), []string{`publisher_user/zoe: email: "joe@example.com" is taken by publisher_user/joe`}},
		{"no email of a publisher user", joe(func(d *PublisherUser) { d.Email = "" }), nil},
		{"status of a publisher user", joe(func(d *PublisherUser) { d.Status = "active" }), []string{`publisher_user/joe: status: unknown value "active"; did you mean Active?; allowed are Active, Deactivated or Suspended`}},
		{"suspended", joe(func(d *PublisherUser) { d.Status = "Suspended" }), nil},
		{"time zone of a publisher user", joe(func(d *PublisherUser) { d.Timezone = "Mars/Base" }), []string{`publisher_user/joe: timezone: must be a time zone of the IANA database such as Europe/Berlin, found "Mars/Base"`}},

		{"a key of nobody", key(func(d *APIKey) { d.UserID = "" }), []string{`api_key/key: user_id: a key has one owner: give user_id or publisher_user_id`}},
		{"a key of two", key(func(d *APIKey) { d.PublisherUserID = "joe" }), []string{`api_key/key: user_id: a key has one owner: give user_id or publisher_user_id`}},
		{"a key of a stranger", key(func(d *APIKey) { d.UserID = "joe" }), []string{`api_key/key: user_id: there is no user/joe`}},
		{"a publisher user's key of a stranger", key(func(d *APIKey) { d.UserID, d.PublisherUserID = "", "jane" }), []string{`api_key/key: publisher_user_id: there is no publisher_user/jane`}},
		{"a key of a publisher user", key(func(d *APIKey) { d.UserID, d.PublisherUserID = "", "joe" }), nil},
		{"name of a key", key(func(d *APIKey) { d.Name = strings.Repeat("ä", 101) }), []string{`api_key/key: name: must have at most 100 characters, found 101`}},
		{"hash", key(func(d *APIKey) { d.Hash = "0f" }), []string{`api_key/key: hash: must be a SHA-256 in hex`}},
		{"hash of another key", key(func(d *APIKey) { d.ID = "last" }), []string{`api_key/last: hash: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f..." is taken by api_key/key`}},
		{"end", key(func(d *APIKey) { d.ExpiresAt = "2027-01-31" }), []string{`api_key/key: expires_at: must be a time such as 2027-01-31T00:00:00Z, found "2027-01-31"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set := accountSet(t).With([]Document{tc.put}, nil)
			wantProblems(t, set.Validate(testChecks), tc.want)
		})
	}
}

func TestAPIKeyExpired(t *testing.T) {
	end := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		text string
		now  time.Time
		want bool
	}{
		{"", end, false},
		{"2027-01-31T00:00:00Z", end.Add(-1), false},
		{"2027-01-31T00:00:00Z", end, true},
		{"2027-01-31T01:00:00+01:00", end, true},
		{"nonsense", end.Add(-1), true},
	} {
		if got := (&APIKey{ExpiresAt: tc.text}).Expired(tc.now); got != tc.want {
			t.Errorf("a key that ends at %q is expired at %s: %t, want %t", tc.text, tc.now, got, tc.want)
		}
	}
}
