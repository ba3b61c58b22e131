package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

var profileFields = []string{"city", "country", "email", "first_name", "last_name", "password", "phone", "role", "timezone"}

func users() *resource {
	return &resource{
		kind: config.KindUser, name: "User", title: "user", plural: "users", tag: "users",
		about: "A person who works in the organization: an admin, or an account manager of publishers and advertisers.",
		path:  "/api/v2/users", param: "userID", accounts: true,
		create: body{fields: fields(profileFields, []string{"organization"}), required: []string{"email", "password", "role"}},
		update: body{fields: fields(profileFields, []string{
			"status", "api_access_enabled", "is_advertiser_manager", "is_publisher_manager",
			"advertiser_manager_access", "publisher_manager_access",
		})},
		hidden: []string{"password_hash", "super_admin", "organization", "label"},
		make:   newUser,
		check:  checkUser,
	}
}

var publisherUserFields = []string{"description", "email", "first_name", "last_name", "timezone"}

func publisherUsers() *resource {
	return &resource{
		kind: config.KindPublisherUser, name: "PublisherUser", title: "publisher user", plural: "publisher users", tag: "publisher-users",
		about: "A person who works for a publisher.",
		path:  "/api/v2/publishers/{publisherID}/users", param: "publisherUserID", accounts: true,
		parents: []parent{{param: "publisherID", kind: config.KindPublisher, field: "publisher_id"}},
		create:  body{fields: fields(publisherUserFields, []string{"status"})},
		update:  body{fields: []string{"email", "first_name", "last_name", "notes", "timezone"}},
		hidden:  []string{"notes", "organization", "label"},
		make:    newPublisherUser,
		extras: []extra{
			{"publisher_incremental_id", int64(0), func(l look) any {
				return numberOf(l, config.KindPublisher, l.Document.(*config.PublisherUser).PublisherID)
			}},
			{"fraud_visibility_enabled", false, func(l look) any { p := publisherOf(l); return p != nil && p.FraudVisibilityEnabled }},
			{"postback_manager_enabled", false, func(l look) any { p := publisherOf(l); return p != nil && p.PostbackManagerEnabled }},
		},
	}
}

func publisherOf(l look) *config.Publisher {
	doc, _ := l.snap.Set.Get(config.Key{Kind: config.KindPublisher, ID: l.Document.(*config.PublisherUser).PublisherID})
	p, _ := doc.(*config.Publisher)
	return p
}

// newUser lets a new user in at once.
func newUser(_ *call, _ store.Snapshot, f map[string]any) error {
	f["status"], f["api_access_enabled"] = "Active", true
	return nil
}

func newPublisherUser(_ *call, _ store.Snapshot, f map[string]any) error {
	if f["status"] == nil {
		f["status"] = "Active"
	}
	return nil
}

// hashPassword replaces a password by what is kept of it.
func hashPassword(f map[string]any) error {
	password, ok := f["password"].(string)
	delete(f, "password")
	if !ok {
		return nil
	}
	hash, err := accounts.HashPassword(password)
	if err != nil {
		return problem.New(http.StatusBadRequest, "the password is refused", problem.Detail{Location: "body.password", Message: err.Error()})
	}
	f["password_hash"] = hash
	return nil
}

// lowerEmail writes logins in lower case, as they are compared.
func lowerEmail(f map[string]any) {
	if email, ok := f["email"].(string); ok {
		f["email"] = strings.ToLower(strings.TrimSpace(email))
	}
}

var errLastAdmin = errors.New("nobody else could undo this: the organization needs an active admin with API access")

// checkUser keeps admins from locking everybody out, the super admin himself
// above all.
func checkUser(_ *call, snap store.Snapshot, before, after config.Document) error {
	was, _ := before.(*config.User)
	is := after.(*config.User)
	if was == nil || !effective(was) || effective(is) {
		return nil
	}
	if was.SuperAdmin {
		return problem.New(http.StatusConflict, "the super admin stays an active admin with API access")
	}
	for doc := range snap.Set.OfKind(config.KindUser) {
		other := doc.(*config.User)
		if other.ID != is.ID && other.Organization == is.Organization && effective(other) {
			return nil
		}
	}
	return problem.New(http.StatusConflict, errLastAdmin.Error())
}

// effective tells an admin who can use the API.
func effective(u *config.User) bool {
	return u.Role == "admin" && u.Status != "Deactivated" && u.APIAccessEnabled
}
