package store

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// filled is a closed store in a folder with one click in a table; what came
// last, and the place in the log, are in pebble's own log.
func filled(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "clicks")
	s := open(t, Options{Dir: dir, FS: vfs.Default})
	feed(t, s, events.Click, clickRow(idOf(today, 1), `"noise":"`+strings.Repeat("noise ", 5000)+`"`))
	check(t, s.blocks.Flush())
	feed(t, s, events.Click, clickRow(idOf(today, 3)))
	check(t, s.Close())
	return dir
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) == 0 {
		t.Fatalf("no file fits %s: %v", pattern, err)
	}
	return list
}

// spoil writes rubbish over the middle of a file.
func spoil(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(0); at < end*3/4; at += 8 {
		if _, err := f.WriteAt([]byte("rubbish!"), at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedStoreIsMovedAside(t *testing.T) {
	for name, damage := range map[string]func(dir string){
		"a lost table":     func(dir string) { check(t, os.Remove(files(t, dir+"/blocks/*.sst")[0])) },
		"a cut table":      func(dir string) { check(t, os.Truncate(files(t, dir+"/blocks/*.sst")[0], 100)) },
		"a spoilt listing": func(dir string) { spoil(t, files(t, dir+"/index/MANIFEST-*")[0]) },
	} {
		dir := filled(t)
		damage(dir)
		core, logged := observer.New(zap.ErrorLevel)
		s := open(t, Options{Dir: dir, FS: vfs.Default, Logger: zap.New(core)})
		if s.Position() != (Position{}) || has(t, s, idOf(today, 1)) {
			t.Errorf("%s: the store goes on at %+v", name, s.Position())
		}
		aside := files(t, dir+".damaged-*")
		if entries := logged.All(); len(entries) == 0 || entries[len(entries)-1].ContextMap()["moved_to"] != aside[0] {
			t.Errorf("%s: the log does not name %s: %v", name, aside[0], entries)
		}
		feed(t, s, events.Click, clickRow(idOf(today, 1)))
		if !has(t, s, idOf(today, 1)) {
			t.Errorf("%s: the new store does not work", name)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What moving files does not mend leaves them where they are.
func TestHealthyStoreIsLeftAlone(t *testing.T) {
	dir := filled(t)
	first := open(t, Options{Dir: dir, FS: vfs.Default})
	if _, err := Open(Options{Dir: dir, Settings: small}); err == nil {
		t.Error("two stores are open on one folder")
	}
	if aside, _ := filepath.Glob(dir + ".damaged-*"); len(aside) > 0 || !has(t, first, idOf(today, 1)) {
		t.Errorf("the folder in use was moved to %v", aside)
	}
}

// Damage that is found while the store works is reported, and Rebuild mends it
// while others ask.
func TestDamageWhileOpen(t *testing.T) {
	dir := filled(t)
	spoil(t, files(t, dir+"/blocks/*.sst")[0])
	s := open(t, Options{Dir: dir, FS: vfs.Default})
	if err := s.Damage(); err != nil {
		t.Fatalf("damage before anything was read: %v", err)
	}
	if _, err := s.Find(context.Background(), attribution.Query{ClickID: idOf(today, 1)}); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a spoilt click is found with %v", err)
	}
	if !errors.Is(s.Damage(), ErrDamaged) {
		t.Fatal("the damage is forgotten")
	}
	var asking sync.WaitGroup
	done := make(chan struct{})
	asking.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				_, _ = s.Find(context.Background(), attribution.Query{ClickID: idOf(today, 1)})
			}
		}
	})
	check(t, s.Rebuild(s.Damage()))
	close(done)
	asking.Wait()
	if s.Damage() != nil || s.Position() != (Position{}) {
		t.Errorf("after Rebuild: %v at %+v", s.Damage(), s.Position())
	}
	files(t, dir+".damaged-*")
	feed(t, s, events.Click, clickRow(idOf(today, 2)))
	if !has(t, s, idOf(today, 2)) {
		t.Error("the new store does not work")
	}
}

func TestClosedStore(t *testing.T) {
	s := open(t, Options{})
	check(t, s.Close())
	check(t, s.Close())
	_, find := s.Find(context.Background(), attribution.Query{})
	for name, err := range map[string]error{"Find": find, "Apply": s.Apply(nil), "Expire": s.Expire(), "Move": s.Move(Position{Sequence: 1})} {
		if !errors.Is(err, attribution.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.WriteMetrics(io.Discard)
}

func TestSettings(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	err := Settings{CacheBytes: 5, ClickDays: 0, ImpressionDays: 99999, MatchDays: -1}.Validate()
	for _, field := range []string{"cache_bytes: 5 is not between 1048576", "click_days: 0", "impression_days: 99999", "match_days: -1"} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%q is not in: %v", field, err)
		}
	}
	if _, err := Open(Options{Dir: t.TempDir(), Settings: Settings{CacheBytes: 5}}); err == nil {
		t.Error("a store opens with impossible settings")
	}
}
