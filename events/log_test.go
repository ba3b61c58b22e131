package events

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWaitReturnsWithTheAcknowledgement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: 3 * time.Millisecond}
		l := New(f, Options{Node: "n1"})
		begin := time.Now()
		if !l.Append(Click, []byte(line(0))).Wait() {
			t.Error("the line was not acknowledged")
		}
		if took := time.Since(begin); took != f.delay {
			t.Errorf("an idle log took %v, want the acknowledgement's %v", took, f.delay)
		}
		if err := closeLog(t, l, time.Second); err != nil {
			t.Error(err)
		}
		f.wantOnce(t, 1)
		if s := l.Stats(); s.Acknowledged != 1 || s.AnsweredBeforeAck != 0 || s.AtRisk != 0 || s.PendingBytes != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestVisitorsWaitNoLongerThanTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: 300 * time.Millisecond}
		l := New(f, Options{})
		begin := time.Now()
		if l.Append(Click, []byte(line(0))).Wait() {
			t.Error("a late line counts as acknowledged")
		}
		if took := time.Since(begin); took != DefaultAnswerWithin {
			t.Errorf("waited %v, want %v", took, DefaultAnswerWithin)
		}
		begin = time.Now()
		if l.Append(Click, []byte(line(1))).Wait() || time.Since(begin) != 0 {
			t.Errorf("waited %v for a log known to be late, want not at all", time.Since(begin))
		}
		if s := l.Stats(); s.Well || s.AnsweredBeforeAck != 2 || s.AtRisk != 2 {
			t.Errorf("stats while late %+v", s)
		}
		time.Sleep(time.Second)
		if s := l.Stats(); !s.Well || s.AtRisk != 0 || s.Acknowledged != 2 {
			t.Errorf("stats after the acknowledgement %+v", s)
		}
		f.delay = 0
		if !l.Append(Click, []byte(line(2))).Wait() {
			t.Error("the log is not waited for after it recovered")
		}
		closeLog(t, l, time.Second)
		f.wantOnce(t, 3)
	})
}

func TestBlocksArePacedAndFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: 100 * time.Microsecond}
		l := New(f, Options{})
		var wg sync.WaitGroup
		const visitors, each = 16, 50
		begin := time.Now()
		for v := range visitors {
			wg.Go(func() {
				for i := range each {
					if !l.Append(Click, []byte(line(v*each+i))).Wait() {
						t.Error("not acknowledged")
					}
				}
			})
		}
		wg.Wait()
		took := time.Since(begin)
		closeLog(t, l, time.Second)
		f.wantOnce(t, visitors*each)
		if limit := int(took/DefaultPace) + 3; len(f.blocks) > limit {
			t.Errorf("%d blocks in %v, want at most %d", len(f.blocks), took, limit)
		}
		if limit := each * (DefaultPace + f.delay) * 2; took > limit {
			t.Errorf("took %v, want less than %v", took, limit)
		}
	})
}

func TestEnoughLinesGoOutBeforeThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{}
		l := New(f, Options{Pace: time.Hour})
		l.Append(Click, []byte(line(0)))
		synctest.Wait()
		appendLines(l, 1, enough)
		synctest.Wait()
		if len(f.lines()) != 1 {
			t.Errorf("%d lines before the pace allows, want 1", len(f.lines()))
		}
		appendLines(l, enough, enough+1)
		synctest.Wait()
		f.wantOnce(t, enough+1)
		closeLog(t, l, time.Second)
	})
}

// Lines that wait for room in flight go out with the acknowledgement that
// makes room, not with some later event.
func TestAcknowledgementMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: 10 * time.Millisecond}
		l := New(f, Options{MaxInFlight: 1, AnswerWithin: time.Hour})
		begin := time.Now()
		first := l.Append(Click, []byte(line(0)))
		time.Sleep(time.Millisecond)
		second := l.Append(Click, []byte(line(1)))
		if !first.Wait() || !second.Wait() || time.Since(begin) != 2*f.delay {
			t.Errorf("both acknowledged after %v, want %v", time.Since(begin), 2*f.delay)
		}
		closeLog(t, l, time.Second)
	})
}

func TestKindsHaveBlocksOfTheirOwn(t *testing.T) {
	f := &fakeLog{}
	l := New(f, Options{Pace: time.Hour})
	for i, k := range []Kind{Click, Click, Impression, Click, Postback} {
		l.Append(k, []byte(fmt.Sprintln(i, k)))
	}
	closeLog(t, l, 10*time.Second)
	for _, b := range f.blocks {
		kinds := map[string]bool{}
		for l := range strings.Lines(b) {
			kinds[strings.Fields(l)[1]] = true
		}
		if len(kinds) != 1 {
			t.Errorf("one block holds %v", kinds)
		}
	}
	if len(f.lines()) != 5 {
		t.Errorf("%d lines, want 5", len(f.lines()))
	}
}

func TestFullBlocksAreSealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{}
		l := New(f, Options{BlockBytes: 100, Pace: time.Hour})
		appendLines(l, 0, 50)
		l.Append(Impression, []byte(strings.Repeat("x", 200)+"\n"))
		closeLog(t, l, time.Second)
		for _, b := range f.blocks {
			if len(b) > 100 && len(b) != 201 {
				t.Errorf("block of %d bytes, want at most 100", len(b))
			}
		}
		if len(f.lines()) != 51 {
			t.Errorf("%d lines, want 51", len(f.lines()))
		}
	})
}

func TestFastModeWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{delay: time.Millisecond}
		l := New(f, Options{Fast: true})
		begin := time.Now()
		if l.Append(Click, []byte(line(0))).Wait() || time.Since(begin) != 0 {
			t.Errorf("fast mode waited %v", time.Since(begin))
		}
		if s := l.Stats(); s.AtRisk != 1 || s.AnsweredBeforeAck != 0 {
			t.Errorf("stats %+v, want one line at risk", s)
		}
		closeLog(t, l, time.Second)
		if s := l.Stats(); s.AtRisk != 0 || s.Acknowledged != 1 {
			t.Errorf("stats after close %+v", s)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLog{verdict: func(int) outcome { return refuse }}
		l := New(f, Options{MaxPendingBytes: 1000})
		appendLines(l, 0, 1000)
		s := l.Stats()
		if s.PendingBytes > 1000 || s.Lost == 0 || s.Lost+uint64(s.PendingLines) != 1000 {
			t.Errorf("stats %+v, want at most 1000 bytes pending and the rest lost", s)
		}
		if l.Append(Click, []byte(line(1))).Wait() {
			t.Error("a lost line counts as acknowledged")
		}
		err := closeLog(t, l, time.Second)
		if !errors.Is(err, ErrLost) {
			t.Errorf("close without a spool: %v, want %v", err, ErrLost)
		}
		if s := l.Stats(); s.Lost != 1001 {
			t.Errorf("%d lines lost, want 1001", s.Lost)
		}
	})
}

func TestHugeLineIsLostAndCounted(t *testing.T) {
	l := New(&fakeLog{}, Options{})
	l.Append(Click, make([]byte, maxLine+1))
	if s := l.Stats(); s.Lost != 1 || s.Appended != 0 {
		t.Errorf("stats %+v, want one line lost", s)
	}
	closeLog(t, l, time.Second)
}

func TestAppendAfterCloseIsCounted(t *testing.T) {
	l := New(&fakeLog{}, Options{})
	closeLog(t, l, time.Second)
	if l.Append(Click, []byte(line(0))).Wait() {
		t.Error("a line after Close counts as acknowledged")
	}
	if s := l.Stats(); s.Lost != 1 {
		t.Errorf("%d lines lost, want 1", s.Lost)
	}
}

func TestMetricsNameEveryCounter(t *testing.T) {
	l := New(&fakeLog{}, Options{})
	l.Append(Click, []byte(line(0))).Wait()
	closeLog(t, l, time.Second)
	var out strings.Builder
	l.WriteMetrics(&out)
	for _, want := range []string{
		"clickgate_events_appended_total 1\n", "clickgate_events_acknowledged_total 1\n",
		"clickgate_events_lost_total 0\n", "clickgate_events_well 1\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
