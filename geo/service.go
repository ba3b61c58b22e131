// Package geo answers what is known about an address: its place, its network,
// and whether an anonymiser stands behind it. The facts come from MaxMind DB
// files and address lists, which are replaced while visitors are served.
package geo

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync/atomic"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// Service answers look-ups. All its methods may be called at the same time.
type Service struct {
	current atomic.Pointer[generation]
	files   *source.Set[content]
	options Options
}

// content is what a file holds: a database, or the members of list.
type content struct {
	db *database

	list    List
	members members
}

// Change is what became of a file that was found changed.
type Change = source.Change

// Open loads the files. Where options are wrong it returns no Service. Where
// files are missing or broken, the Service is returned together with the error
// that names each of them: it answers from the other files, and takes the
// broken ones over when they have been repaired (see Reload, Watch).
func Open(o Options) (*Service, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if url := o.remote(); url != "" {
		return nil, fmt.Errorf("open %s: a URL is read through Options.Local only", source.Redact(url))
	}
	s := &Service{options: o}
	s.files = source.NewSet(o.Poll, func(files []source.State[content]) {
		s.current.Store(newGeneration(files))
	})
	for _, path := range o.Databases {
		s.files.Add(path, func(data []byte) (content, error) {
			db, err := newDatabase(data, o.MinConfidence)
			return content{db: db}, err
		})
	}
	for _, l := range o.Lists {
		s.files.Add(l.File, func(data []byte) (content, error) {
			members, err := parseList(filepath.Base(l.File), l.ASN, data)
			return content{list: l, members: members}, err
		})
	}
	s.current.Store(newGeneration(nil))
	return s, s.Reload()
}

// Reload takes over what changed since it was last tried; see source.Set.
func (s *Service) Reload() error { return s.files.Reload() }

// Watch takes changed files over until ctx ends; see source.Set.
func (s *Service) Watch(ctx context.Context, report func(Change)) { s.files.Watch(ctx, report) }

// Lookup overwrites out with what is known about addr: nothing for the zero
// address. Network is the widest one for which all of it holds, by the
// databases that know the address. It does not block, and does not allocate
// once a record has been seen.
func (s *Service) Lookup(addr netip.Addr, out *click.Geo) {
	*out = click.Geo{}
	if !addr.IsValid() {
		return
	}
	g := s.current.Load()
	addr = addr.Unmap()
	g.flag(addr, out)
	g.askDatabases(addr, out)
	g.askLists(addr, out)
}
