package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// claimsOn is a recorder on a new embedded server.
func claimsOn(t testing.TB, conf Config) (jetstream.JetStream, *Claims) {
	t.Helper()
	srv := start(t, natsrv.Options{DataDir: t.TempDir()})
	t.Cleanup(srv.Shutdown)
	nc, err := srv.Connect("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return stream(t, nc, conf), newClaims(t, nc)
}

func newClaims(t testing.TB, nc *nats.Conn) *Claims {
	t.Helper()
	c, err := NewClaims(nc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// txID is the id of test conversion i.
func txID(i int) string { return fmt.Sprintf("%032x", i) }

// claimOf is the claim of conversion i to the keys of some names.
func claimOf(i int, names ...string) *events.Claim {
	c := &events.Claim{TxID: txID(i), Kind: events.Conversion, Line: fmt.Appendf(nil, "{\"tx_id\":%q}\n", txID(i))}
	for _, name := range names {
		c.Keys = append(c.Keys, events.ClaimKey("test", name))
	}
	return c
}

// record checks what becomes of a claim: holder "" is recorded.
func record(t *testing.T, c *Claims, claim *events.Claim, holder string) {
	t.Helper()
	recorded, got, err := c.Record(within(t, 20*time.Second), claim)
	if err != nil || got != holder || recorded != (holder == "") {
		t.Errorf("Record of %s: %v, %q, %v, want holder %q", claim.TxID, recorded, got, err, holder)
	}
}

// logged waits until the log has taken n claims over and returns the tx_ids of
// its rows in order.
func logged(t testing.TB, js jetstream.JetStream) (ids []string) {
	t.Helper()
	sourced(t, js)
	opt := TailOptions{FromStart: true, NoFollow: true}
	err := Tail(within(t, 30*time.Second), js, opt, func(r events.Row) error {
		ids = append(ids, r.Text("tx_id"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// sourced waits until the log has every claim there is: it has taken the last
// one, whose sequence stands in the header of the server's.
func sourced(t testing.TB, js jetstream.JetStream) {
	t.Helper()
	claims, err := js.Stream(within(t, 20*time.Second), ClaimStream)
	if err != nil {
		t.Fatal(err)
	}
	last := claims.CachedInfo().State.LastSeq
	if last == 0 {
		return
	}
	want := fmt.Sprintf("%s %d ", ClaimStream, last)
	until(t, "sourcing", func() bool {
		log, err := js.Stream(within(t, 20*time.Second), Stream)
		if err != nil {
			return false
		}
		for _, kind := range claimKinds {
			m, err := log.GetLastMsgForSubject(within(t, 20*time.Second), Subject(kind, claimNode))
			if err == nil && strings.HasPrefix(m.Header.Get("Nats-Stream-Source"), want) {
				return true
			}
		}
		return false
	})
}

func TestClaimsAreRecordedOnce(t *testing.T) {
	js, c := claimsOn(t, Config{})
	record(t, c, claimOf(1, "a"), "")
	record(t, c, claimOf(1, "a"), "")
	record(t, c, claimOf(2, "a"), txID(1))
	record(t, c, claimOf(2, "b"), "")
	event := claimOf(3, "a")
	event.Kind = events.Event
	record(t, c, event, "")
	if got, want := logged(t, js), []string{txID(1), txID(2), txID(3)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}

// Two changes of one state of a conversion cannot both win, though both have
// its tx_id (A24).
func TestVersionsOfARowAreDifferentClaims(t *testing.T) {
	_, c := claimsOn(t, Config{})
	approval, rejection := claimOf(1, "state"), claimOf(1, "state")
	approval.Version, rejection.Version = "aa", "bb"
	record(t, c, approval, "")
	record(t, c, rejection, txID(1))
	record(t, c, approval, "")
}

func TestSeveralKeysAreAllOrNothing(t *testing.T) {
	js, c := claimsOn(t, Config{})
	record(t, c, claimOf(1, "a", "b", "c"), "")
	record(t, c, claimOf(1, "a", "b", "c"), "")
	for _, keys := range [][]string{{"a"}, {"b"}, {"x", "b"}, {"c", "x"}, {"x", "y", "a"}} {
		record(t, c, claimOf(2, keys...), txID(1))
	}
	record(t, c, claimOf(3, "x"), "") // none of the refused ones has taken it
	record(t, c, claimOf(4, "y", "x"), txID(3))
	record(t, c, claimOf(5, "y"), "")
	if got, want := logged(t, js), []string{txID(1), txID(3), txID(5)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}

// begin publishes the first n messages of a claim, as a process does that ends
// in the middle or does not hear the answer.
func begin(t *testing.T, c *Claims, claim *events.Claim, n int) {
	t.Helper()
	a := newAttempt(c, claim)
	for i := range n {
		seq, err := c.publish(within(t, 20*time.Second), a.message(i))
		if err != nil {
			t.Fatal(err)
		}
		a.last[i], a.mine[i] = seq, true
	}
}

func TestClaimWithoutAnswerIsTriedAgain(t *testing.T) {
	js, c := claimsOn(t, Config{})
	var want []string
	for i := range 4 {
		claim := claimOf(i, fmt.Sprint(i, "a"), fmt.Sprint(i, "b"), fmt.Sprint(i, "c"))
		begin(t, c, claim, i)
		again := newClaims(t, c.nc)
		again.grace = time.Hour // nobody waits for himself
		record(t, again, claim, "")
		record(t, c, claimOf(100, fmt.Sprint(i, "a"), "more"), txID(i))
		record(t, c, claimOf(100, fmt.Sprint(i, "b")), txID(i))
		record(t, c, claimOf(100, fmt.Sprint(i, "c")), txID(i))
		want = append(want, txID(i))
	}
	if got := logged(t, js); !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}

// A process ended after it had reserved keys. Who wants them next gets them
// after the grace period, and the first one's row can come no more in front of
// his.
func TestReservationsOfTheDeadAreVoid(t *testing.T) {
	js, c := claimsOn(t, Config{})
	dead := claimOf(1, "a", "b", "c")
	begin(t, c, dead, 2)
	a := newAttempt(c, dead)
	reserved, row := claimOf(2), claimOf(3)
	reserved.Keys, row.Keys = a.keys[:1], a.keys[2:]
	late := a.message(2)
	record(t, c, reserved, "")
	if _, err := c.publish(within(t, 20*time.Second), late); !errors.Is(err, errMoved) {
		t.Errorf("the row of a void claim: %v, want it refused", err)
	}
	record(t, c, dead, txID(2))
	record(t, c, row, "")
	record(t, c, claimOf(4, "a", "b", "c"), txID(2))
	if got, want := logged(t, js), []string{txID(2), txID(3)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}

// A row that another one forestalled, and whose reserved key was not yet taken,
// reserves anew: nobody may rely on the old reservation being void.
func TestForestalledClaimReservesAnew(t *testing.T) {
	_, c := claimsOn(t, Config{})
	ctx := within(t, 20*time.Second)
	slow := newAttempt(c, claimOf(1, "a", "b"))
	seq, err := c.publish(ctx, slow.message(0))
	if err != nil {
		t.Fatal(err)
	}
	slow.last[0], slow.mine[0] = seq, true
	if _, err := c.publish(ctx, markerMessage(events.Conversion, slow.keys[1], 0)); err != nil {
		t.Fatal(err)
	}
	void, err := c.read(ctx, events.Conversion, slow.keys[0])
	if err != nil || void.taken || void.pending {
		t.Fatalf("the reservation is %+v, %v, want it void", void, err)
	}
	if holder, err := slow.run(ctx); holder != "" || err != nil {
		t.Fatalf("the slow one: %q, %v, want it recorded", holder, err)
	}
	other := newAttempt(c, claimOf(2))
	other.keys, other.last, other.mine = slow.keys[:1], []uint64{void.seq}, []bool{false}
	if holder, err := other.run(ctx); holder != txID(1) || err != nil {
		t.Errorf("who saw the void reservation: %q, %v, want %s", holder, err, txID(1))
	}
}

// A reservation behind a marker is as good as any: whoever wants the key has to
// keep the row from coming first.
func TestReservationsBehindMarkersArePending(t *testing.T) {
	_, c := claimsOn(t, Config{})
	ctx := within(t, 20*time.Second)
	slow := newAttempt(c, claimOf(1, "a", "b"))
	for i, key := range slow.keys {
		seq, err := c.publish(ctx, markerMessage(events.Conversion, key, 0))
		if err != nil {
			t.Fatal(err)
		}
		slow.last[i] = seq
	}
	if _, err := c.publish(ctx, slow.message(0)); err != nil {
		t.Fatal(err)
	}
	other := claimOf(2)
	other.Keys = slow.keys[:1]
	record(t, c, other, "")
	if _, err := c.publish(ctx, slow.message(1)); !errors.Is(err, errMoved) {
		t.Errorf("the row of a void claim: %v, want it refused", err)
	}
}

// Who is refused gives back at once what he has reserved.
func TestRefusedClaimGivesItsKeysBack(t *testing.T) {
	_, c := claimsOn(t, Config{})
	c.grace = time.Hour
	all := claimOf(2, "a", "b", "c")
	keys := newAttempt(c, all).keys
	middle, highest := claimOf(1), claimOf(3)
	middle.Keys, highest.Keys = keys[1:2], keys[:1]
	record(t, c, middle, "")
	record(t, c, all, txID(1))
	record(t, c, highest, "")
}

// Two calls for one conversion had different keys: what the first one reserved
// for its row does not do for the second one's.
func TestReservationsAreForOneRow(t *testing.T) {
	_, c := claimsOn(t, Config{})
	keys := newAttempt(c, claimOf(1, "a", "b", "c")).keys
	first, second, other := claimOf(1), claimOf(1), claimOf(2)
	first.Keys, second.Keys, other.Keys = keys[:2], []string{keys[0], keys[2]}, keys[:1]
	begin(t, c, first, 1)
	record(t, c, second, "")
	record(t, c, other, txID(1))
}

// Two calls for one conversion had different keys, and both ended early: a key
// that one reserved is not its row to the other.
func TestReservationsAreNoRows(t *testing.T) {
	_, c := claimsOn(t, Config{})
	ctx := within(t, 20*time.Second)
	keys := newAttempt(c, claimOf(1, "a", "b", "c")).keys
	for i := range 2 {
		claim := claimOf(1)
		claim.Keys = keys[i : i+2]
		if _, err := c.publish(ctx, newAttempt(c, claim).message(0)); err != nil {
			t.Fatal(err)
		}
	}
	other := claimOf(2)
	other.Keys = keys[:1]
	record(t, c, other, "")
}

func TestCallersGoneAndServersAwayAreErrors(t *testing.T) {
	srv := start(t, natsrv.Options{DataDir: t.TempDir()})
	nc, err := srv.ConnectLoopback("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	c := newClaims(t, nc)
	if recorded, _, err := c.Record(within(t, 20*time.Second), claimOf(1, "a")); recorded || !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("without a stream: %v, %v, want no responders", recorded, err)
	}
	stream(t, nc, Config{})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, claim := range []*events.Claim{claimOf(1, "a"), claimOf(1, "a", "b")} {
		if recorded, _, err := c.Record(gone, claim); recorded || !errors.Is(err, context.Canceled) {
			t.Errorf("whose caller is gone: %v, %v, want a cancelled context", recorded, err)
		}
	}
	srv.Shutdown()
	if recorded, _, err := c.Record(within(t, 100*time.Millisecond), claimOf(2, "c")); recorded || err == nil {
		t.Errorf("with the server away: %v, %v, want an error", recorded, err)
	}
}

// A claim stream that is full forgets nothing: what was claimed stays claimed,
// and more is refused until there is room.
func TestFullClaimsRefuse(t *testing.T) {
	_, c := claimsOn(t, Config{Claims: ClaimConfig{MaxBytes: 2000}})
	n := 0
	for ; n < 100; n++ {
		if _, _, err := c.Record(within(t, 20*time.Second), claimOf(n, fmt.Sprint(n))); err != nil {
			break
		}
	}
	if n < 2 || n == 100 {
		t.Fatalf("%d claims fit into 2000 bytes", n)
	}
	record(t, c, claimOf(0, "0"), "")
	record(t, c, claimOf(1000, "0"), txID(0))
	if err := EnsureClaims(within(t, 20*time.Second), c.js, ClaimConfig{}); err != nil {
		t.Fatal(err)
	}
	record(t, c, claimOf(n, fmt.Sprint(n)), "")
}

func TestClaimsLeaveTheWindow(t *testing.T) {
	js, c := claimsOn(t, Config{Claims: ClaimConfig{Window: 200 * time.Millisecond}})
	record(t, c, claimOf(1, "a", "b"), "")
	until(t, "end of the window", func() bool {
		recorded, _, err := c.Record(within(t, 20*time.Second), claimOf(2, "b"))
		return err == nil && recorded
	})
	if got, want := logged(t, js), []string{txID(1), txID(2)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v: it keeps what left the window", got, want)
	}
}

func TestMistakesInClaims(t *testing.T) {
	_, c := claimsOn(t, Config{})
	many := claimOf(1)
	for i := range events.MaxClaimKeys + 1 {
		many.Keys = append(many.Keys, fmt.Sprint(i))
	}
	change := func(f func(*events.Claim)) *events.Claim {
		claim := claimOf(1, "a")
		f(claim)
		return claim
	}
	for want, claim := range map[string]*events.Claim{
		"kind must be":               change(func(c *events.Claim) { c.Kind = events.Click }),
		"tx_id must be hex":          change(func(c *events.Claim) { c.TxID = "a.b" }),
		`version "*" must`:           change(func(c *events.Claim) { c.Version = "*" }),
		"has 0 keys, must":           change(func(c *events.Claim) { c.Keys = nil }),
		"has 17 keys":                many,
		`key ">" must be`:            change(func(c *events.Claim) { c.Keys = []string{">"} }),
		"key aa stands twice":        change(func(c *events.Claim) { c.Keys = []string{"aa", "bb", "aa"} }),
		"does not begin with":        change(func(c *events.Claim) { c.Line = []byte("{\"tx_id\":\"2\"}\n") }),
		"must be one line":           change(func(c *events.Claim) { c.Line = append(c.Line, c.Line...) }),
		"must be one line that ends": change(func(c *events.Claim) { c.Line = c.Line[:len(c.Line)-1] }),
	} {
		recorded, _, err := c.Record(within(t, 20*time.Second), claim)
		if recorded || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, %v, want an error with %q", claim, recorded, err, want)
		}
	}
}

// TestExpiredKeysAreTakenOver: of a key whose conversion counts no more, the
// next one has it, once; the other keys of that conversion stay its own, as
// long as the key that bears the row is the lowest and does not expire.
func TestExpiredKeysAreTakenOver(t *testing.T) {
	js, c := claimsOn(t, Config{})
	const stays, runsOut = "00aa", "ffaa"
	first := claimOf(1)
	first.Keys = []string{runsOut, stays}
	second, third := claimOf(2), claimOf(3)
	second.Keys, third.Keys = []string{runsOut}, []string{stays}
	record(t, c, first, "")
	record(t, c, second, txID(1))
	second.Expired = func(key, holder string) bool { return key == runsOut && holder == txID(1) }
	record(t, c, second, "")
	record(t, c, second, "")
	third.Expired = func(string, string) bool { return false }
	record(t, c, third, txID(1))
	fourth := claimOf(4)
	fourth.Keys = []string{runsOut}
	record(t, c, fourth, txID(2))
	if got, want := logged(t, js), []string{txID(1), txID(2)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}
