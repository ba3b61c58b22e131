package config

import "time"

// Accounts are documents too, kept apart from the live ones: no edge sees
// them, and no file or export holds them.

// User is a person of the organization who may use the API (A14).
type User struct {
	Meta
	// Email is the login, in lower case; unique among all users.
	Email string `json:"email" format:"email" maxLength:"254" doc:"Login, in lower case; unique among users"`
	// PasswordHash is a bcrypt hash.
	PasswordHash string `json:"password_hash,omitempty" doc:"Hash of the password; never shown"`
	// Role is admin or accountManager.
	Role string `json:"role" enum:"admin,accountManager" doc:"What the user may do: an admin everything, an accountManager what the scopes say"`
	// SuperAdmin is the owner of the first key: above all organizations.
	SuperAdmin bool   `json:"super_admin,omitempty" doc:"Stands above all organizations"`
	FirstName  string `json:"first_name,omitempty" doc:"First name"`
	LastName   string `json:"last_name,omitempty" doc:"Last name"`
	City       string `json:"city,omitempty" doc:"City"`
	Country    string `json:"country,omitempty" doc:"Country"`
	Phone      string `json:"phone,omitempty" doc:"Phone number"`
	Timezone   string `json:"timezone,omitempty" doc:"IANA time zone such as Europe/Berlin"`
	// Status is Active (also when empty) or Deactivated.
	Status string `json:"status,omitempty" enum:"Active,Deactivated" doc:"A deactivated user's keys do not work"`
	// APIAccessEnabled lets the user's keys in.
	APIAccessEnabled    bool `json:"api_access_enabled" doc:"Lets the user's API keys in"`
	IsAdvertiserManager bool `json:"is_advertiser_manager,omitempty" doc:"May change advertisers, offers and what hangs on them"`
	IsPublisherManager  bool `json:"is_publisher_manager,omitempty" doc:"May change publishers and what hangs on them"`
	// The scope of an account manager: Global (also when empty), Limited or
	// Restricted.
	AdvertiserManagerAccess string `json:"advertiser_manager_access,omitempty" enum:"Global,Limited,Restricted" doc:"Global changes all advertisers, Limited sees all and changes its own, Restricted sees its own only"`
	PublisherManagerAccess  string `json:"publisher_manager_access,omitempty" enum:"Global,Limited,Restricted" doc:"Global changes all publishers, Limited sees all and changes its own, Restricted sees its own only"`
}

// Key implements Document.
func (d *User) Key() Key { return Key{KindUser, d.ID} }

// PublisherUser is a person of a publisher (A13).
type PublisherUser struct {
	Meta
	// PublisherID is the opaque id of the publisher.
	PublisherID string `json:"publisher_id" doc:"Opaque id of the publisher"`
	// Email is the login, in lower case; unique among all publisher users.
	Email       string `json:"email,omitempty" format:"email" maxLength:"254" doc:"Login, in lower case; unique among publisher users"`
	FirstName   string `json:"first_name,omitempty" doc:"First name"`
	LastName    string `json:"last_name,omitempty" doc:"Last name"`
	Description string `json:"description,omitempty" doc:"What the user is known for"`
	Notes       string `json:"notes,omitempty" doc:"Notes that only the organization sees"`
	Timezone    string `json:"timezone,omitempty" doc:"IANA time zone such as Europe/Berlin"`
	// Status is Active (also when empty), Deactivated or Suspended.
	Status string `json:"status,omitempty" enum:"Active,Deactivated,Suspended" doc:"The keys of a deactivated or suspended user do not work"`
}

// Key implements Document.
func (d *PublisherUser) Key() Key { return Key{KindPublisherUser, d.ID} }

// APIKey lets programs in as its user. Its secret is not kept, only a hash.
type APIKey struct {
	Meta
	// UserID or PublisherUserID is the opaque id of the owner; one of them.
	UserID          string `json:"user_id,omitempty" doc:"Opaque id of the user it belongs to"`
	PublisherUserID string `json:"publisher_user_id,omitempty" doc:"Opaque id of the publisher user it belongs to"`
	Name            string `json:"name,omitempty" maxLength:"100" doc:"What the key is for"`
	// Hash is the SHA-256 of the secret, in hex. A secret has 256 random bits,
	// so nothing slower is needed.
	Hash string `json:"hash" doc:"Hash of the secret; never shown"`
	// Hint is the end of the key, to tell keys apart.
	Hint string `json:"hint,omitempty" doc:"End of the key, to tell keys apart"`
	// ReadOnly keeps the key from changing anything.
	ReadOnly bool `json:"read_only,omitempty" doc:"The key changes nothing"`
	// ExpiresAt ends the key; RFC 3339, empty is never.
	ExpiresAt string `json:"expires_at,omitempty" format:"date-time" doc:"When the key ends; absent is never"`
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
