// Package site answers what is known about a web site by its address: the
// content categories that lists of domains give it. The lists are replaced
// while visitors are served.
package site

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// Service answers look-ups. All its methods may be called at the same time. A
// nil Service knows nothing.
type Service struct {
	current atomic.Pointer[table]
	files   *source.Set[domains]
	options Options
}

// domains is what a list holds.
type domains struct {
	names    []string
	category click.CategorySet
}

// table is everything a look-up needs. It never changes.
type table struct {
	loaded    bool // at least one list
	domains   map[string]click.CategorySet
	maxLabels int // of the longest domain
}

// Open loads the lists. Where options are wrong it returns no Service. Where
// files are missing or broken, the Service is returned together with the error
// that names each of them: it answers from the other files, and takes the
// broken ones over when they have been repaired (see Reload, Watch).
func Open(o Options) (*Service, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	s := &Service{options: o}
	s.files = source.NewSet(o.Poll, func(files []source.State[domains]) { s.current.Store(newTable(files)) })
	for _, l := range o.Lists {
		if l.URL != "" {
			return nil, fmt.Errorf("open %s: a URL is read through Options.Local only", source.Redact(l.URL))
		}
		category, _ := click.CategoryNamed(l.Category)
		s.files.Add(l.File, func(data []byte) (domains, error) {
			names, err := parseList(filepath.Base(l.File), data)
			return domains{names: names, category: category}, err
		})
	}
	s.current.Store(newTable(nil))
	return s, s.Reload()
}

func newTable(files []source.State[domains]) *table {
	t := &table{domains: make(map[string]click.CategorySet)}
	for _, f := range files {
		t.loaded = t.loaded || f.Loaded()
		for _, name := range f.Content.names {
			t.domains[name] |= f.Content.category
			t.maxLabels = max(t.maxLabels, strings.Count(name, ".")+1)
		}
	}
	return t
}

// Known tells whether there are lists, so that a site on none of them is known
// to be so.
func (s *Service) Known() bool { return s != nil && s.current.Load().loaded }

// Lookup returns the categories of the site of a URL, or of a host alone: those
// of its domain and of every domain above it. "evilspam.example" is not
// "spam.example". It does not block and does not allocate.
//
// Host names are compared as browsers send them: lower case, in punycode. One
// with letters of other scripts is compared by these letters, in lower case.
func (s *Service) Lookup(url string) click.CategorySet {
	if s == nil || url == "" {
		return 0
	}
	t := s.current.Load()
	if len(t.domains) == 0 {
		return 0
	}
	host := hostOf(url)
	if isLower(host) {
		return lookup(t, host)
	}
	var b [maxHost + utf8.UTFMax]byte
	return lookup(t, lower(&b, host))
}

// lookup asks for the host and the domains above it, the widest first. Of a
// long host only the last labels matter.
func lookup[T string | []byte](t *table, host T) (found click.CategorySet) {
	if len(host) > maxHost {
		return 0
	}
	labels := 0
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] != '.' {
			continue
		}
		if labels++; labels > t.maxLabels {
			return found
		}
		if labels > 1 {
			found |= t.domains[string(host[i+1:])]
		}
	}
	return found | t.domains[string(host)]
}

// Reload takes over what changed since it was last tried; see source.Set.
func (s *Service) Reload() error { return s.files.Reload() }

// Watch takes changed files over until ctx ends; see source.Set.
func (s *Service) Watch(ctx context.Context, report func(source.Change)) {
	s.files.Watch(ctx, report)
}

// FileStatus is the state of one list, for metrics and readiness.
type FileStatus struct {
	Path     string
	Category string
	// Loaded tells that the list's content is in use, if perhaps an old one,
	// and LoadedAt when it was loaded.
	Loaded   bool
	LoadedAt time.Time
	// Entries is the number of domains; one with letters of other scripts
	// counts twice.
	Entries int
	// Err is why the last attempt failed; nil when it did not. The content of
	// the last success stays in use.
	Err error
}

// Status reports on every list, in the order of the options.
func (s *Service) Status() []FileStatus {
	files := s.files.States()
	all := make([]FileStatus, len(files))
	for i, f := range files {
		all[i] = FileStatus{
			Path: f.Path, Category: s.options.Lists[i].Category, Loaded: f.Loaded(), LoadedAt: f.LoadedAt,
			Entries: len(f.Content.names), Err: f.Err,
		}
	}
	return all
}
