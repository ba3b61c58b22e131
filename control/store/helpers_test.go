package store

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// natsServer is an embedded server that can be stopped and started again.
type natsServer struct {
	tb   testing.TB
	dir  string
	port int
	with []func(*server.Options)
	s    *server.Server
}

func startServer(tb testing.TB, with ...func(*server.Options)) *natsServer {
	tb.Helper()
	n := &natsServer{tb: tb, dir: filepath.Join(tb.TempDir(), "js"), port: server.RANDOM_PORT, with: with}
	n.start()
	tb.Cleanup(n.stop)
	return n
}

func (n *natsServer) start() {
	n.tb.Helper()
	opts := &server.Options{
		Host: "127.0.0.1", Port: n.port, JetStream: true, StoreDir: n.dir, NoLog: true, NoSigs: true,
	}
	for _, set := range n.with {
		set(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		n.tb.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		n.tb.Fatal("the server does not start")
	}
	n.s = s
	n.port = s.Addr().(*net.TCPAddr).Port
}

func (n *natsServer) stop() {
	n.s.Shutdown()
	n.s.WaitForShutdown()
}

// connect returns a client of its own.
func (n *natsServer) connect() jetstream.JetStream {
	n.tb.Helper()
	nc, err := nats.Connect(fmt.Sprintf("nats://127.0.0.1:%d", n.port),
		nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(0, 0),
		nats.RetryOnFailedConnect(true))
	if err != nil {
		n.tb.Fatal(err)
	}
	n.tb.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		n.tb.Fatal(err)
	}
	return js
}

func (n *natsServer) open() *Store {
	n.tb.Helper()
	s, err := Open(n.tb.Context(), n.connect(), Options{})
	if err != nil {
		n.tb.Fatal(err)
	}
	s.patience = 200 * time.Millisecond
	return s
}

func advertiser(i int, name string) *config.Advertiser {
	return &config.Advertiser{
		Meta:          config.Meta{ID: fmt.Sprintf("a%d", i), Organization: "org"},
		IncrementalID: int64(i),
		Name:          name,
		Active:        true,
	}
}

func advertisers(n int, name string) []config.Document {
	docs := make([]config.Document, n)
	for i := range docs {
		docs[i] = advertiser(i+1, name)
	}
	return docs
}

func nameOf(tb testing.TB, set *config.Set, i int) string {
	tb.Helper()
	doc, ok := set.Get(advertiser(i, "").Key())
	if !ok {
		return ""
	}
	return doc.(*config.Advertiser).Name
}

func commit(tb testing.TB, s *Store, base uint64, c Change) uint64 {
	tb.Helper()
	version, err := s.Commit(tb.Context(), base, c)
	if err != nil {
		tb.Fatalf("commit on %d: %v", base, err)
	}
	return version
}

func load(tb testing.TB, s *Store) Snapshot {
	tb.Helper()
	snap, err := s.Load(tb.Context())
	if err != nil {
		tb.Fatalf("load: %v", err)
	}
	return snap
}
