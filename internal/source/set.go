// Package source keeps what is read from files in step with them: a file that
// changed is read again, a broken one leaves its former content in use. It also
// says how settings name a file or a URL; internal/fetch makes files of URLs.
package source

import (
	"context"
	"errors"
	"sync"
	"time"
)

// DefaultPoll is the time between two looks at the files where none is set.
const DefaultPoll = 10 * time.Second

// Change is what became of a file (or URL) that was found changed: taken over,
// or refused with Err and the former content kept.
type Change struct {
	Path string
	Err  error
}

// State is what is in use of one file, and how the last attempt went.
type State[T any] struct {
	Path    string
	Content T
	// LoadedAt is when the content was loaded; zero when there is none.
	LoadedAt time.Time
	// Err is why the last attempt failed; nil when it did not. The content of
	// the last success stays in use.
	Err error
}

// Loaded tells that there is content in use, if perhaps an old one.
func (s State[T]) Loaded() bool { return !s.LoadedAt.IsZero() }

// Set holds files of one sort, in the order in which they were added. All its
// methods but Add may be called at the same time.
type Set[T any] struct {
	poll  time.Duration
	renew func([]State[T])

	mu    sync.Mutex // one reload at a time; guards the files
	files []*file[T]
}

// NewSet returns a set without files. Watch looks at them every poll, 0 means
// DefaultPoll. renew is called, never twice at once, with the states of all
// files whenever content was loaded from one of them.
func NewSet[T any](poll time.Duration, renew func([]State[T])) *Set[T] {
	if poll == 0 {
		poll = DefaultPoll
	}
	return &Set[T]{poll: poll, renew: renew}
}

// Add adds a file. It is read by the next Reload or Watch. parse makes the
// content of its bytes, which it may keep.
func (s *Set[T]) Add(path string, parse func(data []byte) (T, error)) {
	s.files = append(s.files, &file[T]{path: path, parse: parse})
}

// States reports on every file.
func (s *Set[T]) States() []State[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states()
}

func (s *Set[T]) states() []State[T] {
	all := make([]State[T], len(s.files))
	for i, f := range s.files {
		all[i] = State[T]{Path: f.path, Content: f.loaded, LoadedAt: f.loadedAt, Err: f.err}
	}
	return all
}

// Reload looks at every file and takes over those that changed since they were
// last tried. A broken file keeps its former content. The error names every
// file whose last attempt failed, now or earlier; nil means that all files are
// in use as they are on disk.
func (s *Set[T]) Reload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh(s.files)
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.err)
	}
	return errors.Join(errs...)
}

// Watch looks at the files at every interval until ctx ends, and takes over a
// changed file when it has stayed the same for one interval, so that nothing
// half-written is read. It polls because that sees every way of replacing a
// file (in place, by rename, by a link swapped far above it) on every file
// system. report, if not nil, is called once for every file taken over or
// refused.
func (s *Set[T]) Watch(ctx context.Context, report func(Change)) {
	ticker := time.NewTicker(s.poll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, c := range s.refreshSettled() {
			if report != nil {
				report(c)
			}
		}
	}
}

func (s *Set[T]) refreshSettled() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	var settled []*file[T]
	for _, f := range s.files {
		if f.settled() {
			settled = append(settled, f)
		}
	}
	return s.refresh(settled)
}

// refresh loads what changed among the files and returns what is news.
func (s *Set[T]) refresh(files []*file[T]) []Change {
	var changes []Change
	renewed := false
	for _, f := range files {
		before := errText(f.err)
		fresh := f.refresh(time.Now())
		renewed = renewed || fresh
		if fresh || errText(f.err) != before {
			changes = append(changes, Change{Path: f.path, Err: f.err})
		}
	}
	if renewed {
		s.renew(s.states())
	}
	return changes
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
