package jetstream

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// race lets writers claim the same keys at once: n claims, each by its first
// key and some by two. It returns who won each first key.
func race(t *testing.T, n, keys int, recorders ...*Claims) map[string]string {
	t.Helper()
	var mu sync.Mutex
	winners := map[string]string{}
	var wg sync.WaitGroup
	for i := range n {
		c := recorders[i%len(recorders)]
		wg.Go(func() {
			name := fmt.Sprint("k", i%keys)
			claim := claimOf(i, name)
			if i%2 == 0 {
				claim = claimOf(i, name, name+" too")
			}
			recorded, holder := insist(t, c, claim)
			mu.Lock()
			defer mu.Unlock()
			if recorded {
				holder = claim.TxID
			}
			if was, ok := winners[name]; ok && was != holder {
				t.Errorf("key %s was won by %s and by %s", name, was, holder)
			}
			winners[name] = holder
		})
	}
	wg.Wait()
	return winners
}

// insist tries a claim again until there is an answer, as an edge does from the
// log.
func insist(t *testing.T, c *Claims, claim *events.Claim) (recorded bool, holder string) {
	var last error
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		recorded, holder, err := c.Record(ctx, claim)
		cancel()
		if err == nil {
			return recorded, holder
		}
		last = err
	}
	t.Errorf("claim %s had no answer in a minute: %v", claim.TxID, last)
	return false, ""
}

// wantWinners checks that the log has the row of each winner once, in the order
// of the claims.
func wantWinners(t *testing.T, js jetstream.JetStream, winners map[string]string, keys int) {
	t.Helper()
	got := logged(t, js)
	if len(got) != keys || len(winners) != keys {
		t.Errorf("the log has %d rows, %d keys have a winner, want %d", len(got), len(winners), keys)
	}
	for key, id := range winners {
		if n := count(got, id); n != 1 {
			t.Errorf("winner %s of %s stands %d times in the log", id, key, n)
		}
	}
	if order := claimed(t, js); !slices.Equal(got, order) {
		t.Errorf("the log's order is %v, that of the claims %v", got, order)
	}
}

func count(ids []string, id string) (n int) {
	for _, i := range ids {
		if i == id {
			n++
		}
	}
	return n
}

// claimed are the tx_ids of the rows among the claims, in order.
func claimed(t *testing.T, js jetstream.JetStream) (ids []string) {
	t.Helper()
	ctx := within(t, 20*time.Second)
	s, err := js.Stream(ctx, ClaimStream)
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(ctx, seq)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Data) > 0 {
			ids = append(ids, m.Header.Get(ClaimHeader))
		}
	}
	return ids
}

func TestThousandClaimsOnAHundredKeys(t *testing.T) {
	js, c := claimsOn(t, Config{})
	winners := race(t, 1000, 100, c, newClaims(t, c.nc))
	wantWinners(t, js, winners, 100)
}

// Claims of overlapping keys, of which some end in the middle and are taken up
// again or not, with a grace period so short that rows are forestalled while
// they are on their way: no key has two rows, and who was refused was refused
// for a row that is there.
func TestNoKeyHasTwoRowsByChance(t *testing.T) {
	js, c := claimsOn(t, Config{})
	c.grace = 2 * time.Millisecond
	rnd := rand.New(rand.NewPCG(1, 2))
	const n = 600
	claims, ends := make([]*events.Claim, n), make([]int, n)
	for i := range claims {
		names := rnd.Perm(400)[:1+rnd.IntN(4)]
		claims[i] = claimOf(i)
		for _, name := range names {
			claims[i].Keys = append(claims[i].Keys, events.ClaimKey("test", fmt.Sprint(name)))
		}
		ends[i] = rnd.IntN(12)
	}
	holders := make([]string, n) // why each was refused
	var wg sync.WaitGroup
	room := make(chan struct{}, 32)
	for i, claim := range claims {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			if ends[i] < len(claim.Keys) {
				_ = abandon(c, claim, ends[i])
			}
			if ends[i] == 0 {
				return
			}
			if recorded, holder := insist(t, c, claim); !recorded {
				holders[i] = holder
			}
		})
	}
	wg.Wait()
	wantConsistent(t, logged(t, js), claims, ends, holders)
}

// abandon runs a claim up to the message n and leaves it there.
func abandon(c *Claims, claim *events.Claim, n int) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	a := newAttempt(c, claim)
	for i := range n {
		if _, err := c.publish(ctx, a.message(i)); err != nil {
			return err
		}
	}
	return nil
}

func wantConsistent(t *testing.T, rows []string, claims []*events.Claim, ends []int, holders []string) {
	t.Helper()
	winner := map[string]string{} // of a key
	for i, claim := range claims {
		times := count(rows, claim.TxID)
		wanted := 1
		if holders[i] != "" || ends[i] == 0 {
			wanted = 0
		}
		if times != wanted {
			t.Errorf("row %s stands %d times in the log, want %d", claim.TxID, times, wanted)
		}
		for _, key := range claim.Keys {
			if times == 0 {
				continue
			}
			if other, ok := winner[key]; ok {
				t.Errorf("key %s has the rows %s and %s", key, other, claim.TxID)
			}
			winner[key] = claim.TxID
		}
	}
	for i, claim := range claims {
		if holders[i] != "" && !slices.ContainsFunc(claim.Keys, func(key string) bool { return winner[key] == holders[i] }) {
			t.Errorf("%s was refused for %s, which has none of its keys", claim.TxID, holders[i])
		}
	}
}
