package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// Claims implements events.Recorder. Each key is a subject of the stream of
// claims, and its message is published on the condition that the subject has
// none. The row is the message of the first key; a claim of several keys is one
// atomic batch.
type Claims struct {
	nc *nats.Conn
	js jetstream.JetStream
	// batches bounds the batches in flight: the server takes 50 a stream from
	// all of its clients.
	batches chan struct{}
	stream  atomic.Pointer[jetstream.Stream] // once it was found
}

const (
	// batchesInFlight of one process.
	batchesInFlight = 8
	// claimPatience bounds a call whose caller set no deadline.
	claimPatience = 5 * time.Second
	// claimPause is how long a refused batch waits at first.
	claimPause = time.Millisecond
)

// NewClaims records claims over nc, which it does not close.
func NewClaims(nc *nats.Conn) (*Claims, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return &Claims{nc: nc, js: js, batches: make(chan struct{}, batchesInFlight)}, nil
}

// What keeps a claim from being written.
var (
	// errTaken: a key has a message already.
	errTaken = errors.New("a key is taken")
	// errBusy: nothing was written; the next attempt may be better.
	errBusy = errors.New("the server has no room for the batch now")
)

// Record implements events.Recorder. Without a deadline of ctx it gives up
// after five seconds.
func (c *Claims) Record(ctx context.Context, claim *events.Claim) (recorded bool, holder string, err error) {
	if err := checkClaim(claim); err != nil {
		return false, "", err
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, claimPatience)
		defer cancel()
	}
	for pause := claimPause; ; pause *= 2 {
		recorded, holder, err = c.try(ctx, claim)
		if !errors.Is(err, errBusy) || !sleep(ctx, pause) {
			break
		}
	}
	if err != nil {
		return false, "", fmt.Errorf("record %s %s: %w", claim.Kind, claim.TxID, err)
	}
	return recorded, holder, nil
}

// try makes one attempt. errBusy asks for another one.
func (c *Claims) try(ctx context.Context, claim *events.Claim) (recorded bool, holder string, err error) {
	switch err := c.write(ctx, claim, claim.Keys, claim.Line); {
	case err == nil:
		return true, "", nil
	case !errors.Is(err, errTaken):
		return false, "", err
	}
	owners, err := c.owners(ctx, claim)
	if err != nil {
		return false, "", err
	}
	var free []string
	mine := false
	for i, owner := range owners {
		switch owner {
		case "":
			free = append(free, claim.Keys[i])
		case ownMark(claim):
			mine = true
		default:
			holder, _, _ = strings.Cut(owner, ".")
		}
	}
	switch {
	case mine && len(free) > 0 && holder == "":
		return c.rest(ctx, claim, free)
	case mine:
		return true, "", nil
	case holder != "":
		return false, holder, nil
	}
	return false, "", errBusy // the message that was in the way has left the window
}

// rest writes the keys that an earlier attempt's row lacks: its first ones left
// the window, or it was made with fewer keys.
func (c *Claims) rest(ctx context.Context, claim *events.Claim, keys []string) (bool, string, error) {
	err := c.write(ctx, claim, keys, nil)
	if err != nil && !errors.Is(err, errTaken) {
		return false, "", err
	}
	return true, "", nil
}

// ownMark is what the header says of the caller's own messages.
func ownMark(claim *events.Claim) string {
	if claim.Version == "" {
		return claim.TxID
	}
	return claim.TxID + "." + claim.Version
}

// owners tells who has each key of a claim; empty where nobody has.
func (c *Claims) owners(ctx context.Context, claim *events.Claim) ([]string, error) {
	stream, err := c.handle(ctx)
	if err != nil {
		return nil, err
	}
	owners := make([]string, len(claim.Keys))
	for i, key := range claim.Keys {
		msg, err := stream.GetLastMsgForSubject(ctx, claimSubject(claim.Kind, key))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			continue
		case err != nil:
			return nil, fmt.Errorf("look up key %s: %w", key, err)
		}
		if owners[i] = msg.Header.Get(ClaimHeader); owners[i] == "" {
			return nil, fmt.Errorf("look up key %s: message %d of stream %s has no header %s", key, msg.Sequence, ClaimStream, ClaimHeader)
		}
	}
	return owners, nil
}

func (c *Claims) handle(ctx context.Context) (jetstream.Stream, error) {
	if s := c.stream.Load(); s != nil {
		return *s, nil
	}
	s, err := c.js.Stream(ctx, ClaimStream)
	if err != nil {
		return nil, fmt.Errorf("look at stream %s: %w", ClaimStream, err)
	}
	c.stream.Store(&s)
	return s, nil
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

// sleep waits and tells whether ctx is still alive then.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
