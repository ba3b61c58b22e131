package jetstream

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

// Every row is a block of one line on one of two subjects: keys are no subjects
// of the log, and reservations and markers are blocks without a line.
func TestLogHasNoKeys(t *testing.T) {
	js, c := claimsOn(t, Config{})
	record(t, c, claimOf(1, "a", "b"), "")
	event := claimOf(2, "c")
	event.Kind = events.Event
	record(t, c, event, "")
	sourced(t, js)
	ctx := within(t, 20*time.Second)
	s, err := js.Stream(ctx, Stream)
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(">"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]uint64{"clickgate.conversion.claims": 2, "clickgate.event.claims": 1}
	if got := info.State.Subjects; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("subjects %v, want %v", got, want)
	}
	for seq, lines := range map[uint64]string{1: "0", 2: "1", 3: "1"} {
		m, err := s.GetMsg(ctx, seq)
		if err != nil || m.Header.Get(LinesHeader) != lines || (len(m.Data) > 0) != (lines == "1") {
			t.Errorf("block %d: %+v, %v, want %s lines", seq, m, err, lines)
		}
	}
}

// A log from before there were claims, whose oldest blocks are gone already,
// takes over what was claimed before it knew of claims.
func TestLogOfEarlierDaysTakesClaimsOver(t *testing.T) {
	srv := start(t, natsrv.Options{DataDir: t.TempDir()})
	t.Cleanup(srv.Shutdown)
	nc, err := srv.Connect("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	ctx := within(t, 20*time.Second)
	earlier := jetstream.StreamConfig{Name: Stream, Subjects: []string{Subject(events.Click, "*")}, Storage: jetstream.FileStorage, MaxMsgs: 2}
	if _, err := js.CreateStream(ctx, earlier); err != nil {
		t.Fatal(err)
	}
	if err := EnsureClaims(ctx, js, ClaimConfig{}); err != nil {
		t.Fatal(err)
	}
	record(t, newClaims(t, nc), claimOf(1, "a"), "")
	for i := range 5 {
		if _, err := js.Publish(ctx, Subject(events.Click, "n1"), fmt.Appendf(nil, "{\"tx_id\":\"%d\"}\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // twice changes nothing
		if err := Ensure(ctx, js, Config{}); err != nil {
			t.Fatal(err)
		}
	}
	record(t, newClaims(t, nc), claimOf(2, "b"), "")
	if got, want := logged(t, js), []string{"3", "4", txID(1), txID(2)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}

// A stream of claims that is lost with its disk is made again, and its rows
// come after those of the old one, which are not taken over twice. The server
// takes up to half a minute to notice.
func TestClaimsMadeAgainGoOn(t *testing.T) {
	t.Parallel()
	js, c := claimsOn(t, Config{})
	record(t, c, claimOf(1, "a"), "")
	record(t, c, claimOf(2, "b"), "")
	sourced(t, js)
	ctx := within(t, 60*time.Second)
	if err := js.DeleteStream(ctx, ClaimStream); err != nil {
		t.Fatal(err)
	}
	natstest.Remake(t, func() error { return Ensure(ctx, js, Config{}) })
	record(t, c, claimOf(3, "a"), "")
	want := []string{txID(1), txID(2), txID(3)}
	until(t, "sourcing of the new claims", func() bool {
		s, err := js.Stream(ctx, Stream)
		return err == nil && s.CachedInfo().State.Msgs >= 3
	})
	if got := logged(t, js); !slices.Equal(got, want) {
		t.Errorf("the log has %v, want %v", got, want)
	}
}
