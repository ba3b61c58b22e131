package disk

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/internal/disk/disktest"
)

func TestRoom(t *testing.T) {
	small := disktest.New(t, "160m")
	core, logged := observer.New(zap.WarnLevel)
	r, err := NewRoom(small.Dir, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	r.now = func() time.Time { return now }
	const mib = 1 << 20
	for _, tt := range []struct {
		free                int64 // bytes; the reserve is a twentieth of 160 MiB
		derived, log, spool bool
	}{
		{9 * mib, true, true, true},
		{7 * mib, false, true, true},
		{3 * mib, false, false, true},
		{mib / 2, false, false, false},
		{3 * mib, false, false, true},
		{20 * mib, true, true, true},
	} {
		small.Leave(tt.free)
		now = now.Add(lookEvery)
		for u, want := range []bool{tt.derived, tt.log, tt.spool} {
			if err := r.For(Use(u)); (err == nil) != want || err != nil && !errors.Is(err, ErrFull) {
				t.Errorf("with %d bytes free, %s: %v", tt.free, names[u], err)
			}
		}
		small.Clear()
	}
	if n := logged.Len(); n != 6 {
		t.Errorf("%d lines are logged, 3 uses stopped and went on: %v", n, logged.All())
	}
}

// Asking costs a system call five times a second.
func TestRoomAsksSeldom(t *testing.T) {
	small := disktest.New(t, "160m")
	r, err := NewRoom(small.Dir, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	r.now = func() time.Time { return now }
	r.lookedNS.Store(now.UnixNano())
	small.Leave(1 << 20)
	now = now.Add(lookEvery - 1)
	if err := r.For(Derived); err != nil {
		t.Error("the disk is asked every time")
	}
	now = now.Add(1)
	if err := r.For(Derived); err == nil {
		t.Error("the disk is never asked again")
	}
}

func TestRoomOfNothing(t *testing.T) {
	if _, err := NewRoom("/no/such/folder", zap.NewNop()); err == nil || !strings.Contains(err.Error(), "/no/such/folder") {
		t.Errorf("got %v", err)
	}
}

func TestRoomMetrics(t *testing.T) {
	r, err := NewRoom(t.TempDir(), zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	r.WriteMetrics(&text)
	if !strings.Contains(text.String(), "\nclickgate_disk_free_bytes ") || !strings.Contains(text.String(), "\nclickgate_disk_reserve_bytes ") {
		t.Errorf("got %s", text.String())
	}
}
