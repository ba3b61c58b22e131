package edge

import (
	"bytes"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
)

// TestLate: a block comes again until all of its conversions are finished, each
// once; what can never be finished holds up nobody.
func TestLate(t *testing.T) {
	r, d := converting(t, paid(t))
	first, second := r.clicked(good), r.clicked(good)
	d.silent = true
	r.get(conv + first)
	r.get(conv + second)
	r.get(conv + second + "&event_id=77") // no such event
	var block bytes.Buffer
	for _, row := range r.ofKind(events.Received) {
		block.Write(row.Line)
		block.WriteByte('\n')
	}
	block.WriteString("{}\n")
	l := NewLate(r.Edge, time.Hour)
	if again := l.Finish(t.Context(), block.Bytes(), 1); again != firstPause {
		t.Errorf("with the store away it wants the block again after %s", again)
	}
	if again := l.Finish(t.Context(), block.Bytes(), 40); again != lastPause {
		t.Errorf("the fortieth time it wants the block again after %s", again)
	}
	d.silent = false
	if again := l.Finish(t.Context(), block.Bytes(), 2); again == 0 {
		t.Error("what is refused at once is not tried again, with a config that may be on its way")
	}
	r.now = r.now.Add(sureAfter)
	for range 2 { // the acknowledgement may be lost
		if again := l.Finish(t.Context(), block.Bytes(), 2); again != 0 {
			t.Errorf("it wants the block again after %s", again)
		}
	}
	if n := len(r.ofKind(events.Conversion)); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	if len(l.finished) != 0 {
		t.Errorf("it remembers %v", l.finished)
	}
}

// TestLateGivesUp: a click that is not known after all patience is not found.
func TestLateGivesUp(t *testing.T) {
	r, d := converting(t, paid(t))
	id := r.clicked(good)
	d.behind = true
	r.get(conv + id)
	line := append(bytes.Clone(r.ofKind(events.Received)[0].Line), '\n')
	l := NewLate(r.Edge, time.Hour)
	if again := l.Finish(t.Context(), line, 1); again == 0 {
		t.Error("it gave up at once")
	}
	r.now = r.now.Add(61 * time.Minute)
	if again := l.Finish(t.Context(), line, 2); again != 0 {
		t.Errorf("it wants the block again after %s", again)
	}
	if rows := r.ofKind(events.Conversion); len(rows) != 1 || rows[0].Text("status") != "Not_Found" {
		t.Errorf("left %v", rows)
	}
}
