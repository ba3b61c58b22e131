package convert

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// SameSecret compares a secret with what a request sent, in a time that tells
// nothing about either, their lengths included. An empty secret is
// nobody's.
func SameSecret(secret, sent string) bool {
	a, b := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(sent))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && secret != ""
}

// Signed tells whether a signature is that of the parameters: the HMAC-SHA256
// under key, in hex, over name=value of all parameters save those that bear the
// secrets, sorted by name and then value, with line feeds between them. Names
// and values are as they are after decoding, so that the form a request takes
// does not matter.
func (m *Mapping) Signed(key, signature string, params []click.Param) bool {
	sent, err := hex.DecodeString(signature)
	if err != nil || key == "" {
		return false
	}
	return hmac.Equal(sent, m.signatureOf(key, params))
}

func (m *Mapping) signatureOf(key string, params []click.Param) []byte {
	var lines []string
	for _, p := range params {
		if !m.feeds(p.Name, secrets[:]) {
			lines = append(lines, p.Name+"="+p.Value)
		}
	}
	slices.Sort(lines)
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(strings.Join(lines, "\n")))
	return h.Sum(nil)
}
