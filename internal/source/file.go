package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// file is one file of a Set: what was last loaded from it and how the last
// attempt went. The two are separate facts, since a broken new version leaves
// the old one in use.
type file[T any] struct {
	path  string
	parse func(data []byte) (T, error)

	loaded   T
	loadedAt time.Time // zero before the first success

	tried fs.FileInfo // the version of the last attempt; nil to try again
	seen  fs.FileInfo // the version that Watch saw last
	err   error       // of the last attempt
}

// refresh loads the file if it is another version than the one tried last. It
// tells whether there is new content; otherwise the old one stays.
func (f *file[T]) refresh(now time.Time) bool {
	info, err := stat(f.path)
	if err == nil && sameVersion(info, f.tried) {
		return false
	}
	f.tried = nil
	if err != nil {
		f.err = err
		return false
	}
	loaded, err := f.load(info)
	if err != nil {
		f.err = fmt.Errorf("load %q: %w", f.path, err)
		return false
	}
	f.loaded, f.loadedAt, f.err = loaded, now, nil
	return true
}

// load reads the version info of the file. It counts as tried only once it
// was read in one piece.
func (f *file[T]) load(info fs.FileInfo) (none T, err error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return none, err
	}
	after, err := stat(f.path)
	if err != nil {
		return none, err
	}
	if !sameVersion(info, after) {
		return none, errors.New("the file changed while it was read")
	}
	f.tried = info
	return f.parse(data)
}

// settled tells whether the file is the same version as at the last call, so
// that Watch does not read a file that is still being written.
func (f *file[T]) settled() bool {
	info, err := stat(f.path)
	if err != nil {
		f.seen = nil
		return true // nothing to read: refresh reports it
	}
	same := sameVersion(info, f.seen)
	f.seen = info
	return same
}

func stat(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	// Reading a pipe or a device could wait for ever.
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("load %q: %s is not a regular file", path, info.Mode().Type())
	}
	return info, nil
}

// sameVersion compares inode, size and time of change.
func sameVersion(a, b fs.FileInfo) bool {
	return a != nil && b != nil && os.SameFile(a, b) &&
		a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
