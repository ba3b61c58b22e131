package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	m, err := LoadFile(path, start, small)
	if !errors.Is(err, fs.ErrNotExist) || !empty(m) {
		t.Fatalf("without a file: error %v, %v slots used", err, used(m))
	}
	k := m.Namespace("test", "click", "", "")
	// As a kill leaves it, and longer than what comes next.
	if err := os.WriteFile(path+".new", make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for n := int64(1); n <= 3; n++ {
		m.Counts.Add(k, start, day)
		if err := m.SaveFile(path, start); err != nil {
			t.Fatal(err)
		}
		loaded, err := LoadFile(path, start, small)
		if err != nil {
			t.Fatal(err)
		}
		if got := loaded.Counts.Peek(loaded.Namespace("test", "click", "", ""), start); got != n {
			t.Errorf("the key counts %d after loading, want %d", got, n)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v; want it readable by its owner only", info.Mode(), err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("there are %d files, want the snapshot only", len(files))
	}
}

// A snapshot that cannot be written leaves the last one as it was.
func TestSaveFileKeepsTheLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	m := filled(t)
	if err := m.SaveFile(path, start); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(path+".new/in the way", 0o700); err != nil {
		t.Fatal(err)
	}
	m.Counts.Add(m.Namespace("test", "click", "", ""), start, day)
	if err := m.SaveFile(path, start); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("SaveFile says %v, want an error that names the file", err)
	}
	if _, err := LoadFile(path, start, small); err != nil {
		t.Errorf("the last snapshot is gone: %v", err)
	}
	if err := os.WriteFile(path, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadFile(path, start, small); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("LoadFile of something else says %v, want an error that names the file", err)
	}
	if err := m.SaveFile(filepath.Join(path, "below a file"), start); err == nil {
		t.Error("SaveFile below a file gives no error")
	}
}

// clicker clicks on every stripe whenever it is written to.
type clicker struct {
	m *Memory
	n int64
}

func (c *clicker) Write(b []byte) (int, error) {
	c.n++
	for i := range 100 {
		k := c.m.Namespace("clicker", "click", "", "").Mark(uint8(i))
		c.m.Counts.Add(k, start, day)
		c.m.Rates.Count(k, start, 24, true)
		c.m.Ledger.Click(k, start)
		c.m.Uniques.Admit(k, k, start, day, 1, true)
	}
	return len(b), nil
}

// No lock is held while something is written: it would wait for ever here.
func TestClicksGoOnWhileItIsWritten(t *testing.T) {
	m := filled(t)
	c := &clicker{m: m}
	if err := m.Save(c, start); err != nil {
		t.Fatal(err)
	}
	if got := m.Counts.Peek(m.Namespace("clicker", "click", "", "").Mark(0), start); c.n == 0 || got != c.n {
		t.Errorf("%d of %d clicks were counted", got, c.n)
	}
}

// fullDisk takes so many bytes.
type fullDisk int

var errFull = errors.New("disk is full")

func (d *fullDisk) Write(b []byte) (int, error) {
	if *d -= fullDisk(len(b)); *d < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestSaveTellsErrors(t *testing.T) {
	m := filled(t)
	size := len(saved(t, m, start))
	for n := 0; n < size; n += 100 {
		d := fullDisk(n)
		if err := m.Save(&d, start); !errors.Is(err, errFull) {
			t.Fatalf("a disk with %d of %d bytes left: Save says %v", n, size, err)
		}
	}
}

// Each of two savers writes a whole file.
func TestConcurrentSaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	m := filled(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				if err := m.SaveFile(path, start); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if _, err := LoadFile(path, start, small); err != nil {
		t.Error(err)
	}
}
