package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/config/configtest"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// openTestStore opens a store on a server of its own.
func openTestStore(t *testing.T) *store.Store {
	t.Helper()
	server, err := natsrv.Start(natsrv.Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	nc, err := server.ConnectLoopback("test", zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := natsjs.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), js, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBrokenDocuments: of a thousand documents with one mistake each none gets
// in, each is told where its mistake is, and nothing changes.
func TestBrokenDocuments(t *testing.T) {
	s := openTestStore(t)
	demo, err := config.ReadFiles("../../deploy/examples/demo-documents.yaml")
	if err != nil {
		t.Fatal(err)
	}
	good := append(configtest.Good(), demo...)
	if _, err := store.Apply(t.Context(), s, good, store.ApplyOptions{Checks: checks}); err != nil {
		t.Fatal(err)
	}
	before, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, m := range configtest.Broken(good, 20261121, 1000) {
		path := filepath.Join(dir, m.File)
		if err := os.WriteFile(path, m.Text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := applyFiles(t.Context(), s, []string{path}, store.ApplyOptions{Checks: checks})
		var problems config.Problems
		if !errors.As(err, &problems) || !m.ToldBy(problems) {
			t.Errorf("%s: error %v does not tell %q of\n%s", m.Name, err, m.Path, m.Text)
		}
		after, err := s.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if after.Version != before.Version || after.Digest != before.Digest {
			t.Fatalf("%s made version %d:\n%s", m.Name, after.Version, m.Text)
		}
	}
}
