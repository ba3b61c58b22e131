package disk

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/internal/disk/disktest"
)

// A write that finds the disk full waits for room; with the end of the context
// it fails.
func TestPatient(t *testing.T) {
	small := disktest.New(t, "48m")
	r, err := NewRoom(small.Dir, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	fs := r.Patient(ctx)
	f, err := fs.Create(filepath.Join(small.Dir, "file"), vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	small.Leave(0)
	done := make(chan error)
	data := bytes.Repeat([]byte("x"), 1<<20)
	write := func() {
		_, err := f.Write(data)
		done <- err
	}
	go write()
	select {
	case err := <-done:
		t.Fatalf("a write to a full disk ended: %v", err)
	case <-time.After(2 * patientEvery):
	}
	small.Clear()
	if err := <-done; err != nil {
		t.Errorf("with room again: %v", err)
	}
	small.Leave(0)
	go write()
	cancel()
	if err := <-done; !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("after the end: %v", err)
	}
}
