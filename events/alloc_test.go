//go:build !race

package events

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAppendRowAllocatesNothing(t *testing.T) {
	c := fullClick()
	buf := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { buf = AppendRow(buf[:0], c, fullMeta) }); n != 0 {
		t.Errorf("AppendRow allocates %v times", n)
	}
}

func TestAppendConversionRowAllocatesNothing(t *testing.T) {
	c := fullConversion()
	buf := make([]byte, 0, 8192)
	if n := testing.AllocsPerRun(100, func() { buf = AppendConversionRow(buf[:0], c, fullMeta) }); n != 0 {
		t.Errorf("AppendConversionRow allocates %v times", n)
	}
}

// instant acknowledges at once and keeps nothing.
type instant struct{ sequence atomic.Uint64 }

func (p *instant) Publish(_ *Message, done func(uint64, error)) { done(p.sequence.Add(1), nil) }

func (p *instant) Stored(context.Context, *Message) (bool, error) { return false, nil }

// A block costs a few allocations, a click none: with 64 visitors at a time
// the average stays far below one, in either mode.
func TestAppendAndWaitAllocateNothingPerClick(t *testing.T) {
	for _, fast := range []bool{true, false} {
		l := New(&instant{}, Options{Node: "n1", Fast: fast})
		const visitors, each = 64, 300
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var wg sync.WaitGroup
		for range visitors {
			wg.Go(func() {
				text := []byte(line(1))
				for range each {
					l.Append(Click, text).Wait()
				}
			})
		}
		wg.Wait()
		runtime.ReadMemStats(&after)
		if n := float64(after.Mallocs-before.Mallocs) / (visitors * each); n >= 0.5 {
			t.Errorf("fast %v: %.2f allocations a click", fast, n)
		}
		closeLog(t, l, time.Second)
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	l := New(&instant{}, Options{Node: "n1", Fast: true})
	defer closeLog(t, l, time.Second)
	c, buf := fullClick(), make([]byte, 0, 4096)
	n := testing.AllocsPerRun(5000, func() {
		buf = AppendRow(buf[:0], c, fullMeta)
		l.Append(Click, buf).Wait()
	})
	if n != 0 {
		t.Errorf("AppendRow and Append allocate %v times", n)
	}
}
