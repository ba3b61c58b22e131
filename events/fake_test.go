package events

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events/spool"
)

// fakeLog is a durable log in memory that can be told to misbehave.
type fakeLog struct {
	mu       sync.Mutex
	blocks   []string        // data of the stored blocks in order
	ids      []string        // their ids
	seen     map[string]bool // ids within the duplicate window
	attempts int
	delay    time.Duration // of each acknowledgement
	// verdict, when set, decides what happens to an attempt.
	verdict func(attempt int) outcome
	lookups int
	// lookupFails is how many of the first lookups fail.
	lookupFails int
}

type outcome uint8

const (
	take    outcome = iota
	refuse          // not stored, error at once
	swallow         // stored, but the acknowledgement is lost: error after a second
	drop            // not stored, error after a second
)

var errRefused = errors.New("refused")

func (f *fakeLog) Publish(m *Message, done func(uint64, error)) {
	f.mu.Lock()
	f.attempts++
	verdict := take
	if f.verdict != nil {
		verdict = f.verdict(f.attempts)
	}
	if verdict == take || verdict == swallow {
		f.store(m)
	}
	sequence, delay := uint64(len(f.blocks)), f.delay
	f.mu.Unlock()
	switch {
	case verdict == refuse:
		done(0, errRefused)
	case verdict != take:
		time.AfterFunc(time.Second, func() { done(0, context.DeadlineExceeded) })
	case delay == 0:
		done(sequence, nil)
	default:
		time.AfterFunc(delay, func() { done(sequence, nil) })
	}
}

func (f *fakeLog) store(m *Message) {
	if f.seen[m.ID] {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[m.ID] = true
	if n := bytes.Count(m.Data, []byte("\n")); n != m.Lines {
		panic(fmt.Sprintf("block %s says %d lines and has %d", m.ID, m.Lines, n))
	}
	f.ids = append(f.ids, m.ID)
	f.blocks = append(f.blocks, string(m.Data))
}

func (f *fakeLog) Stored(_ context.Context, m *Message) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lookups++
	if f.lookups <= f.lookupFails {
		return false, errRefused
	}
	for i, id := range f.ids {
		if id == m.ID && uint64(i+1) > m.After {
			return true, nil
		}
	}
	return false, nil
}

func (f *fakeLog) set(verdict func(int) outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.verdict = verdict
}

// forgetIDs ends the duplicate window.
func (f *fakeLog) forgetIDs() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = nil
}

// lines returns every stored line in order.
func (f *fakeLog) lines() (lines []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.blocks {
		for l := range bytes.Lines([]byte(b)) {
			lines = append(lines, string(l))
		}
	}
	return lines
}

// wantOnce checks that lines 0 to n-1 are stored, each once.
func (f *fakeLog) wantOnce(t *testing.T, n int) {
	t.Helper()
	count := map[string]int{}
	for _, l := range f.lines() {
		count[l]++
	}
	for i := range n {
		if c := count[line(i)]; c != 1 {
			t.Errorf("line %d is stored %d times", i, c)
		}
	}
	if len(count) != n {
		t.Errorf("%d different lines, want %d", len(count), n)
	}
}

func line(i int) string { return fmt.Sprintf("{\"tx_id\":\"%d\"}\n", i) }

func openSpool(t testing.TB, dir string) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeLog(t testing.TB, l *Log, patience time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return l.Close(ctx)
}

// appendLines appends lines from to to-1 and waits for none.
func appendLines(l *Log, from, to int) {
	for i := from; i < to; i++ {
		l.Append(Click, []byte(line(i)))
	}
}
