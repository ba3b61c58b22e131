package geo

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// source is one file of the options: what was last loaded from it and how the
// last attempt went. The two are separate facts, since a broken new version
// leaves the old one in use.
type source struct {
	path string
	list Kind // empty for a database

	loaded   content
	loadedAt time.Time // zero before the first success

	tried fs.FileInfo // the version of the last attempt; nil to try again
	seen  fs.FileInfo // the version that Watch saw last
	err   error       // of the last attempt
}

// content is what a file holds: a database or the prefixes of a list.
type content struct {
	db       *database
	prefixes []netip.Prefix
}

// refresh loads the file if it is another version than the one tried last. It
// tells whether there is new content; otherwise the old one stays.
func (s *source) refresh(now time.Time) bool {
	info, err := statFile(s.path)
	if err == nil && sameVersion(info, s.tried) {
		return false
	}
	s.tried = nil
	if err != nil {
		s.err = err
		return false
	}
	loaded, err := s.load(info)
	if err != nil {
		s.err = fmt.Errorf("load %q: %w", s.path, err)
		return false
	}
	s.loaded, s.loadedAt, s.err = loaded, now, nil
	return true
}

// load reads the version info of the file. It counts as tried only once it
// was read in one piece.
func (s *source) load(info fs.FileInfo) (content, error) {
	data, err := os.ReadFile(s.path)
	if err != nil {
		return content{}, err
	}
	after, err := statFile(s.path)
	if err != nil {
		return content{}, err
	}
	if !sameVersion(info, after) {
		return content{}, errors.New("the file changed while it was read")
	}
	s.tried = info
	if s.list != "" {
		prefixes, err := parseList(filepath.Base(s.path), data)
		return content{prefixes: prefixes}, err
	}
	db, err := newDatabase(data)
	return content{db: db}, err
}

// settled tells whether the file is the same version as at the last call, so
// that Watch does not read a file that is still being written.
func (s *source) settled() bool {
	info, err := statFile(s.path)
	if err != nil {
		s.seen = nil
		return true // nothing to read: refresh reports it
	}
	same := sameVersion(info, s.seen)
	s.seen = info
	return same
}

func statFile(path string) (fs.FileInfo, error) {
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
