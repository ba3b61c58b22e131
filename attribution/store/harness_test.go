package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// today is the clock of tests.
var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// small settings keep tests light.
var small = Settings{CacheBytes: 4 << 20, ClickDays: 100, ImpressionDays: 8, MatchDays: 8}

func open(t testing.TB, opt Options) *Store {
	t.Helper()
	if opt.FS == nil {
		opt.FS = vfs.NewMem()
	}
	if opt.Dir == "" {
		opt.Dir = "clicks"
	}
	if opt.Settings == (Settings{}) {
		opt.Settings = small
	}
	if opt.Now == nil {
		opt.Now = func() time.Time { return today }
	}
	s, err := Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// idOf is an id of a time, made different by n.
func idOf(at time.Time, n int) string {
	d := idAt(at.UnixMilli())
	d[15], d[14], d[13] = byte(n), byte(n>>8), byte(n>>16)
	return hex.EncodeToString(d[:])
}

// clickRow is the line of a click as the edge writes it, with more fields.
func clickRow(id string, fields ...string) string {
	line := fmt.Sprintf(`{"tx_id":"%s","real_tx_id":"%s","request_time":"2026-11-21T12:00:00.000Z","blocked":0`, id, id)
	return line + join(fields) + "}"
}

// conversionRow is the line of a conversion of a click.
func conversionRow(id, click string, fields ...string) string {
	return fmt.Sprintf(`{"tx_id":"%s","click_tx_id":"%s"`, id, click) + join(fields) + "}"
}

func join(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	return "," + strings.Join(fields, ",")
}

// feed applies lines of one kind as the next block.
func feed(t testing.TB, s *Store, kind events.Kind, lines ...string) {
	t.Helper()
	next := s.Position().Sequence + 1
	if err := s.Apply([]Block{blockOf(kind, next, lines...)}); err != nil {
		t.Fatal(err)
	}
}

func blockOf(kind events.Kind, sequence uint64, lines ...string) Block {
	return Block{Kind: kind, Sequence: sequence, LoggedMS: today.UnixMilli() + int64(sequence), Data: []byte(strings.Join(lines, "\n") + "\n")}
}

func find(t testing.TB, s *Store, q attribution.Query) attribution.Answer {
	t.Helper()
	a, err := s.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// has tells whether a click is known.
func has(t testing.TB, s *Store, id string) bool {
	t.Helper()
	return find(t, s, attribution.Query{ClickID: id}).Row != nil
}
