package queue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
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

// TestCrash: what was added is there after a crash, what was taken is there
// again, under the same key.
func TestCrash(t *testing.T) {
	c, fs := newClock(), vfs.NewCrashableMem()
	q := openOn(t, fs, c, nil)
	add(t, q, newCall(c, "a", "sent", 0), newCall(c, "a", "under way", 0), newCall(c, "b", "again", 0), newCall(c, "b", "dead", 0))
	if _, err := q.Add(nil, 42); err != nil {
		t.Fatal(err)
	}
	taken := map[string]*Job{}
	for range 4 {
		job := take(t, q)
		taken[job.Owner] = job
	}
	finish(t, q, taken["sent"], Result{})
	finish(t, q, taken["again"], Result{Fate: Again, Due: c.now().Add(time.Minute), Status: 503, Error: "busy"})
	finish(t, q, taken["dead"], Result{Fate: Dead, Error: "gone"})
	q2 := openOn(t, fs.CrashClone(vfs.CrashCloneCfg{}), c, nil)
	defer q2.Close()
	defer q.Close()
	if s := q2.Stats(); s.Jobs != 2 || s.Dead != 1 || q2.Position() != 42 {
		t.Errorf("after a crash %+v at %d, want two calls and a dead letter at 42", s, q2.Position())
	}
	job := takeNamed(t, q2, "under way")
	if job.Key != taken["under way"].Key || job.Attempts != 1 {
		t.Errorf("the call that was under way is %+v", job)
	}
	c.advance(time.Minute)
	if job = takeNamed(t, q2, "again"); job.Attempts != 2 || job.LastStatus != 503 || job.LastError != "busy" {
		t.Errorf("the call that is to be repeated is %+v", job)
	}
}

// TestCrashWhileAdding: a crash before the disk has it leaves nothing, neither
// calls nor the place in the log.
func TestCrashWhileAdding(t *testing.T) {
	c, fs := newClock(), vfs.NewCrashableMem()
	q := openOn(t, fs, c, nil)
	defer q.Close()
	add(t, q, newCall(c, "a", "first", 0))
	before := fs.CrashClone(vfs.CrashCloneCfg{})
	if _, err := q.Add([]Item{{TxID: "x", Calls: []call.Call{newCall(c, "a", "second", 0)}}}, 9); err != nil {
		t.Fatal(err)
	}
	q2 := openOn(t, before, c, nil)
	defer q2.Close()
	if n, err := q2.Add([]Item{{TxID: "x", Calls: []call.Call{newCall(c, "a", "second", 0)}}}, 9); err != nil || n != 1 || q2.Stats().Jobs != 2 {
		t.Errorf("added %d, %v, has %d calls", n, err, q2.Stats().Jobs)
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

func TestThoseWithLittleUnderWayComeFirst(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.PerHost = 4 })
	add(t, q, newCall(c, "a", "a1", -3*time.Hour), newCall(c, "a", "a2", -2*time.Hour), newCall(c, "b", "b1", 0))
	takeNamed(t, q, "a1")
	takeNamed(t, q, "b1")
	takeNamed(t, q, "a2")
}

func TestBreaker(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.BreakFor, s.BreakMost, s.Global = 10*time.Second, 30*time.Second, 100 })
	for _, name := range names("down", 20) {
		add(t, q, newCall(c, "down", name, 0))
	}
	fails := func(job *Job) {
		t.Helper()
		finish(t, q, job, Result{Fate: Again, Due: c.now().Add(time.Hour), Health: Fails})
	}
	first, second := take(t, q), take(t, q)
	fails(first)
	fails(second)
	first, second = take(t, q), take(t, q)
	fails(first) // the third in a row: open
	takeNone(t, q)
	c.advance(time.Second)
	fails(second) // was under way: tells nothing new
	if wait := takeNone(t, q); wait != 9*time.Second || q.Stats().Blocked != 1 {
		t.Fatalf("after three failures it waits %v, %d blocked, want 10s since the third", wait, q.Stats().Blocked)
	}
	add(t, q, newCall(c, "up", "up", 0))
	finish(t, q, takeNamed(t, q, "up"), Result{Health: Answers}) // others are not concerned
	for _, pause := range []time.Duration{20 * time.Second, 30 * time.Second, 30 * time.Second} {
		c.advance(takeNone(t, q))
		probe := take(t, q)
		takeNone(t, q) // one at a time
		fails(probe)
		if wait := takeNone(t, q); wait != pause {
			t.Fatalf("after a failed try it waits %v, want %v", wait, pause)
		}
	}
	c.advance(30 * time.Second)
	probe := take(t, q)
	finish(t, q, probe, Result{Fate: Again, Due: c.now().Add(time.Hour)}) // neither
	probe = take(t, q)
	takeNone(t, q)
	finish(t, q, probe, Result{Health: Answers})
	first, second = take(t, q), take(t, q)
	takeNone(t, q) // two at a time again
	if first == nil || second == nil || q.Stats().Blocked != 0 {
		t.Error("a host that answers is still blocked")
	}
	for _, r := range []Health{Fails, Fails, Answers, Fails, Fails} { // not three in a row
		finish(t, q, first, Result{Health: r})
		if first = take(t, q); first == nil {
			t.Fatal("blocked although failures were not in a row")
		}
	}
}

func TestUntried(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "one", 0), newCall(c, "a", "two", time.Second))
	finish(t, q, takeNamed(t, q, "one"), Result{Fate: Untried})
	job := takeNamed(t, q, "one")
	if job.Attempts != 1 || q.Stats().Jobs != 2 {
		t.Errorf("attempt %d, %d calls", job.Attempts, q.Stats().Jobs)
	}
}

func TestDeadLetters(t *testing.T) {
	q, c := fresh(t, nil)
	for _, name := range names("a", 5) {
		add(t, q, newCall(c, "a", name, 0))
		job := takeNamed(t, q, name)
		finish(t, q, job, Result{Fate: Dead, Status: 500, Error: "it says no to " + name})
		c.advance(time.Second)
	}
	letters, err := q.Letters("", 3)
	if err != nil || len(letters) != 3 || letters[0].Owner != "a-4" || letters[2].Owner != "a-2" {
		t.Fatalf("letters %v, %v", letters, err)
	}
	if l := letters[0]; l.LastStatus != 500 || l.LastError != "it says no to a-4" || l.Attempts != 1 || !l.Died.Equal(c.now().Add(-time.Second)) {
		t.Errorf("letter %+v", l)
	}
	rest, err := q.Letters(letters[2].ID, 10)
	if err != nil || len(rest) != 2 || rest[0].Owner != "a-1" {
		t.Fatalf("the rest %v, %v", rest, err)
	}
	if one, err := q.Letter(rest[1].ID); err != nil || one.Owner != "a-0" {
		t.Errorf("letter %+v, %v", one, err)
	}
	if err := q.Refire(rest[1].ID); err != nil {
		t.Fatal(err)
	}
	job := takeNamed(t, q, "a-0")
	if job.Attempts != 1 || job.Key != rest[1].Key || job.LastError != "" || !job.Due.Equal(c.now()) {
		t.Errorf("fired again as %+v", job)
	}
	if err := q.Discard(letters[0].ID); err != nil || q.Stats().Dead != 3 {
		t.Errorf("discard: %v, %d left", err, q.Stats().Dead)
	}
	for _, id := range []string{rest[1].ID, letters[0].ID, "nonsense", "", strings.Repeat("0", 48)} {
		_, read := q.Letter(id)
		for _, err := range []error{q.Refire(id), q.Discard(id), read} {
			if !errors.Is(err, ErrNoLetter) {
				t.Errorf("letter %q that is not there: %v", id, err)
			}
		}
	}
	if _, err := q.Letters("nonsense", 1); !errors.Is(err, ErrNoLetter) {
		t.Errorf("letters before nonsense: %v", err)
	}
}

func TestDeadLettersAreBounded(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.MaxDead, s.KeepDead = 10, time.Hour })
	for i, name := range names("a", 15) {
		add(t, q, newCall(c, "a", name, 0))
		finish(t, q, take(t, q), Result{Fate: Dead})
		if s := q.Stats(); s.Dead > 10 || s.Dead+int64(s.Forgotten) != int64(i+1) {
			t.Fatalf("after %d: %+v", i+1, s)
		}
		c.advance(time.Minute)
	}
	letters, _ := q.Letters("", 100)
	if int64(len(letters)) != q.Stats().Dead || letters[0].Owner != "a-14" {
		t.Errorf("%d letters, the last %s", len(letters), letters[0].Owner)
	}
	c.advance(time.Hour - 3*time.Minute)
	if err := q.Expire(); err != nil {
		t.Fatal(err)
	}
	if letters, _ = q.Letters("", 100); len(letters) != 3 || q.Stats().Dead != 3 {
		t.Errorf("%d letters are younger than an hour, want 3", len(letters))
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

func TestGivingUp(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.GiveUpAfter, s.PerHost = time.Hour, 1 })
	var calls []call.Call
	for _, name := range names("down", chunk+7) {
		calls = append(calls, newCall(c, "down", name, 0))
	}
	if _, err := q.Add([]Item{{TxID: "x", Calls: calls}}, 0); err != nil {
		t.Fatal(err)
	}
	flying := take(t, q)
	c.advance(time.Hour + time.Second)
	add(t, q, newCall(c, "down", "young", 0))
	if err := q.Expire(); err != nil {
		t.Fatal(err)
	}
	if s := q.Stats(); s.Jobs != 2 || s.Dead != chunk+6 || s.GivenUp != chunk+6 {
		t.Errorf("has %+v, want two calls", s)
	}
	finish(t, q, flying, Result{})
	finish(t, q, takeNamed(t, q, "young"), Result{})
	if s := q.Stats(); s.Jobs != 0 || len(q.lanes) != 0 {
		t.Errorf("has %+v and %d lanes", s, len(q.lanes))
	}
	letters, _ := q.Letters("", 1)
	if !strings.Contains(letters[0].LastError, "not sent in time") {
		t.Errorf("letter says %q", letters[0].LastError)
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

func TestRecordsThatCannotBeRead(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "broken", 0), newCall(c, "a", "good", 0))
	key := jobKey("https://a", c.now().UnixMilli(), call.KeyOf("broken", call.Manager, "m1", ""))
	if err := q.db.Set(key, []byte("{"), pebble.Sync); err != nil {
		t.Fatal(err)
	}
	finish(t, q, takeNamed(t, q, "good"), Result{})
	takeNone(t, q)
	if s := q.Stats(); s.Broken != 1 || s.Jobs != 0 {
		t.Errorf("has %+v, want one broken", s)
	}
}

func TestDamagedQueueIsMovedAside(t *testing.T) {
	c, fs := newClock(), vfs.NewMem()
	q := openOn(t, fs, c, nil)
	add(t, q, newCall(c, "a", "lost", 0))
	if _, err := q.Add(nil, 7); err != nil {
		t.Fatal(err)
	}
	if err := q.db.Set([]byte("jnonsense"), nil, pebble.Sync); err != nil {
		t.Fatal(err)
	}
	q.Close()
	q = openOn(t, fs, c, nil)
	defer q.Close()
	if q.Position() != 0 || q.Stats().Jobs != 0 {
		t.Errorf("a new queue at %d has %d calls", q.Position(), q.Stats().Jobs)
	}
	files, _ := fs.List("")
	if !slices.ContainsFunc(files, func(name string) bool { return strings.HasPrefix(name, "queue.damaged-2026") }) {
		t.Errorf("nothing was moved aside: %v", files)
	}
}

func TestTwoQueuesCannotShareAFolder(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(Options{Dir: dir, Settings: small()})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if second, err := Open(Options{Dir: dir, Settings: small()}); err == nil {
		second.Close()
		t.Error("a second queue on the folder")
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
