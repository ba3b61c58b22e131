package config

import (
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"
)

var (
	userRoles         = []string{"admin", "accountManager"}
	userStatuses      = []string{"Active", "Deactivated"}
	publisherStatuses = []string{"Active", "Deactivated", "Suspended"}
	managerAccess     = []string{"Global", "Limited", "Restricted"}
)

func (v *validator) user(d *User) {
	v.required("email", d.Email)
	v.email("email", d.Email)
	v.required("role", d.Role)
	v.oneOf("role", d.Role, userRoles)
	v.oneOf("status", d.Status, userStatuses)
	v.oneOf("advertiser_manager_access", d.AdvertiserManagerAccess, managerAccess)
	v.oneOf("publisher_manager_access", d.PublisherManagerAccess, managerAccess)
	v.timezone("timezone", d.Timezone)
}

func (v *validator) publisherUser(d *PublisherUser) {
	v.required("publisher_id", d.PublisherID)
	v.email("email", d.Email)
	v.oneOf("status", d.Status, publisherStatuses)
	v.timezone("timezone", d.Timezone)
}

func (v *validator) apiKey(d *APIKey) {
	v.reference("user_id", KindUser, d.UserID)
	v.reference("publisher_user_id", KindPublisherUser, d.PublisherUserID)
	if (d.UserID == "") == (d.PublisherUserID == "") {
		v.fail("user_id", "a key has one owner: give user_id or publisher_user_id")
	}
	v.longest("name", d.Name, 100)
	if sum, err := hex.DecodeString(d.Hash); err != nil || len(sum) != 32 {
		v.fail("hash", "must be a SHA-256 in hex")
	}
	if _, err := time.Parse(time.RFC3339, d.ExpiresAt); d.ExpiresAt != "" && err != nil {
		v.fail("expires_at", "must be a time such as 2027-01-31T00:00:00Z, found %q", shorten(d.ExpiresAt))
	}
}

func (v *validator) email(field, s string) {
	if s != "" {
		v.failOn(field, checkEmail(s))
	}
}

// checkEmail accepts a plain address in lower case.
func checkEmail(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > 254 || s != strings.ToLower(s) {
		return fmt.Errorf("must be an e-mail address in lower case such as jane@example.com, found %q", shorten(s))
	}
	return nil
}

// timezone checks the name of a time zone, such as Europe/Berlin.
func (v *validator) timezone(field, s string) {
	_, err := Zone(s)
	v.failOn(field, err)
}
