package jetstream

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// Headers of the messages in the stream of claims.
const (
	// ClaimHeader tells whose claim a message is: the tx_id, and the version
	// behind a dot where there is one. A marker, which only takes up its place,
	// has noOwner.
	ClaimHeader = "Clickgate-Claim"
	// rowHeader is on reservations: the key of the row and the sequence it is
	// published behind.
	rowHeader = "Clickgate-Claim-Row"

	noOwner = "-"
)

// mark is what ClaimHeader says of a claim.
func mark(claim *events.Claim) string {
	if claim.Version == "" {
		return claim.TxID
	}
	return claim.TxID + "." + claim.Version
}

// txOf is the tx_id in a mark.
func txOf(mark string) string {
	tx, _, _ := strings.Cut(mark, ".")
	return tx
}

// message is what the attempt publishes under key i.
func (a *attempt) message(i int) *nats.Msg {
	msg := claimMessage(a.claim.Kind, a.keys[i], a.last[i], a.owner)
	row := len(a.keys) - 1
	if i == row {
		msg.Data = a.claim.Line
		msg.Header[LinesHeader] = []string{"1"}
		return msg
	}
	msg.Header[rowHeader] = []string{a.keys[row] + " " + strconv.FormatUint(a.last[row], 10)}
	return msg
}

// markerMessage takes the place behind a sequence and claims nothing.
func markerMessage(kind events.Kind, key string, after uint64) *nats.Msg {
	return claimMessage(kind, key, after, noOwner)
}

func claimMessage(kind events.Kind, key string, after uint64, owner string) *nats.Msg {
	return &nats.Msg{
		Subject: claimSubject(kind, key),
		Header: nats.Header{
			ClaimHeader:                         {owner},
			LinesHeader:                         {"0"},
			jetstream.ExpectedLastSubjSeqHeader: {strconv.FormatUint(after, 10)},
		},
	}
}

// readRow reads rowHeader.
func readRow(value string) (key string, after uint64, err error) {
	key, number, ok := strings.Cut(value, " ")
	after, err = strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || !hexDigits(key) {
		return "", 0, fmt.Errorf("header %s %q: must be a key and a sequence", rowHeader, value)
	}
	return key, after, nil
}

// checkClaim finds the mistakes of a caller that would make a row unreadable or
// a key useless.
func checkClaim(claim *events.Claim) error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("claim of %s %q: %s", claim.Kind, claim.TxID, fmt.Sprintf(format, args...))
	}
	switch {
	case claim.Kind != events.Conversion && claim.Kind != events.Event:
		return wrong("kind must be conversion or event")
	case !hexDigits(claim.TxID):
		return wrong("tx_id must be hex digits")
	case claim.Version != "" && !hexDigits(claim.Version):
		return wrong("version %q must be hex digits", claim.Version)
	case len(claim.Keys) == 0 || len(claim.Keys) > events.MaxClaimKeys:
		return wrong("has %d keys, must have 1 to %d", len(claim.Keys), events.MaxClaimKeys)
	case !bytes.HasPrefix(claim.Line, []byte(`{"tx_id":"`+claim.TxID+`"`)):
		return wrong("line does not begin with its tx_id")
	case bytes.IndexByte(claim.Line, '\n') != len(claim.Line)-1:
		return wrong("line must be one line that ends in a line feed")
	}
	for i, key := range claim.Keys {
		if !hexDigits(key) {
			return wrong("key %q must be hex digits", key)
		}
		for _, earlier := range claim.Keys[:i] {
			if key == earlier {
				return wrong("key %s stands twice", key)
			}
		}
	}
	return nil
}

// hexDigits tells whether s is 1 to 64 lower-case hex digits.
func hexDigits(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "0123456789abcdef") == ""
}
