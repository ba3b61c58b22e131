package geo

import "time"

// FileStatus is the state of one file, for metrics and readiness.
type FileStatus struct {
	Path string
	// Kind is the kind of a list, or what a database offers: place, isp, proxy
	// and connection joined by +. It is empty before a database is loaded.
	Kind string
	// Loaded tells that the file's content is in use, if perhaps an old one.
	Loaded bool
	// LoadedAt is when the content in use was loaded; zero when none is.
	LoadedAt time.Time
	// BuildTime is when the vendor made the database; zero for a list.
	BuildTime time.Time
	// Entries is the number of a list's prefixes or of nodes in a database's
	// search tree.
	Entries int
	// Faults counts records of the database that visitors asked for and that
	// could not be read. They were answered as unknown.
	Faults uint64
	// Err is why the last attempt failed; nil when it did not. The content
	// of the last success stays in use.
	Err error
}

// Status reports on every file, databases first, in the order of the options.
func (s *Service) Status() []FileStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]FileStatus, len(s.sources))
	for i, src := range s.sources {
		all[i] = src.status()
	}
	return all
}

func (s *source) status() FileStatus {
	st := FileStatus{
		Path:     s.path,
		Kind:     string(s.list),
		Loaded:   !s.loadedAt.IsZero(),
		LoadedAt: s.loadedAt,
		Entries:  len(s.loaded.prefixes),
		Err:      s.err,
	}
	if db := s.loaded.db; db != nil {
		st.Kind = db.offers.String()
		st.BuildTime = db.reader.Metadata.BuildTime()
		st.Entries = int(db.reader.Metadata.NodeCount)
		st.Faults = db.faults.Load()
	}
	return st
}
