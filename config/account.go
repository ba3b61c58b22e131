package config

import "time"

// Accounts are documents too, kept apart from the live ones: no edge sees
// them, and no file or export holds them.

// User is a person of the organization who may use the API (A14).
type User struct {
	Meta
	// Email is the login, in lower case; unique among all users.
	Email string `json:"email" format:"email" maxLength:"254"`
	// PasswordHash is a bcrypt hash.
	PasswordHash string `json:"password_hash,omitempty"`
	// Role is admin or accountManager.
	Role string `json:"role" enum:"admin,accountManager"`
	// SuperAdmin is the owner of the first key: above all organizations.
	SuperAdmin bool   `json:"super_admin,omitempty"`
	FirstName  string `json:"first_name,omitempty"`
	LastName   string `json:"last_name,omitempty"`
	City       string `json:"city,omitempty"`
	Country    string `json:"country,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Timezone   string `json:"timezone,omitempty"`
	// Status is Active (also when empty) or Deactivated.
	Status string `json:"status,omitempty" enum:"Active,Deactivated"`
	// APIAccessEnabled lets the user's keys in.
	APIAccessEnabled    bool `json:"api_access_enabled"`
	IsAdvertiserManager bool `json:"is_advertiser_manager,omitempty"`
	IsPublisherManager  bool `json:"is_publisher_manager,omitempty"`
	// The scope of an account manager: Global (also when empty), Limited or
	// Restricted.
	AdvertiserManagerAccess string `json:"advertiser_manager_access,omitempty" enum:"Global,Limited,Restricted"`
	PublisherManagerAccess  string `json:"publisher_manager_access,omitempty" enum:"Global,Limited,Restricted"`
}

// Key implements Document.
func (d *User) Key() Key { return Key{KindUser, d.ID} }

// PublisherUser is a person of a publisher (A13).
type PublisherUser struct {
	Meta
	// PublisherID is the opaque id of the publisher.
	PublisherID string `json:"publisher_id"`
	// Email is the login, in lower case; unique among all publisher users.
	Email       string `json:"email,omitempty" format:"email" maxLength:"254"`
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Description string `json:"description,omitempty"`
	Notes       string `json:"notes,omitempty"`
	Timezone    string `json:"timezone,omitempty"`
	// Status is Active (also when empty), Deactivated or Suspended.
	Status string `json:"status,omitempty" enum:"Active,Deactivated,Suspended"`
}

// Key implements Document.
func (d *PublisherUser) Key() Key { return Key{KindPublisherUser, d.ID} }

// APIKey lets programs in as its user. Its secret is not kept, only a hash.
type APIKey struct {
	Meta
	// UserID or PublisherUserID is the opaque id of the owner; one of them.
	UserID          string `json:"user_id,omitempty"`
	PublisherUserID string `json:"publisher_user_id,omitempty"`
	Name            string `json:"name,omitempty" maxLength:"100"`
	// Hash is the SHA-256 of the secret, in hex. A secret has 256 random bits,
	// so nothing slower is needed.
	Hash string `json:"hash"`
	// Hint is the end of the key, to tell keys apart.
	Hint string `json:"hint,omitempty"`
	// ReadOnly keeps the key from changing anything.
	ReadOnly bool `json:"read_only,omitempty"`
	// ExpiresAt ends the key; RFC 3339, empty is never.
	ExpiresAt string `json:"expires_at,omitempty" format:"date-time"`
}

// Key implements Document.
func (d *APIKey) Key() Key { return Key{KindAPIKey, d.ID} }

// Expired tells whether the key has ended at a time.
func (d *APIKey) Expired(now time.Time) bool {
	if d.ExpiresAt == "" {
		return false
	}
	end, err := time.Parse(time.RFC3339, d.ExpiresAt)
	return err != nil || !now.Before(end)
}
