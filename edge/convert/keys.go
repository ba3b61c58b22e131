package convert

import (
	"crypto/sha256"
	"encoding/hex"
)

// A dedupe key names what may be recorded once: the event of a click, an
// external transaction id, a reference. Two conversions with a key in common
// are the same one. Keys are hashes in hex, 32 digits, so that no value of a
// request stands in a subject or an index.

// OnceKey is the key of an event of a click; event is empty for the
// initial conversion.
func OnceKey(clickTxID, event string) string { return key("once", clickTxID, event) }

// ExternalKey is the key of an external transaction id.
func ExternalKey(integration, externalID, event string) string {
	return key("external", integration, externalID, event)
}

// ReferenceKey is the key of a conversion reference on an offer.
func ReferenceKey(offer, reference, event string) string {
	return key("reference", offer, reference, event)
}

// UpdateKey is the key of a change to a conversion in one state: of two changes
// of the same state one wins (A24).
func UpdateKey(txID, hash string) string { return key("update", txID, hash) }

func key(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		var size [4]byte
		size[0], size[1], size[2], size[3] = byte(len(part)>>24), byte(len(part)>>16), byte(len(part)>>8), byte(len(part))
		h.Write(size[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
