package geo

import (
	"context"
	"errors"
	"time"
)

// Change is what became of a file that was found changed: taken over, or
// refused with Err and the former content kept.
type Change struct {
	Path string
	Err  error
}

// Reload looks at every file and takes over those that changed since they were
// last tried. A broken file keeps its former content. The error names every
// file whose last attempt failed, now or earlier; nil means that all files are
// in use as they are on disk.
func (s *Service) Reload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh(s.sources)
	var errs []error
	for _, src := range s.sources {
		errs = append(errs, src.err)
	}
	return errors.Join(errs...)
}

// Watch looks at the files every Options.Poll until ctx ends, and takes over a
// changed file when it has stayed the same for one interval, so that nothing
// half-written is read. It polls because that sees every way of replacing a
// file (in place, by rename, by a link swapped far above it) on every file
// system. report, if not nil, is called once for every file taken over or
// refused.
func (s *Service) Watch(ctx context.Context, report func(Change)) {
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

func (s *Service) refreshSettled() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	var settled []*source
	for _, src := range s.sources {
		if src.settled() {
			settled = append(settled, src)
		}
	}
	return s.refresh(settled)
}

// refresh loads what changed among the sources and makes a new generation if
// anything did. It returns what is news.
func (s *Service) refresh(sources []*source) []Change {
	var changes []Change
	renewed := false
	for _, src := range sources {
		before := errText(src.err)
		fresh := src.refresh(time.Now())
		renewed = renewed || fresh
		if fresh || errText(src.err) != before {
			changes = append(changes, Change{Path: src.path, Err: src.err})
		}
	}
	if renewed {
		s.current.Store(newGeneration(s.sources))
	}
	return changes
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
