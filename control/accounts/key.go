package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// A key reads cg_<id>_<secret>: the id finds it, the secret proves it. Both are
// letters and digits only, so that a double click selects all of it.
const keyPrefix = "cg_"

var alphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID returns a random opaque id: 20 characters, 100 bits.
func NewID() string { return random(20) }

func random(characters int) string {
	raw := make([]byte, characters*5/8+1)
	_, _ = rand.Read(raw) // never fails: crypto/rand
	return alphabet.EncodeToString(raw)[:characters]
}

// NewKey makes a key for the owner that k names and fills in its id, hash and
// hint. The text is shown once and kept nowhere.
func NewKey(k config.APIKey) (text string, doc *config.APIKey) {
	secret := random(52) // 260 bits
	k.ID = NewID()
	k.Hash = hashOf(secret)
	k.Hint = secret[len(secret)-4:]
	return keyPrefix + k.ID + "_" + secret, &k
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// splitKey takes a key apart; false when it has not the shape of one.
func splitKey(text string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(text, keyPrefix)
	if !ok || len(text) > 200 {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && id != "" && secret != ""
}

// matches compares in a time that tells nothing; an unknown key is compared
// too.
func matches(key *config.APIKey, secret string) bool {
	want := strings.Repeat("0", sha256.Size*2)
	if key != nil {
		want = key.Hash
	}
	return subtle.ConstantTimeCompare([]byte(hashOf(secret)), []byte(want)) == 1
}
