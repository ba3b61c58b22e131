// Package disktest gives tests a disk that gets full.
package disktest

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a disk of its own, in memory.
type Disk struct {
	Dir string
	tb  testing.TB
}

// New mounts a disk of a size, such as "48m", until the test ends. The test is
// skipped where that is not allowed: it takes root, and Linux.
func New(tb testing.TB, size string) *Disk {
	tb.Helper()
	dir := tb.TempDir()
	if err := mount(dir, size); err != nil {
		tb.Skipf("mounting a small disk takes root and Linux: %v", err)
	}
	tb.Cleanup(func() {
		if err := unmount(dir); err != nil {
			tb.Errorf("unmount %s: %v", dir, err)
		}
	})
	return &Disk{dir, tb}
}

// Leave fills the disk but for some bytes.
func (d *Disk) Leave(bytes int64) {
	d.tb.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.Dir, &s); err != nil {
		d.tb.Fatal(err)
	}
	n := int64(s.Bavail)*int64(s.Bsize) - bytes
	if n <= 0 {
		return
	}
	if err := os.WriteFile(d.ballast(), make([]byte, n), 0o600); err != nil && !errors.Is(err, syscall.ENOSPC) { // others write, too
		d.tb.Fatal(err)
	}
}

// Clear takes back what Leave wrote.
func (d *Disk) Clear() {
	d.tb.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.tb.Fatal(err)
	}
}

func (d *Disk) ballast() string { return filepath.Join(d.Dir, "ballast") }
