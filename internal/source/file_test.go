package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func write(tb testing.TB, path, data string) string {
	tb.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// parse takes every content but "bad".
func parse(data []byte) (string, error) {
	if string(data) == "bad" {
		return "half", errors.New("it is bad")
	}
	return string(data), nil
}

func TestSet(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, filepath.Join(dir, "a"), "a1"), write(t, filepath.Join(dir, "b"), "bad")
	renewed := 0
	var inUse []State[string]
	s := NewSet(0, func(files []State[string]) { renewed++; inUse = files })
	s.Add(a, parse)
	s.Add(b, parse)
	reload := func(what, wantErr string, wantRenewed int, want ...string) {
		t.Helper()
		err := s.Reload()
		if (err != nil) != (wantErr != "") || err != nil && !strings.Contains(err.Error(), wantErr) {
			t.Errorf("%s: error %v, want %q", what, err, wantErr)
		}
		if renewed != wantRenewed {
			t.Errorf("%s: renewed %d times, want %d", what, renewed, wantRenewed)
		}
		for i, state := range inUse {
			if state.Content != want[i] || state.Loaded() != (want[i] != "") {
				t.Errorf("%s: file %d holds %q, want %q", what, i, state.Content, want[i])
			}
		}
	}
	reload("one is bad", `load "`+b+`": it is bad`, 1, "a1", "")
	reload("untouched", "it is bad", 1, "a1", "")
	write(t, b, "b1!")
	reload("repaired", "", 2, "a1", "b1!")
	if err := os.Rename(a, a+".away"); err != nil {
		t.Fatal(err)
	}
	reload("one is away", "no such file", 2, "a1", "b1!")
	if err := os.Rename(a+".away", a); err != nil {
		t.Fatal(err)
	}
	reload("it is back", "", 3, "a1", "b1!")
	for i, state := range s.States() {
		if state.Path != []string{a, b}[i] || state.Err != nil || state.LoadedAt.IsZero() {
			t.Errorf("state %d is %+v", i, state)
		}
	}
}

// TestLoadNoticesAWriter replaces the file after it was looked at.
func TestLoadNoticesAWriter(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "list"), "one")
	info, err := stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "another")
	f := &file[string]{path: path, parse: parse}
	if _, err := f.load(info); err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("loading a file that is no longer the version seen before: error %v", err)
	}
	if f.tried != nil {
		t.Error("the version counts as tried, so it would not be tried again")
	}
}

func TestWatchReports(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "list"), "one")
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(0, func([]State[string]) {})
		s.Add(path, parse)
		if err := s.Reload(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		changes := make(chan Change, 10)
		go s.Watch(ctx, func(c Change) { changes <- c })
		time.Sleep(time.Millisecond) // polls now fall between the steps
		for _, step := range []struct {
			data    string
			polls   time.Duration
			changes int
		}{{"another", 1, 0}, {"", 1, 1}, {"bad", 5, 2}, {"", 5, 2}, {"one", 2, 3}} {
			if step.data != "" {
				write(t, path, step.data)
			}
			time.Sleep(step.polls * DefaultPoll)
			synctest.Wait()
			if len(changes) != step.changes {
				t.Errorf("%d polls after %q: %d changes, want %d", step.polls, step.data, len(changes), step.changes)
			}
		}
		cancel()
		for i, wantErr := range []bool{false, true, false} {
			if c := <-changes; c.Path != path || (c.Err != nil) != wantErr {
				t.Errorf("change %d is %+v, want an error: %v", i, c, wantErr)
			}
		}
	})
}
