package events

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRefusedBlocksAreSentAgainUntilTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{lookupFails: 2, verdict: func(n int) outcome {
			if n < 6 {
				return refuse
			}
			return take
		}}
		l := New(f, Options{})
		appendLines(l, 0, 10)
		time.Sleep(10 * time.Second)
		f.wantOnce(t, 10)
		if s := l.Stats(); !s.Well || s.Retries != 5 || s.PendingBytes != 0 {
			t.Errorf("stats %+v", s)
		}
		closeLog(t, l, time.Second)
	})
}

// Who waits for a block that is refused is answered at once, and not when the
// block is taken or spooled in the end.
func TestRefusedBlockLetsItsVisitorsGo(t *testing.T) {
	for name, verdict := range map[string]outcome{"refused": refuse, "not acknowledged": drop} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeLog{verdict: func(int) outcome { return verdict }}
				l := New(f, Options{Spool: openSpool(t, t.TempDir())})
				start := time.Now()
				acked := l.Append(Click, []byte(line(1))).Wait()
				if took := time.Since(start); acked || took > DefaultAnswerWithin {
					t.Errorf("the visitor waited %s and was told %t, want at most %s and false", took, acked, DefaultAnswerWithin)
				}
				closeLog(t, l, time.Second)
			})
		})
	}
}

// A block that arrived although its acknowledgement was lost is not doubled,
// even where the log has forgotten its id.
func TestLostAcknowledgementsDoubleNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{verdict: func(n int) outcome {
			if n%2 == 1 {
				return swallow
			}
			return drop
		}}
		l := New(f, Options{BlockBytes: 60, MaxInFlight: 4})
		appendLines(l, 0, 20)
		time.Sleep(500 * time.Millisecond)
		f.forgetIDs()
		f.set(nil)
		time.Sleep(20 * time.Second)
		f.wantOnce(t, 20)
		if f.lookups == 0 {
			t.Error("blocks were sent again without looking them up")
		}
		closeLog(t, l, time.Second)
	})
}

func TestLongOutageGoesThroughTheSpool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{verdict: func(int) outcome { return refuse }}
		l := New(f, Options{Spool: openSpool(t, t.TempDir())})
		appendLines(l, 0, 100)
		l.Append(Click, []byte(line(100))).Wait()
		time.Sleep(5 * time.Second)
		for i := 101; i < 200; i++ {
			l.Append(Click, []byte(line(i)))
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Second)
		f.mu.Lock()
		attempts := f.attempts
		f.mu.Unlock()
		if attempts > 20 {
			t.Errorf("%d attempts in an outage of 11 s, want about one a second", attempts)
		}
		if s := l.Stats(); s.Spooled != 200 || s.PendingBytes != 0 || s.AtRisk != 0 || s.SpoolBytes == 0 {
			t.Errorf("stats in the outage %+v, want all lines on disk", s)
		}
		f.set(nil)
		time.Sleep(5 * time.Second)
		if s := l.Stats(); !s.Well || s.SpoolBytes != 0 || s.Acknowledged != 200 {
			t.Errorf("stats after the outage %+v", s)
		}
		f.wantOnce(t, 200)
		for i, got := range f.lines() {
			if got != line(i) {
				t.Fatalf("line %d is %q: the order is lost", i, got)
			}
		}
		if !l.Append(Click, []byte(line(200))).Wait() {
			t.Error("the log is not waited for after the outage")
		}
		closeLog(t, l, time.Second)
	})
}

func TestRestartSendsWhatWasSpooled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		f := &fakeLog{delay: 5 * time.Millisecond, verdict: func(n int) outcome {
			if n == 1 {
				return swallow
			}
			return drop
		}}
		l := New(f, Options{BlockBytes: 60, MaxInFlight: 2, Spool: openSpool(t, dir)})
		appendLines(l, 0, 50)
		if err := closeLog(t, l, 100*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if s := l.Stats(); s.Lost != 0 || s.Spooled != 50 {
			t.Errorf("stats after close %+v, want 50 lines spooled", s)
		}
		f.set(nil)
		f.forgetIDs()
		l = New(f, Options{Spool: openSpool(t, dir)})
		time.Sleep(time.Second)
		closeLog(t, l, time.Second)
		f.wantOnce(t, 50)
	})
}

func TestUnreadableSpoolIsReadAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		f := &fakeLog{verdict: func(int) outcome { return refuse }}
		l := New(f, Options{Spool: openSpool(t, dir)})
		appendLines(l, 0, 10)
		if err := closeLog(t, l, time.Second); err != nil {
			t.Fatal(err)
		}
		f.set(nil)
		s := openSpool(t, dir)
		segments, err := filepath.Glob(filepath.Join(dir, "*.spool"))
		if err != nil || len(segments) != 1 {
			t.Fatalf("segments %v, %v", segments, err)
		}
		if err := os.Rename(segments[0], segments[0]+".away"); err != nil {
			t.Fatal(err)
		}
		l = New(f, Options{Spool: s})
		if !l.Append(Click, []byte(line(10))).Wait() {
			t.Error("an unreadable spool keeps new lines back")
		}
		time.Sleep(100 * time.Millisecond)
		if err := os.Rename(segments[0]+".away", segments[0]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		f.wantOnce(t, 11)
		closeLog(t, l, time.Second)
	})
}

// A disk that refuses too costs memory first, and nothing when it comes back.
func TestRefusingDiskLosesNothingWhileMemoryLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "spool")
		f := &fakeLog{verdict: func(int) outcome { return refuse }}
		l := New(f, Options{Spool: openSpool(t, dir)})
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		appendLines(l, 0, 50)
		time.Sleep(3 * time.Second)
		if s := l.Stats(); s.SpoolErrors == 0 || s.Lost != 0 || s.PendingLines != 50 {
			t.Errorf("stats with a refusing disk %+v, want all lines in memory", s)
		}
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if s := l.Stats(); s.Spooled != 50 || s.PendingLines != 0 {
			t.Errorf("stats after the disk came back %+v, want all lines spooled", s)
		}
		f.set(nil)
		time.Sleep(5 * time.Second)
		f.wantOnce(t, 50)
		closeLog(t, l, time.Second)
	})
}

func TestCrowdedMemoryMovesToTheSpool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: 10 * time.Millisecond}
		l := New(f, Options{BlockBytes: 100, MaxInFlight: 1, MaxPendingBytes: 4000, Spool: openSpool(t, t.TempDir())})
		n := 0
		for range 5 {
			appendLines(l, n, n+200)
			n += 200
			time.Sleep(2 * spoolEvery) // for a write that was not due at once
		}
		if s := l.Stats(); s.Spooled == 0 || s.Lost != 0 {
			t.Errorf("stats %+v, want spooled lines and none lost", s)
		}
		time.Sleep(time.Minute)
		f.wantOnce(t, n)
		closeLog(t, l, time.Second)
	})
}

// The whole of it under chance: blocks are refused, swallowed and dropped
// while several visitors append, the log is closed and opened over its spool.
func TestNothingLostNothingDoubledByChance(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { chance(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func chance(t *testing.T, rnd *rand.Rand) {
	var mu sync.Mutex
	weights := []outcome{take, take, take, refuse, swallow, drop}
	f := &fakeLog{delay: time.Millisecond, verdict: func(int) outcome {
		mu.Lock()
		defer mu.Unlock()
		return weights[rnd.IntN(len(weights))]
	}}
	dir := t.TempDir()
	const visitors, each = 4, 100
	for run := range 3 {
		l := New(f, Options{BlockBytes: 200, MaxInFlight: 4, Spool: openSpool(t, dir)})
		var wg sync.WaitGroup
		for v := range visitors {
			wg.Go(func() {
				for i := range each {
					l.Append(Kind(i%2), []byte(line((run*visitors+v)*each+i))).Wait()
					time.Sleep(time.Duration(i%7) * 10 * time.Millisecond)
				}
			})
		}
		wg.Wait()
		if err := closeLog(t, l, 200*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if s := l.Stats(); s.AtRisk != 0 || s.PendingBytes != 0 || s.PendingLines != 0 {
			t.Errorf("stats after close %+v, want nothing in memory", s)
		}
		f.forgetIDs()
	}
	f.set(nil)
	l := New(f, Options{Spool: openSpool(t, dir)})
	time.Sleep(time.Minute)
	closeLog(t, l, time.Second)
	f.wantOnce(t, 3*visitors*each)
}
