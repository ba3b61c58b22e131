package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func idOf(n int) string { return fmt.Sprintf("%012x%020x", today.UnixMilli(), n) }

// ledger is a click store, and a log that it reads at once unless it is told to
// wait.
type ledger struct {
	t     testing.TB
	store *store.Store
	mu    sync.Mutex
	keys  map[string]string
	err   error
	slow  bool
	rows  map[string]int // by tx_id
}

func newLedger(t testing.TB) *ledger {
	t.Helper()
	s, err := store.Open(store.Options{Dir: "clicks", FS: vfs.NewMem(), Now: func() time.Time { return today },
		Settings: store.Settings{CacheBytes: 1 << 20, ClickDays: 100, ImpressionDays: 8, MatchDays: 8}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &ledger{t: t, store: s, keys: map[string]string{}, rows: map[string]int{}}
}

func (l *ledger) Record(_ context.Context, c *events.Claim) (bool, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return false, "", l.err
	}
	if version, taken := l.keys[c.Keys[0]]; taken {
		return version == c.Version, c.TxID, nil
	}
	l.keys[c.Keys[0]] = c.Version
	l.rows[c.TxID]++
	if !l.slow {
		l.apply(c.Kind, bytes.Clone(c.Line))
	}
	return true, "", nil
}

func (l *ledger) apply(kind events.Kind, line []byte) {
	err := l.store.Apply([]store.Block{{Kind: kind, Sequence: l.store.Position().Sequence + 1, LoggedMS: today.UnixMilli(), Data: line}})
	if err != nil {
		l.t.Error(err)
	}
}

// hold puts conversions on hold until minutes from today.
func (l *ledger) hold(number int, minutes int, fields ...string) {
	until := events.FormatTime(today.Add(time.Duration(minutes) * time.Minute))
	line := fmt.Sprintf(`{"tx_id":%q,"status":"Hold","hold_until":%q,"payout":1.5%s,"hash":"h%d"}`, idOf(number), until, strings.Join(fields, ""), number)
	l.apply(events.Event, []byte(line+"\n"))
}

func (l *ledger) row(number int) events.Row {
	l.t.Helper()
	a, err := l.store.Find(context.Background(), attribution.Query{ConversionID: idOf(number)})
	if err != nil || len(a.Conversions) != 1 {
		l.t.Fatalf("%+v, %v", a, err)
	}
	row, err := events.DecodeRow(a.Conversions[0].Kind, a.Conversions[0].Row)
	if err != nil {
		l.t.Fatal(err)
	}
	return row
}

func (l *ledger) releaser(now *time.Time) *Releaser {
	clock := func() time.Time { return *now }
	return New(Options{Holds: l.store, Amender: &amend.Amender{Finder: l.store, Recorder: l, Now: clock}, Now: clock})
}

func TestRelease(t *testing.T) {
	l, now := newLedger(t), today
	r := l.releaser(&now)
	for n := range 40 {
		l.hold(n, n)
	}
	for _, c := range []struct{ minutes, released, total int }{{0, 1, 1}, {0, 0, 1}, {30, 30, 31}, {100, 9, 40}, {200, 0, 40}} {
		now = today.Add(time.Duration(c.minutes) * time.Minute)
		n, err := r.Release(t.Context())
		if err != nil || n != c.released || int(r.released.Load()) != c.total {
			t.Errorf("after %d minutes %d are released, %v, want %d", c.minutes, n, err, c.released)
		}
	}
	for n := range 40 {
		row := l.row(n)
		if row.Text("status") != "Approved" || row.Text("updated_by") != "hold" || row.Text("payout") != "1.5" || row.Text("hold_until") != "" || l.rows[idOf(n)] != 1 {
			t.Errorf("conversion %d is %s, in %d versions", n, row.Line, l.rows[idOf(n)])
		}
	}
}

// Two workers, and stores that learn late of what was released.
func TestReleasedOnce(t *testing.T) {
	l, now := newLedger(t), today.Add(time.Hour)
	l.slow = true
	for n := range 50 {
		l.hold(n, n)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for range 3 {
				if _, err := l.releaser(&now).Release(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	for id, n := range l.rows {
		if n != 1 {
			t.Errorf("conversion %s is released %d times", id, n)
		}
	}
	if len(l.rows) != 50 {
		t.Errorf("%d are released, want 50", len(l.rows))
	}
}

// due lists what a test says is due, whatever has become of it.
type due []attribution.Prior

func (d due) DueHolds(int64, int) ([]attribution.Prior, error) { return d, nil }

func TestOnlyWhatIsOnHoldIsReleased(t *testing.T) {
	l, now := newLedger(t), today
	l.hold(1, 1)
	l.hold(2, -1, `,"updated_time":"2026-11-21T11:00:00.000Z"`)
	l.apply(events.Conversion, []byte(fmt.Sprintf(`{"tx_id":%q,"status":"Rejected","hold_until":"2026-11-21T11:00:00.000Z","hash":"h"}`+"\n", idOf(3))))
	r := l.releaser(&now)
	r.Holds = due{{TxID: idOf(1)}, {TxID: idOf(2), Hash: "another"}, {TxID: idOf(3)}, {TxID: idOf(4)}}
	if n, err := r.Release(t.Context()); n != 0 || err != nil || len(l.rows) != 0 {
		t.Errorf("%d are released, %v", n, err)
	}
}

func TestFailures(t *testing.T) {
	l, now := newLedger(t), today.Add(time.Hour)
	for n := range 20 {
		l.hold(n, n)
	}
	r := l.releaser(&now)
	l.err = errors.New("the log is away")
	if n, err := r.Release(t.Context()); n != 0 || !errors.Is(err, l.err) || r.failed.Load() > hands {
		t.Errorf("%d are released, %v, after %d tries", n, err, r.failed.Load())
	}
	l.err = nil
	l.apply(events.Conversion, []byte(fmt.Sprintf(`{"status":"Hold","tx_id":%q,"hold_until":"2026-11-21T11:00:00.000Z"}`+"\n", idOf(21)))) // not ours
	bad := due{{TxID: idOf(21)}}
	good, err := l.store.DueHolds(now.UnixMilli(), 100)
	if err != nil {
		t.Fatal(err)
	}
	r.Holds = append(bad, good...)
	if n, err := r.Release(t.Context()); n != 20 || !errors.Is(err, amend.ErrRow) {
		t.Errorf("%d are released, %v", n, err)
	}
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	r.Holds = l.store
	if _, err := r.Release(t.Context()); err == nil {
		t.Error("a closed store releases")
	}
}

// looks counts when it is asked.
type looks struct {
	at  []time.Duration
	was time.Time
}

func (l *looks) DueHolds(nowMS int64, _ int) ([]attribution.Prior, error) {
	l.at = append(l.at, time.UnixMilli(nowMS).Sub(l.was))
	return nil, errors.New("not now")
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &looks{was: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute+time.Second)
		defer cancel()
		New(Options{Holds: l}).Run(ctx)
		if got := fmt.Sprint(l.at); got != "[0s 1m0s 2m0s 3m0s]" {
			t.Errorf("looked at %s", got)
		}
	})
}
