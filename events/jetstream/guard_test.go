package jetstream

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/events"
)

// fill publishes lines in blocks of a thousand bytes each and waits for them.
func fill(t *testing.T, p *Publisher, lines int) {
	t.Helper()
	l := events.New(p, events.Options{Node: "n1", BlockBytes: 1000})
	for i := range lines {
		l.Append(events.Click, line(i))
	}
	closeLog(t, l)
}

func TestGuardTellsOfBlocksNobodyTook(t *testing.T) {
	js, p := embedded(t, Config{MaxBytes: 20 << 10})
	core, logged := observer.New(zap.WarnLevel)
	g := NewGuard(js, zap.New(core))
	check := func() {
		t.Helper()
		if err := g.Check(within(t, 5*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	consumer, err := js.CreateConsumer(within(t, 5*time.Second), Stream, jetstream.ConsumerConfig{
		Durable: "reports", AckPolicy: jetstream.AckAllPolicy,
	})
	if err != nil {
		t.Fatal(err)
	}
	check()
	fill(t, p, 300)
	check()
	if g.state.dropped != 0 || g.state.untaken == 0 || logged.Len() != 0 {
		t.Errorf("before the limit: %+v, %d warnings", g.state, logged.Len())
	}
	takeAll(t, consumer)
	fill(t, p, 600)
	check()
	if g.state.dropped != 0 {
		t.Errorf("%d blocks dropped, but the consumer has taken what went", g.state.dropped)
	}
	fill(t, p, 3000)
	check()
	once := g.state.dropped
	check()
	if g.state.dropped != once {
		t.Errorf("%d blocks dropped, %d when looked at again", once, g.state.dropped)
	}
	if g.state.dropped == 0 || logged.Len() != 1 {
		t.Errorf("beyond the limit: %d blocks dropped untaken, %d warnings, want some and one", g.state.dropped, logged.Len())
	}
	var out strings.Builder
	g.WriteMetrics(&out)
	if strings.Contains(out.String(), "dropped_untaken_blocks_total 0\n") || !strings.Contains(out.String(), "stream_limit_bytes 20480\n") {
		t.Errorf("metrics\n%s", out.String())
	}
}

func takeAll(t *testing.T, consumer jetstream.Consumer) {
	t.Helper()
	info, err := consumer.Info(within(t, 5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	batch, err := consumer.Fetch(int(info.NumPending), jetstream.FetchMaxWait(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	var last jetstream.Msg
	for msg := range batch.Messages() {
		last = msg
	}
	if err := last.DoubleAck(within(t, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
}

func TestGuardTellsOfClaimsThatAreNearlyFull(t *testing.T) {
	js, c := claimsOn(t, Config{Claims: ClaimConfig{MaxBytes: 4000}})
	core, logged := observer.New(zap.WarnLevel)
	g := NewGuard(js, zap.New(core))
	check := func(warnings int) {
		t.Helper()
		if err := g.Check(within(t, 5*time.Second)); err != nil {
			t.Fatal(err)
		}
		if logged.Len() != warnings {
			t.Errorf("%d of %d bytes: %d warnings, want %d", g.claims.bytes, g.claims.limit, logged.Len(), warnings)
		}
	}
	record(t, c, claimOf(0, "0"), "")
	check(0)
	for n := 1; ; n++ {
		if _, _, err := c.Record(within(t, 20*time.Second), claimOf(n, strconv.Itoa(n))); err != nil {
			break
		}
	}
	sourced(t, js)
	check(1)
	check(1)
	var out strings.Builder
	g.WriteMetrics(&out)
	for _, want := range []string{"claims_limit_bytes 4000\n", "claims_untaken_blocks 0\n", "claims_bytes 3"} {
		if !strings.Contains(out.String(), "clickgate_events_"+want) {
			t.Errorf("no %q in metrics\n%s", want, out.String())
		}
	}
	if err := js.DeleteStream(within(t, 5*time.Second), ClaimStream); err != nil {
		t.Fatal(err)
	}
	check(1)
}
