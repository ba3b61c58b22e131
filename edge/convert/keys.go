package convert

import "github.com/clickgate/clickgate/events"

// A dedupe key names what may be recorded once. Two conversions with a key in
// common are the same one. Conversions and events have keys of their own.

// Those that are for ever sort before those that expire: the lowest key of a
// claim bears its row (events.Claim).
const (
	lasting  = "0"
	expiring = "f"
)

func keyOf(sort string, parts ...string) string { return events.ClaimKey(sort, parts...)[1:] }

// OnceKey is the key of an event of a click; event is its opaque id,
// empty for the initial conversion.
func OnceKey(clickTxID, event string) string { return lasting + keyOf("click", clickTxID, event) }

// ExternalKey is the key of an external transaction id. It expires.
func ExternalKey(integration, externalID, event string) string {
	return expiring + keyOf("external_id", integration, externalID, event)
}

// ReferenceKey is the key of a conversion reference on an offer.
func ReferenceKey(offer, reference, event string) string {
	return lasting + keyOf("reference", offer, reference, event)
}
