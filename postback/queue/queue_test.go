package queue

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/postback/call"
)

func TestCallsComeWhenTheyAreDue(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "late", time.Hour), newCall(c, "a", "soon", time.Minute), newCall(c, "b", "now", 0))
	finish(t, q, takeNamed(t, q, "now"), Result{})
	if wait := takeNone(t, q); wait != time.Minute {
		t.Errorf("waits %v, want a minute", wait)
	}
	c.advance(time.Minute)
	job := takeNamed(t, q, "soon")
	if job.Attempts != 1 || job.URL != "https://a/soon" || !job.Due.Equal(c.now()) {
		t.Errorf("got %+v", job)
	}
	add(t, q, newCall(c, "a", "earlier", -time.Hour)) // before what was taken
	finish(t, q, takeNamed(t, q, "earlier"), Result{})
	takeNone(t, q) // "soon" is under way, whatever came before it
	finish(t, q, job, Result{})
	if wait := takeNone(t, q); wait != 59*time.Minute {
		t.Errorf("waits %v, want 59 minutes", wait)
	}
	c.advance(time.Hour)
	finish(t, q, takeNamed(t, q, "late"), Result{})
	if wait := takeNone(t, q); wait != forever {
		t.Errorf("an empty queue waits %v", wait)
	}
	if s := q.Stats(); s != (Stats{}) || len(q.lanes) != 0 {
		t.Errorf("an empty queue has %+v and %d lanes", s, len(q.lanes))
	}
}

func TestWakeTellsNewCalls(t *testing.T) {
	q, c := fresh(t, nil)
	awake := func() bool {
		select {
		case <-q.Wake():
			return true
		default:
			return false
		}
	}
	if awake() {
		t.Error("awake with nothing to do")
	}
	add(t, q, newCall(c, "a", "one", 0))
	if !awake() {
		t.Error("a new call wakes nobody")
	}
	job := take(t, q)
	finish(t, q, job, Result{Fate: Dead})
	if !awake() {
		t.Error("a free place wakes nobody")
	}
	letters, _ := q.Letters("", 1)
	if err := q.Refire(letters[0].ID); err != nil || !awake() {
		t.Errorf("a letter fired again wakes nobody: %v", err)
	}
}

// TestOnceForEachKey: the log may be read again, also after a restart.
func TestOnceForEachKey(t *testing.T) {
	c, fs := newClock(), vfs.NewMem()
	q := openOn(t, fs, c, nil)
	items := func(mark string, names ...string) (items []Item) {
		for _, name := range names {
			if mark != "" {
				mark = call.KeyOf(mark, "status", "", "")
			}
			items = append(items, Item{TxID: name, Mark: mark, Calls: []call.Call{newCall(c, "a", name, 0)}})
		}
		return items
	}
	for i, step := range []struct {
		items []Item
		want  int
	}{
		{items("", "one", "two", "one"), 2},
		{items("", "two", "three"), 1},
		{items("marked", "four"), 1},
		{items("marked", "five"), 0}, // other calls of an event that was seen
	} {
		if n, err := q.Add(step.items, uint64(10+i)); err != nil || n != step.want {
			t.Errorf("step %d added %d, %v, want %d", i, n, err, step.want)
		}
	}
	for range 2 {
		finish(t, q, take(t, q), Result{})
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = openOn(t, fs, c, nil)
	defer q.Close()
	if s := q.Stats(); s.Jobs != 2 || q.Position() != 13 {
		t.Errorf("after a restart %d calls at %d, want 2 at 13", s.Jobs, q.Position())
	}
	if n, err := q.Add(append(items("", "one", "two", "three"), items("marked", "four")...), 5); err != nil || n != 0 {
		t.Errorf("the log read again added %d, %v", n, err)
	}
	if q.Position() != 13 {
		t.Errorf("an old block moved the place back to %d", q.Position())
	}
}

// TestLimits: a host that does not answer holds its own places only, and the
// last places go to those who have none.
func TestLimits(t *testing.T) {
	q, c := fresh(t, nil) // two a host, five in all
	for _, host := range []string{"slow", "slower"} {
		for _, name := range names(host, 10) {
			add(t, q, newCall(c, host, name, -time.Hour))
		}
	}
	slow := map[string]int{}
	for range 4 {
		slow[strings.Split(take(t, q).Owner, "-")[0]]++
	}
	if slow["slow"] != 2 || slow["slower"] != 2 {
		t.Fatalf("took %v, want two of each", slow)
	}
	takeNone(t, q)
	for i, name := range names("fast", 20) {
		add(t, q, newCall(c, "fast", name, time.Duration(i-20)*time.Millisecond))
	}
	for i := range 20 {
		finish(t, q, takeNamed(t, q, fmt.Sprintf("fast-%d", i)), Result{Health: Answers})
		c.advance(time.Millisecond)
	}
	add(t, q, newCall(c, "fast", "fast-x", 0), newCall(c, "other", "other-x", 0))
	take(t, q) // the fifth place
	takeNone(t, q)
	if s := q.Stats(); s.Flying != 5 || s.Jobs != 22 {
		t.Errorf("has %+v, want five of 22 under way", s)
	}
}

// TestMemoryOfCalls: what was seen is forgotten by the day of the event.
func TestMemoryOfCalls(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.RememberDays, s.RememberClickDays = 10, 2 })
	id := func(at time.Time) string { return fmt.Sprintf("%012x", at.UnixMilli()) + strings.Repeat("0", 20) }
	item := func(short bool, txID string) []Item {
		return []Item{{TxID: txID, Short: short, Mark: call.KeyOf(txID, "m", "", ""), Calls: []call.Call{newCall(c, "a", txID, 0)}}}
	}
	conversion, click, timeless := id(c.now()), id(c.now().Add(time.Hour)), "timeless"
	addAll := func() (n int) {
		for _, items := range [][]Item{item(false, conversion), item(true, click), item(false, timeless)} {
			added, err := q.Add(items, 0)
			if err != nil {
				t.Fatal(err)
			}
			n += added
		}
		return n
	}
	for _, step := range []struct{ days, want int }{{0, 3}, {2, 0}, {1, 1}, {7, 1}, {1, 2}} {
		c.advance(time.Duration(step.days) * 24 * time.Hour)
		if err := q.Expire(); err != nil {
			t.Fatal(err)
		}
		if n := addAll(); n != step.want {
			t.Errorf("after %d days more %d were new, want %d", step.days, n, step.want)
		}
		for job := take(t, q); job != nil; job = take(t, q) {
			finish(t, q, job, Result{})
		}
	}
}

func TestClicksAreDroppedWhereConversionsAreNot(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.MaxWaiting = 3 })
	for i, want := range []int{1, 1, 1, 0} {
		name := fmt.Sprint("click", i)
		n, err := q.Add([]Item{{TxID: name, Short: true, Calls: []call.Call{newCall(c, "a", name, 0)}}}, 0)
		if err != nil || n != want {
			t.Errorf("click %d: added %d, %v, want %d", i, n, err, want)
		}
	}
	add(t, q, newCall(c, "a", "conversion", 0))
	if s := q.Stats(); s.Jobs != 4 || s.Dropped != 1 {
		t.Errorf("has %+v, want four and one dropped", s)
	}
	n, err := q.Add([]Item{{TxID: "x", Short: true, Calls: []call.Call{newCall(c, "a", "x", 0), newCall(c, "b", "y", 0)}}}, 0)
	if err != nil || n != 0 || len(q.lanes) != 1 {
		t.Errorf("added %d, %v; %d lanes", n, err, len(q.lanes))
	}
}

func TestLateness(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "one", 0), newCall(c, "a", "two", time.Minute))
	c.advance(30 * time.Second)
	if late := q.Stats().Late; late != 30*time.Second {
		t.Errorf("late by %v, want 30s", late)
	}
	job := take(t, q)
	if late := q.Stats().Late; late != 30*time.Second {
		t.Errorf("with the call under way late by %v, want 30s", late)
	}
	finish(t, q, job, Result{Fate: Again, Due: c.now().Add(time.Second)})
	if late := q.Stats().Late; late != 0 {
		t.Errorf("late by %v, want not at all", late)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	err := fmt.Sprint(Settings{BreakFor: time.Second}.Validate())
	for _, field := range []string{
		"per_host", "global", "break_after", "break_most", "give_up_after", "keep_dead", "max_dead", "max_waiting", "remember_days", "remember_click_days", "cache_bytes",
	} {
		if !strings.Contains(err, field+": ") {
			t.Errorf("%s\ndoes not tell %s", err, field)
		}
	}
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	if _, err := Open(Options{FS: vfs.NewMem()}); err == nil {
		t.Error("a queue without settings opens")
	}
}

func TestClosedQueue(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "one", 0), newCall(c, "a", "two", 0))
	job := take(t, q)
	for range 2 {
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, added := q.Add(nil, 1)
	_, _, taken := q.Take()
	_, listed := q.Letters("", 1)
	_, read := q.Letter(strings.Repeat("0", 48))
	for i, err := range []error{added, taken, listed, read, q.Finish(job, Result{}), q.Refire(""), q.Discard(""), q.Expire()} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("use %d of a closed queue: %v", i, err)
		}
	}
	q.Stats()
}
