package natsrv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func store(t *testing.T, nc *nats.Conn, text string) uint64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "T", Subjects: []string{"t"}, MaxBytes: 1 << 50}); err != nil {
		t.Fatal(err)
	}
	ack, err := js.Publish(ctx, "t", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return ack.Sequence
}

func TestStreamsOutliveTheServer(t *testing.T) {
	dir := t.TempDir()
	for want := uint64(1); want <= 2; want++ {
		s := start(t, dir)
		nc, err := s.Connect("test", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := store(t, nc, "x"); got != want {
			t.Errorf("sequence %d, want %d", got, want)
		}
		nc.Close()
		s.Shutdown()
	}
}

func TestCommandsFindTheServerByItsFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := Connect(dir, "test"); err == nil || !strings.Contains(err.Error(), "no server runs") {
		t.Errorf("without a server: %v", err)
	}
	s := start(t, dir)
	defer s.Shutdown()
	nc, err := Connect(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	store(t, nc, "x")
	nc.Close()
	for _, name := range []string{tokenFile, addressFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", name, info.Mode())
		}
	}
}

func TestStrangersAreRefused(t *testing.T) {
	s := start(t, t.TempDir())
	defer s.Shutdown()
	if !strings.Contains(s.URL(), "127.0.0.1") {
		t.Errorf("the server listens on %s, want loopback", s.URL())
	}
	for _, opts := range [][]nats.Option{nil, {nats.Token("guess")}} {
		nc, err := nats.Connect(s.URL(), opts...)
		if !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("connect without the token: %v, want %v", err, nats.ErrAuthorization)
		}
		if nc != nil {
			nc.Close()
		}
	}
}

func TestSecondServerOnTheFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	_, err := Start(Options{DataDir: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("second start: %v, want %v and the process id", err, ErrInUse)
	}
	s.Shutdown()
	start(t, dir).Shutdown()
}

func TestTakenPortIsAnError(t *testing.T) {
	s := start(t, t.TempDir())
	defer s.Shutdown()
	port, err := strconv.Atoi(s.URL()[strings.LastIndexByte(s.URL(), ':')+1:])
	if err != nil {
		t.Fatal(err)
	}
	other, err := Start(Options{DataDir: t.TempDir(), Port: port})
	if err == nil {
		other.Shutdown()
	}
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("second server on a port: %v, want an error that says why", err)
	}
}

func TestDialWaitsForTheServer(t *testing.T) {
	first := start(t, t.TempDir())
	url := first.URL()
	first.Shutdown()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, tokenFile), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	nc, err := Dial(Remote{URLs: []string{url}, Token: "secret"}, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := nc.Publish("t", nil); err == nil {
		t.Error("a connection without a server takes messages")
	}
	connected := nc.StatusChanged(nats.CONNECTED)
	defer nc.RemoveStatusListener(connected)
	port, err := strconv.Atoi(url[strings.LastIndexByte(url, ':')+1:])
	if err != nil {
		t.Fatal(err)
	}
	s, err := Start(Options{DataDir: dir, Port: port})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shutdown()
	select {
	case <-connected:
	case <-time.After(20 * time.Second):
		t.Fatal("the connection did not come up")
	}
	store(t, nc, "x")
}
