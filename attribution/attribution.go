// Package attribution finds the click that a conversion belongs to, and what
// has been recorded for it already. It holds the question and the answer;
// attribution/store answers from the worker's disk, attribution/service carries
// both over NATS.
package attribution

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// ErrUnavailable tells that nobody answered in time. The question may be asked
// again; it says nothing about the click.
var ErrUnavailable = errors.New("the click store does not answer")

// ErrQuery tells that a question makes no sense.
var ErrQuery = errors.New("bad question for a click")

// MostBehind is how far behind the log an answer may be that is acted on. What
// was recorded within that time its claims still tell, which are kept twice as
// long (events/jetstream.DefaultClaimWindow); what is older the answer knows.
const MostBehind = 12 * time.Hour

// Finder answers questions about clicks.
type Finder interface {
	// Find returns what is known now. An answer without a Row is no error: the
	// click is unknown, or was logged after Answer.AppliedMS. The error is
	// ErrUnavailable where nobody answered within the deadline of ctx, ErrQuery
	// where q breaks the rules of Query.
	Find(ctx context.Context, q Query) (Answer, error)
}

// Query is a question. One of ClickID, ConversionID and Match names the click;
// the first that is set counts. Keys may come with any of them or alone.
type Query struct {
	// ClickID is the id of a click or impression, 32 lower-case hex digits.
	ClickID string `json:"click_id,omitempty"`
	// ConversionID is the id of a conversion, of the same form. The answer has
	// that conversion alone, and its click.
	ConversionID string `json:"conversion_id,omitempty"`
	// Match looks for a click without an id.
	Match *Match `json:"match,omitempty"`
	// Keys are dedupe keys, as rows of conversions and events carry them in
	// dedupe_keys; at most MaxKeys of at most MaxKeyBytes.
	Keys []string `json:"keys,omitempty"`
	// Brief asks for no more of a click's conversions than settles whether
	// another one repeats them or comes too soon after them:
	// of each event the BriefEach that were recorded first, but for those of
	// status Not_Found, and the BriefEach of the latest time, the latter without
	// rows; and the holders of Keys. So an answer costs the same however many
	// there are. Workers that do not know the word answer with all.
	Brief bool `json:"brief,omitempty"`
}

// BriefEach is more than one, so that whoever asks about a conversion that is
// recorded already is told of another one.
const BriefEach = 2

// Limits of a Query and of the keys of one row.
const (
	MaxKeys     = 32
	MaxKeyBytes = 128
)

// Validate tells what is wrong with a question, as an ErrQuery.
func (q *Query) Validate() error {
	for name, id := range map[string]string{"click_id": q.ClickID, "conversion_id": q.ConversionID} {
		if _, err := clickid.Time(id); id != "" && err != nil {
			return fmt.Errorf("%w: %s %.40q: %w", ErrQuery, name, id, err)
		}
	}
	if len(q.Keys) > MaxKeys {
		return fmt.Errorf("%w: %d keys, and at most %d are allowed", ErrQuery, len(q.Keys), MaxKeys)
	}
	for _, key := range q.Keys {
		if key == "" || len(key) > MaxKeyBytes {
			return fmt.Errorf("%w: key %.40q is not of 1 to %d bytes", ErrQuery, key, MaxKeyBytes)
		}
	}
	return nil
}

// Match is the evidence for a click without its id. Empty evidence is
// not looked at. Of the clicks that were let through, the newest of the
// integration with the strongest evidence is taken: the device id, then UUID,
// then address and user agent together.
type Match struct {
	IntegrationID string `json:"integration_id"`
	// OfferID is the opaque id of the offer (offer_db_id); empty is any.
	OfferID   string     `json:"offer_id,omitempty"`
	DeviceID  string     `json:"device_id,omitempty"`
	UUID      string     `json:"uuid,omitempty"`
	IP        netip.Addr `json:"ip,omitzero"`
	UserAgent string     `json:"user_agent,omitempty"`
	// SinceMS and UntilMS bound the time of the click, both included, in unix
	// milliseconds.
	SinceMS int64 `json:"since_ms"`
	UntilMS int64 `json:"until_ms"`
}

// What Answer.MatchedBy says.
const (
	ByClickID     = "click_id"
	ByConversion  = "conversion_id"
	ByDeviceID    = "device_id"
	ByUUID        = "uuid"
	ByIPUserAgent = "ip_user_agent"
)

// Answer is what is known of a click. Its memory belongs to whoever asked.
type Answer struct {
	// Kind is that of Row: Click or Impression.
	Kind events.Kind `json:"kind,omitempty"`
	// Row is the event line of the click without its line feed, nil where there
	// is none.
	Row []byte `json:"-"`
	// MatchedBy is the evidence that led to Row: one of the names above.
	MatchedBy string `json:"matched_by,omitempty"`
	// Conversions are those recorded for the click, or a part of them where
	// Query.Brief asked for it, oldest first, each in its latest version.
	Conversions []Prior `json:"conversions,omitempty"`
	// Omitted is how many older conversions of the click are left out, where
	// there are more than an answer holds.
	Omitted int `json:"omitted,omitempty"`
	// Holders names, of the keys in question that are taken, the conversion
	// that holds each; the newest where a key expired and was taken again.
	Holders map[string]string `json:"holders,omitempty"`
	// AppliedMS: everything logged before this moment has been read. Unix
	// milliseconds of the log's clock.
	AppliedMS int64 `json:"applied_ms"`
	// SinceMS: nothing logged before this moment was read, for it had left the
	// log when this store was made; 0 where all was read.
	SinceMS int64 `json:"since_ms,omitempty"`
}

// Prior is a conversion or event that is recorded.
type Prior struct {
	TxID string `json:"tx_id"`
	// EventID is the opaque id of the offer's event (event_db_id), empty for the
	// initial conversion.
	EventID string `json:"event_id,omitempty"`
	Status  string `json:"status,omitempty"`
	Hash    string `json:"hash,omitempty"`
	// TimeMS is the time of the conversion in unix milliseconds.
	TimeMS int64 `json:"time_ms"`
	// Kind is Conversion or Event.
	Kind events.Kind `json:"kind"`
	// Row is its event line without the line feed; nil where the answer had no
	// room for it, or was to be brief.
	Row []byte `json:"-"`
}
