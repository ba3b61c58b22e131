package events

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Claim is the row of a conversion or event and the keys under which nobody
// else may record one.
type Claim struct {
	// TxID is the conversion's own id, Kind Conversion or Event.
	TxID string
	Kind Kind
	// Version tells the later versions of a conversion's row from each other
	// (A24): the hash of the new row, empty for the first version. Whoever has
	// the same TxID and Version is taken for the same caller trying again.
	Version string
	// Keys are made by ClaimKey: at least one, at most MaxClaimKeys, none twice.
	Keys []string
	// Expired tells, of a key and the tx_id of the conversion that has it, whether
	// that counts no more: the key is taken over then. Keys that may expire must
	// be higher than those that do not, for the lowest bears the row. nil: keys
	// are for ever.
	Expired func(key, holder string) bool
	// Line is the row with its line feed.
	Line []byte
}

// MaxClaimKeys is how many keys a claim may have.
const MaxClaimKeys = 16

// Recorder records a conversion at most once.
type Recorder interface {
	// Record writes c's row to the event log, unless a key of c is taken; then
	// it writes nothing, recorded is false and holder is the tx_id of the
	// conversion that has the key. A claim that is recorded already, by an
	// earlier call whose answer was lost, is recorded. After an error it is not
	// known whether it was; the same claim may be tried again, also by another
	// process. Record keeps nothing of c.
	Record(ctx context.Context, c *Claim) (recorded bool, holder string, err error)
}

// ClaimKey makes a key of what must not come twice: what sort of key it is
// ("click", "external_id", "reference", "update" and so on), and the parts that
// make it up, whose borders count: ("a", "bc") and ("ab", "c") differ. A key is
// 32 hex digits, the beginning of a SHA-256. Conversions and events have keys
// of their own: the same one may be taken once by each.
func ClaimKey(sort string, parts ...string) string {
	text := make([]byte, 0, 128)
	for i := -1; i < len(parts); i++ {
		part := sort
		if i >= 0 {
			part = parts[i]
		}
		text = append(binary.AppendUvarint(text, uint64(len(part))), part...)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// UpdateKey is the key of a change to a conversion whose row has a hash: of two
// changes of the same state one is recorded (A24).
func UpdateKey(txID, hash string) string { return ClaimKey("update", txID, hash) }
