package accounts

import (
	"github.com/clickgate/clickgate/config"
)

// Principal is who sends a request: a user of an organization or of a
// publisher, by one of his keys.
type Principal struct {
	Key *config.APIKey
	// User is nil for a publisher user.
	User *config.User
	// PublisherUser and his Publisher are nil for a user of the organization.
	PublisherUser *config.PublisherUser
	Publisher     *config.Publisher
}

// SuperAdmin tells the owner of the first key, who is above organizations.
func (p Principal) SuperAdmin() bool { return p.User != nil && p.User.SuperAdmin }

// Admin tells who may change everything in his organization.
func (p Principal) Admin() bool {
	return p.User != nil && (p.User.SuperAdmin || p.User.Role == "admin")
}

// ReadOnly tells a key that must not change anything.
func (p Principal) ReadOnly() bool { return p.Key != nil && p.Key.ReadOnly }

// ID is the opaque id of the user.
func (p Principal) ID() string {
	switch {
	case p.User != nil:
		return p.User.ID
	case p.PublisherUser != nil:
		return p.PublisherUser.ID
	}
	return ""
}

// Organization is the one the principal belongs to; empty for a super admin
// without a home.
func (p Principal) Organization() string {
	switch {
	case p.User != nil:
		return p.User.Organization
	case p.PublisherUser != nil:
		return p.PublisherUser.Organization
	}
	return ""
}

// Author is how the principal is named in the log of versions.
func (p Principal) Author() string {
	switch {
	case p.User != nil:
		return p.User.Email
	case p.PublisherUser != nil && p.PublisherUser.Email != "":
		return p.PublisherUser.Email
	}
	return p.ID()
}
