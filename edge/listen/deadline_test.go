package listen

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// pair is both ends of a TCP connection, ours wrapped.
func pair(t *testing.T) (ours *conn, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	theirs, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close(); accepted.Close() })
	return wrap(accepted, new(atomic.Bool)).(*conn), theirs
}

func in(d time.Duration) time.Time { return time.Now().Add(d) }

func TestReadDeadlineThatMovedOnIsKept(t *testing.T) {
	ours, theirs := pair(t)
	if err := ours.SetReadDeadline(in(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	moved := in(time.Minute)
	if err := ours.SetReadDeadline(moved); err != nil {
		t.Fatal(err)
	}
	armed := ours.reading.armed.Load()
	if armed >= moved.UnixNano() {
		t.Error("a deadline that moved further away moved the timer at once")
	}
	go func() {
		// Wait for the timer to go off early before there is something to read.
		for ours.reading.armed.Load() == armed {
			time.Sleep(time.Millisecond)
		}
		theirs.Write([]byte("x"))
	}()
	var b [1]byte
	if _, err := io.ReadFull(ours, b[:]); err != nil {
		t.Errorf("reading before the deadline that was set last: %v", err)
	}
	if ours.reading.armed.Load() != moved.UnixNano() {
		t.Error("the timer does not stand at the deadline that was set last")
	}
}

func TestDeadlinesStillExpire(t *testing.T) {
	tests := map[string]struct{ first, second time.Duration }{
		"shorter at once": {time.Minute, 10 * time.Millisecond},
		"longer":          {5 * time.Millisecond, 30 * time.Millisecond},
		"past":            {time.Minute, -time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ours, _ := pair(t)
			start := time.Now()
			for _, d := range []time.Duration{tt.first, tt.second} {
				if err := ours.SetDeadline(start.Add(d)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := ours.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("reading: %v, want a time-out", err)
			}
			if took := time.Since(start); took < tt.second {
				t.Errorf("the time-out came after %s, before the deadline of %s", took, tt.second)
			}
			big := make([]byte, 64<<20) // more than any socket buffer takes
			if n, err := ours.Write(big); !errors.Is(err, os.ErrDeadlineExceeded) || n == len(big) {
				t.Errorf("writing to who does not read: %d bytes, %v, want a time-out", n, err)
			}
		})
	}
}

func TestNoDeadlineAfterOne(t *testing.T) {
	ours, theirs := pair(t)
	armed := in(10 * time.Millisecond)
	if err := ours.SetReadDeadline(armed); err != nil {
		t.Fatal(err)
	}
	if err := ours.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	go func() {
		for ours.reading.armed.Load() != 0 {
			time.Sleep(time.Millisecond)
		}
		theirs.Write([]byte("x"))
	}()
	if _, err := ours.Read(make([]byte, 1)); err != nil {
		t.Errorf("reading after the deadline was taken back: %v", err)
	}
}

func TestLongWriteGoesOnAfterAnEarlyTimer(t *testing.T) {
	ours, theirs := pair(t)
	if err := ours.SetWriteDeadline(in(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	first := ours.writing.armed.Load()
	if err := ours.SetWriteDeadline(in(time.Minute)); err != nil {
		t.Fatal(err)
	}
	sent := make([]byte, 16<<20)
	for i := range sent {
		sent[i] = byte(i * 7)
	}
	got := make(chan []byte, 1)
	go func() {
		for ours.writing.armed.Load() == first {
			time.Sleep(time.Millisecond)
		}
		all, _ := io.ReadAll(theirs)
		got <- all
	}()
	if n, err := ours.Write(sent); n != len(sent) || err != nil {
		t.Fatalf("wrote %d of %d bytes: %v", n, len(sent), err)
	}
	ours.Close()
	if all := <-got; string(all) != string(sent) {
		t.Errorf("%d bytes arrived that differ from the %d sent", len(all), len(sent))
	}
}
