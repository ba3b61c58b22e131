package geo

import (
	"errors"
	"time"

	"github.com/clickgate/clickgate/internal/source"
)

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
	// Entries is the number of a list's prefixes or AS numbers, or of nodes in
	// a database's search tree.
	Entries int
	// Faults counts records of the database that visitors asked for and that
	// could not be read. They were answered as unknown.
	Faults uint64
	// Err is why the last attempt failed, or why the content is of no use; nil
	// when all is well. The content of the last success stays in use.
	Err error
}

// errNoASNs is the state of a list of AS numbers that nobody can ask.
var errNoASNs = errors.New("a list of AS numbers needs a database that tells the AS of an address, such as GeoLite2-ASN; none is loaded")

// Status reports on every file, databases first, in the order of the options.
func (s *Service) Status() []FileStatus {
	files := s.files.States()
	tellsASN := s.current.Load().v4.offers&offersASN != 0
	all := make([]FileStatus, len(files))
	for i, f := range files {
		all[i] = statusOf(f)
		if list := i - len(s.options.Databases); list >= 0 {
			all[i].Kind = string(s.options.Lists[list].Kind)
		}
		if len(f.Content.members.asns) > 0 && !tellsASN && f.Err == nil {
			all[i].Err = errNoASNs
		}
	}
	return all
}

func statusOf(f source.State[content]) FileStatus {
	st := FileStatus{
		Path:     f.Path,
		Loaded:   f.Loaded(),
		LoadedAt: f.LoadedAt,
		Entries:  len(f.Content.members.prefixes) + len(f.Content.members.asns),
		Err:      f.Err,
	}
	if db := f.Content.db; db != nil {
		st.Kind = db.offers.String()
		st.BuildTime = db.reader.Metadata.BuildTime()
		st.Entries = int(db.reader.Metadata.NodeCount)
		st.Faults = db.faults.Load()
	}
	return st
}
