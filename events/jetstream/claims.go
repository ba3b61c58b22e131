package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// Claims implements events.Recorder. Each key is a subject of the stream of
// claims, and every message is published on the condition that it knows the
// last one of its subject. So one key is one message: the row, where there is
// none.
//
// Of several keys all but the lowest are reserved first, from the highest down,
// and the row under the lowest one decides. A reservation names that key and the
// last sequence the row will be published behind. It is worth what became of
// that: the row is there, and the reserved key is taken; something else is
// there, and the row can never come, so the reservation is void; nothing new is
// there, and it is pending. Who runs into a pending one waits, and after a
// grace period writes a marker in front of the row, so that it cannot come. As
// everybody reserves in the same order, nobody waits in a circle.
//
// The server's atomic batches would do all that, but cost more than ten times
// as much: it makes a store on disk for each.
type Claims struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	stream atomic.Pointer[jetstream.Stream] // once it was found
	grace  time.Duration
	room   chan struct{} // for calls in flight
}

const (
	// claimPatience bounds a call whose caller set no deadline.
	claimPatience = 5 * time.Second
	// claimGrace is how long a reservation may wait for its row.
	claimGrace = time.Second
	// Who waits for another's row looks again after claimPause, twice as long
	// each time up to claimGlance.
	claimPause  = time.Millisecond
	claimGlance = 50 * time.Millisecond
	// claimsInFlight bounds the claims that wait for the server at a time. More
	// would not go faster, and when it is slow they would all time out together,
	// and come again together.
	claimsInFlight = 64
)

// NewClaims records claims over nc, which it does not close.
func NewClaims(nc *nats.Conn) (*Claims, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return &Claims{nc: nc, js: js, grace: claimGrace, room: make(chan struct{}, claimsInFlight)}, nil
}

var (
	// errMoved: the last message of a subject is another one than was expected.
	errMoved = errors.New("the key has another message")
	// errPending: another claim has the key and its row may still come.
	errPending = errors.New("another claim is being recorded")
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
	a := newAttempt(c, claim)
	select {
	case c.room <- struct{}{}:
		defer func() { <-c.room }()
	case <-ctx.Done():
		return false, "", fmt.Errorf("record %s %s: %w", claim.Kind, claim.TxID, context.Cause(ctx))
	}
	for pause := claimPause; ; pause = min(2*pause, claimGlance) {
		holder, err = a.run(ctx)
		if !errors.Is(err, errPending) || !sleep(ctx, pause) {
			break
		}
	}
	if err != nil {
		return false, "", fmt.Errorf("record %s %s: %w", claim.Kind, claim.TxID, err)
	}
	return holder == "", holder, nil
}

// attempt is a call of Record.
type attempt struct {
	c     *Claims
	claim *events.Claim
	owner string
	began time.Time
	// keys from the highest down; the last one is the row's.
	keys []string
	// last is the sequence of the last message of each key as far as it is
	// known, 0 for none; mine tells that it is our reservation.
	last []uint64
	mine []bool
}

func newAttempt(c *Claims, claim *events.Claim) *attempt {
	n := len(claim.Keys)
	a := &attempt{c: c, claim: claim, owner: mark(claim), began: time.Now(), last: make([]uint64, n), mine: make([]bool, n)}
	a.keys = slices.Sorted(slices.Values(claim.Keys))
	slices.Reverse(a.keys)
	return a
}

// run goes through the keys and returns "" when the row is recorded, or who has
// a key. errPending asks for another run.
func (a *attempt) run(ctx context.Context) (holder string, err error) {
	row := len(a.keys) - 1
	for i := 0; i <= row; {
		if a.mine[i] {
			i++
			continue
		}
		seq, err := a.c.publish(ctx, a.message(i))
		switch {
		case err == nil:
			a.last[i], a.mine[i] = seq, true
			continue
		case !errors.Is(err, errMoved):
			return "", err
		}
		holder, err := a.look(ctx, i)
		switch {
		case err != nil:
			return "", err
		case holder == a.owner:
			return "", nil
		case holder != "":
			a.release(ctx)
			return txOf(holder), nil
		}
		if i == row { // reservations name the sequence in front of the row
			clear(a.mine)
			i = 0
		}
	}
	return "", nil
}

// look finds out what stands in the way at key i: it returns the owner of a row,
// or nothing when the way is free now.
func (a *attempt) look(ctx context.Context, i int) (holder string, err error) {
	s, err := a.c.read(ctx, a.claim.Kind, a.keys[i])
	if err != nil {
		return "", err
	}
	switch {
	case s.taken && s.owner != a.owner && a.expired(i, s.owner):
		a.last[i] = s.seq
		return "", nil
	case s.taken:
		return s.owner, nil
	case !s.pending:
		a.last[i] = s.seq
		return "", nil
	case s.owner == a.owner && s.rowKey == a.keys[len(a.keys)-1]:
		a.last[i], a.mine[i] = s.seq, true // of a call before this one, or beside it
		return "", nil
	case time.Since(s.since) < a.c.grace && time.Since(a.began) < a.c.grace:
		return "", errPending
	}
	_, err = a.c.publish(ctx, markerMessage(a.claim.Kind, s.rowKey, s.rowAfter))
	if err == nil || errors.Is(err, errMoved) {
		err = errPending
	}
	return "", err
}

// expired tells whether the row that has key i counts no more.
func (a *attempt) expired(i int, owner string) bool {
	return a.claim.Expired != nil && a.claim.Expired(a.keys[i], txOf(owner))
}

// release gives reserved keys back. What cannot be given back is void after the
// grace period.
func (a *attempt) release(ctx context.Context) {
	for i, mine := range a.mine {
		if !mine {
			continue
		}
		if _, err := a.c.publish(ctx, markerMessage(a.claim.Kind, a.keys[i], a.last[i])); err != nil && !errors.Is(err, errMoved) {
			return
		}
	}
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
