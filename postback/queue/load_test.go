package queue

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/postback/call"
)

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
