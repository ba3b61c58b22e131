package natsrv

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/internal/disk/disktest"
)

// A disk that was full costs nothing that was acknowledged, and the server takes
// messages again once there is room, without anybody's help.
func TestFullDisk(t *testing.T) {
	disk := disktest.New(t, "48m")
	srv := start(t, disk.Dir)
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
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "LOG", Subjects: []string{"log"}})
	if err != nil {
		t.Fatal(err)
	}
	publish := func(message []byte) (uint64, error) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ack, err := js.Publish(ctx, "log", message)
		if err != nil {
			return 0, err
		}
		return ack.Sequence, nil
	}
	url := srv.URL()

	disk.Leave(8 << 20)
	message := bytes.Repeat([]byte("x"), 64<<10)
	last := uint64(0)
	for {
		sequence, err := publish(message)
		if err != nil {
			break
		}
		if last = sequence; last > 1000 {
			t.Fatal("the disk does not get full")
		}
	}
	if _, err := publish([]byte("small")); err == nil {
		t.Error("a server whose write failed takes messages: there is nothing to mend")
	}

	disk.Clear()
	for deadline := time.Now().Add(60 * time.Second); ; {
		sequence, err := publish([]byte("after"))
		if err == nil && sequence <= last {
			t.Errorf("message %d comes after %d that were acknowledged", sequence, last)
		}
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the disk has room, and the server takes nothing: %v", err)
		}
	}
	if srv.URL() != url {
		t.Errorf("the server moved from %s to %s", url, srv.URL())
	}
	for sequence := uint64(1); sequence <= last; sequence++ {
		m, err := stream.GetMsg(t.Context(), sequence)
		if err != nil || !bytes.Equal(m.Data, message) {
			t.Fatalf("message %d of %d: %v", sequence, last, err)
		}
	}
}
