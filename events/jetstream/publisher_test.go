package jetstream

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// streamless is a publisher to a server that has no stream.
func streamless(t *testing.T) (*nats.Conn, *Publisher) {
	t.Helper()
	srv := start(t, natsrv.Options{DataDir: t.TempDir()})
	t.Cleanup(srv.Shutdown)
	nc, err := srv.Connect("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	p, err := NewPublisher(nc, "n1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return nc, p
}

// result publishes a block and returns how that ended.
func result(t *testing.T, p *Publisher) error {
	t.Helper()
	done := make(chan error, 2)
	p.Publish(&events.Message{ID: "n1.b.1", Lines: 1, Data: line(1), Born: time.Now()}, func(_ uint64, err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the block was never settled")
		return nil
	}
}

func TestPublishWithoutAStreamFailsAtOnce(t *testing.T) {
	_, p := streamless(t)
	if err := result(t, p); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("publish: %v, want %v", err, nats.ErrNoResponders)
	}
}

func TestMissingAcknowledgementTimesOut(t *testing.T) {
	nc, p := streamless(t)
	p.timeout = 100 * time.Millisecond
	if _, err := nc.Subscribe(Subject(events.Click, "n1"), func(*nats.Msg) {}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := result(t, p); !errors.Is(err, errTimeout) {
			t.Errorf("publish: %v, want %v", err, errTimeout)
		}
	}
}

func TestLostConnectionSettlesBlocksAtOnce(t *testing.T) {
	nc, p := streamless(t)
	taken, err := nc.SubscribeSync(Subject(events.Click, "n1"))
	if err != nil {
		t.Fatal(err)
	}
	p.timeout = time.Hour
	done := make(chan error, 1)
	p.Publish(&events.Message{ID: "n1.b.1", Lines: 1, Data: line(1)}, func(_ uint64, err error) { done <- err })
	if _, err := taken.NextMsg(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	select {
	case err := <-done:
		if !errors.Is(err, errGone) {
			t.Errorf("publish: %v, want %v", err, errGone)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the block was not settled")
	}
	if err := result(t, p); err == nil {
		t.Error("a closed connection takes blocks")
	}
}

func TestClosedPublisherRefuses(t *testing.T) {
	_, p := streamless(t)
	p.Close()
	if err := result(t, p); !errors.Is(err, errClosed) {
		t.Errorf("publish: %v, want %v", err, errClosed)
	}
}
