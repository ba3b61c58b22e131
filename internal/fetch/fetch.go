// Package fetch keeps files in step with URLs: it asks each URL for news on a
// schedule and writes what is new, once it has been found good, to a file in
// the data folder. Who uses the content watches the file (see internal/source)
// and knows nothing of the network.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/clickgate/clickgate/internal/source"
)

// Fetcher downloads the sources that were added to it. All its methods but Add
// may be called at the same time.
type Fetcher struct {
	dir       string
	client    *http.Client
	downloads []*download
}

// New returns a fetcher that keeps its files in the folder dir, which it makes
// when it has something to keep.
func New(dir string) *Fetcher { return &Fetcher{dir: dir, client: newClient()} }

// Add adds a source and returns the file that will hold its content. The file
// is there already when an earlier run downloaded it. A source that is added
// twice is downloaded once, and its content must pass both checks.
func (f *Fetcher) Add(r source.Remote) (file string) {
	if r.Every == 0 {
		r.Every = source.DefaultEvery
	}
	file = filepath.Join(f.dir, fileName(r.URL))
	for _, d := range f.downloads {
		if d.file == file {
			d.merge(r)
			return file
		}
	}
	d := &download{remote: r, file: file, client: f.client, wake: make(chan struct{}, 1)}
	d.recall()
	f.downloads = append(f.downloads, d)
	return file
}

// Fill downloads, all at once, what no file holds yet, until ctx ends. The
// error names every source that has no content after that.
func (f *Fetcher) Fill(ctx context.Context) error {
	errs := make([]error, len(f.downloads))
	var wg sync.WaitGroup
	for i, d := range f.downloads {
		if _, err := os.Stat(d.file); err != nil {
			wg.Go(func() { _, errs[i] = d.update(ctx) })
		}
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Run asks every source for news when it is due until ctx ends. report is
// called, never twice at once, for every content written and every new failure,
// and for the first success after one.
func (f *Fetcher) Run(ctx context.Context, report func(source.Change)) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, d := range f.downloads {
		wg.Go(func() {
			d.run(ctx, func(c source.Change) {
				mu.Lock()
				defer mu.Unlock()
				report(c)
			})
		})
	}
	wg.Wait()
}

// Refresh has Run ask every source at once.
func (f *Fetcher) Refresh() {
	for _, d := range f.downloads {
		select {
		case d.wake <- struct{}{}:
		default: // asked for already
		}
	}
}

// Status is the state of one source.
type Status struct {
	// URL is without user, password and query.
	URL string
	// File holds the content in use.
	File string
	// CheckedAt is when the source last answered that its content is new or
	// still the same; zero when it never did.
	CheckedAt time.Time
	// Err is why the last attempt failed; nil when it did not.
	Err error
}

// Status reports on every source, in the order in which they were added.
func (f *Fetcher) Status() []Status {
	all := make([]Status, len(f.downloads))
	for i, d := range f.downloads {
		all[i] = d.status()
	}
	return all
}

// firstRetry is the wait after a failure. It doubles with each further one, up
// to the source's own interval.
const firstRetry = time.Minute

// run asks the source whenever it is due.
func (d *download) run(ctx context.Context, report func(source.Change)) {
	timer := time.NewTimer(d.firstWait(time.Now()))
	defer timer.Stop()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-d.wake:
		}
		before := d.status().Err
		written, err := d.update(ctx)
		if ctx.Err() != nil {
			return
		}
		if failures++; err == nil {
			failures = 0
		}
		if written || text(err) != text(before) {
			report(source.Change{Path: source.Redact(d.remote.URL), Err: err})
		}
		timer.Reset(d.wait(failures))
	}
}

// firstWait is what is left of the interval since an earlier run asked.
func (d *download) firstWait(now time.Time) time.Duration {
	checked := d.status().CheckedAt
	if checked.IsZero() || checked.After(now) {
		return 0
	}
	return max(0, d.remote.Every-now.Sub(checked))
}

// wait is the time until the next attempt, with up to a tenth more, so that
// many nodes do not ask at the same moment.
func (d *download) wait(failures int) time.Duration {
	wait := d.remote.Every
	if failures > 0 {
		const longest = 16 // doublings; more would overflow
		wait = min(wait, firstRetry<<min(failures-1, longest))
	}
	return wait + rand.N(wait/10+1)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// errorOf names the source in an error, without its secrets.
func (d *download) errorOf(err error) error {
	return fmt.Errorf("fetch %s: %w", source.Redact(d.remote.URL), err)
}
