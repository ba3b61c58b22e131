package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

// natsServer is an embedded server with the stores of a test.
type natsServer struct {
	*natstest.Server
	tb testing.TB
}

func startServer(tb testing.TB, with ...func(*server.Options)) *natsServer {
	tb.Helper()
	return &natsServer{natstest.Start(tb, with...), tb}
}

// open opens the store, also just after its bucket was deleted.
func (n *natsServer) open() *Store {
	n.tb.Helper()
	var s *Store
	js := n.JetStream()
	natstest.Remake(n.tb, func() (err error) {
		s, err = Open(n.tb.Context(), js, Options{})
		return err
	})
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
