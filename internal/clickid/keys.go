package clickid

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

// Secret is the random key of the MAC.
type Secret [16]byte

// MarshalText is the secret as 32 hex digits, its form in the store.
func (s Secret) MarshalText() ([]byte, error) {
	return hex.AppendEncode(nil, s[:]), nil
}

// UnmarshalText reads the form of MarshalText.
func (s *Secret) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(s)) {
		return fmt.Errorf("click id key: %d characters, want %d hex digits", len(text), hex.EncodedLen(len(s)))
	}
	if _, err := hex.Decode(s[:], text); err != nil {
		return fmt.Errorf("click id key: %w", err)
	}
	return nil
}

// String hides the secret from logs.
func (s Secret) String() string { return "[secret]" }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return "[secret]" }

// Key is a secret and when it was made.
type Key struct {
	Secret  Secret    `json:"key"`
	Created time.Time `json:"created"`
}

// IsZero tells that there is no key.
func (k Key) IsZero() bool { return k.Secret == Secret{} }

// SettleTime is how long a new key only accepts ids and makes none: until then
// every edge has heard of it, and none takes the ids of another for forged.
const SettleTime = 10 * time.Second

// Keys are what all edges of one installation share: Current makes ids, from
// SettleTime after its creation on, Current and Previous accept them. Previous
// is zero until the first rotation.
type Keys struct {
	Current  Key `json:"current"`
	Previous Key `json:"previous,omitzero"`
}

// NewKeys returns keys with a fresh random secret.
func NewKeys(now time.Time) Keys {
	return Keys{Current: newKey(now)}
}

// Rotate returns keys with a fresh current key; the one that was current stays
// accepted. Ids of the key before it are refused from then on, so rotate no
// more often than the oldest click that still matters.
func (k Keys) Rotate(now time.Time) Keys {
	return Keys{Current: newKey(now), Previous: k.Current}
}

func newKey(now time.Time) Key {
	k := Key{Created: now.UTC().Truncate(time.Second)}
	rand.Read(k.Secret[:]) // never fails: it ends the process first
	return k
}
