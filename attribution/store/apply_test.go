package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

func TestBlocksCountOnce(t *testing.T) {
	s := open(t, Options{})
	click, own := idOf(today, 1), idOf(today, 2)
	blocks := []Block{
		blockOf(events.Click, 3, clickRow(click)),
		blockOf(events.Conversion, 5, conversionRow(own, click, `"status":"Pending"`)),
		blockOf(events.Conversion, 9, conversionRow(own, click, `"status":"Approved"`)),
	}
	for _, again := range [][]Block{blocks, blocks, blocks[:2], {blocks[1]}, {blocks[1], blocks[2]}, {}} {
		if err := s.Apply(again); err != nil {
			t.Fatal(err)
		}
		a := find(t, s, attribution.Query{ClickID: click})
		if p := s.Position(); p.Sequence != 9 || p.LoggedMS != today.UnixMilli()+9 || len(a.Conversions) != 1 || a.Conversions[0].Status != "Approved" {
			t.Fatalf("at %+v with %+v", p, a.Conversions)
		}
	}
	if n := s.counts.rows[events.Conversion].Load(); n != 2 {
		t.Errorf("%d rows of conversions are counted, want 2", n)
	}
}

func TestPositionOutlivesTheProcess(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, Options{FS: fs})
	to := Position{Log: "L@1", Sequence: 41, LoggedMS: 7, SinceMS: 5}
	if err := s.Move(to); err != nil {
		t.Fatal(err)
	}
	feed(t, s, events.Click, clickRow(idOf(today, 1)))
	want := s.Position()
	if want.Sequence != 42 || want.Log != "L@1" || want.SinceMS != 5 {
		t.Fatalf("at %+v", want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, Options{FS: fs})
	if got := again.Position(); got != want || again.AppliedMS() != want.LoggedMS {
		t.Errorf("after a restart at %+v, want %+v", got, want)
	}
	if a := find(t, again, attribution.Query{}); a.SinceMS != 5 {
		t.Errorf("answers begin at %d, want 5", a.SinceMS)
	}
}

// However a machine dies, the blocks up to the place in the log are there. Of
// those behind it some may be: they are applied again.
func TestCrash(t *testing.T) {
	fs := vfs.NewCrashableMem()
	s := open(t, Options{FS: fs})
	const batches, perBatch = 60, 4
	crashes := make(chan *vfs.MemFS, batches)
	var filling sync.WaitGroup
	filling.Go(func() {
		for b := range batches {
			var blocks []Block
			for n := b * perBatch; n < (b+1)*perBatch; n++ {
				blocks = append(blocks, blockOf(events.Click, uint64(n+1), clickRow(idOf(today, n))))
			}
			if err := s.Apply(blocks); err != nil {
				t.Error(err)
			}
		}
	})
	random := rand.New(rand.NewPCG(1, 2))
	for range batches / 2 {
		crashes <- fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: random})
	}
	filling.Wait()
	crashes <- fs.CrashClone(vfs.CrashCloneCfg{})
	close(crashes)
	last := uint64(0)
	for crashed := range crashes {
		again := open(t, Options{FS: crashed})
		last = again.Position().Sequence
		if again.counts.rebuilt.Load() > 0 {
			t.Error("a crash is taken for damage")
		}
		if last%perBatch != 0 {
			t.Errorf("the store ends at block %d, inside a batch", last)
		}
		for n := range batches * perBatch {
			if uint64(n) < last && !has(t, again, idOf(today, n)) {
				t.Fatalf("at block %d: click of block %d is not there", last, n+1)
			}
		}
	}
	if last != batches*perBatch {
		t.Errorf("after the last batch the store ends at block %d, want %d: what was applied is not on disk", last, batches*perBatch)
	}
}

func TestAppliedIsNoMoreThanIsKnown(t *testing.T) {
	s := open(t, Options{})
	feed(t, s, events.Click, clickRow(idOf(today, 1)))
	logged := s.Position().LoggedMS
	s.CaughtUp(logged + 500)
	s.CaughtUp(logged + 400)
	if got := s.AppliedMS(); got != logged+500 {
		t.Errorf("applied %d, want %d", got-logged, 500)
	}
	s.Hold(logged + 100)
	if got := find(t, s, attribution.Query{}).AppliedMS; got != logged+100 {
		t.Errorf("applied %d while held at 100", got-logged)
	}
	s.Hold(0)
	if got := s.AppliedMS(); got != logged+500 {
		t.Errorf("applied %d after it was lifted, want 500", got-logged)
	}
}

func TestAskWhileFilling(t *testing.T) {
	s := open(t, Options{Match: func(string) bool { return true }})
	done := make(chan struct{})
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				applied := int(s.Position().Sequence) / 2
				for n := max(0, applied-5); n < applied; n++ {
					a, err := s.Find(context.Background(), attribution.Query{ClickID: idOf(today, n), Keys: []string{"k"}})
					if err != nil || a.Row == nil || len(a.Conversions) != 1 {
						t.Errorf("click %d of %d: %v %+v", n, applied, err, a)
						return
					}
				}
			}
		})
	}
	for n := range 150 {
		blocks := []Block{
			blockOf(events.Click, uint64(2*n+1), clickRow(idOf(today, n), `"device_id":"d"`)),
			blockOf(events.Conversion, uint64(2*n+2), conversionRow(idOf(today, n), idOf(today, n), `"dedupe_keys":["k"]`)),
		}
		if err := s.Apply(blocks); err != nil {
			t.Fatal(err)
		}
		if n%50 == 25 {
			if err := s.Expire(); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	asking.Wait()
}
