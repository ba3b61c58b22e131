package fleet

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Fleet knows the edges by their reports. Its methods are safe for concurrent
// use.
type Fleet struct {
	js       jetstream.JetStream
	replicas int

	mu    sync.Mutex
	edges map[string]seen
	// news is closed and made anew at every report.
	news chan struct{}
}

// seen is a report with the time of its arrival.
type seen struct {
	Report
	at time.Time
}

// New returns a fleet of which nothing is known until Run runs.
func New(js jetstream.JetStream, replicas int) *Fleet {
	return &Fleet{js: js, replicas: replicas, edges: map[string]seen{}, news: make(chan struct{})}
}

// Run watches the reports until ctx ends. NATS may be away for as long as it
// likes.
func (f *Fleet) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if f.js.Conn().IsConnected() {
			f.watch(ctx)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// watch takes reports until something fails.
func (f *Fleet) watch(ctx context.Context) {
	kv, err := open(ctx, f.js, f.replicas)
	if err != nil {
		return
	}
	w, err := kv.WatchAll(ctx)
	if err != nil {
		return
	}
	defer func() { _ = w.Stop() }() // the connection may be gone
	check := time.NewTicker(interval)
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case entry, open := <-w.Updates():
			if !open {
				return
			}
			f.take(entry)
		case <-check.C:
			if _, err := kv.Status(ctx); err != nil {
				return
			}
		}
	}
}

// take notes a report. A nil entry says that all there were have been read.
func (f *Fleet) take(entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var report Report
	if entry.Operation() != jetstream.KeyValuePut || json.Unmarshal(entry.Value(), &report) != nil {
		delete(f.edges, entry.Key())
	} else {
		f.edges[entry.Key()] = seen{report, time.Now()}
	}
	close(f.news)
	f.news = make(chan struct{})
}

// Wait returns when every edge that was heard of lately serves version, or has
// refused it, or when ctx ends; then missing names those that have not. An
// edge that fell silent is not waited for: it takes the version over when it
// comes back.
func (f *Fleet) Wait(ctx context.Context, version uint64) (missing []string) {
	for {
		missing, news := f.behind(version)
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return missing
		}
	}
}

// behind names the edges that have not dealt with a version.
func (f *Fleet) behind(version uint64) (nodes []string, news <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for node, e := range f.edges {
		if time.Since(e.at) < fresh && e.Live.Version < version && e.Attempt.Version < version {
			nodes = append(nodes, node)
		}
	}
	slices.Sort(nodes)
	return nodes, f.news
}

// Edge is an edge as operators see it.
type Edge struct {
	Report
	// SecondsAgo is how long ago it was heard of.
	SecondsAgo float64 `json:"seconds_ago"`
	// UpToDate tells whether it serves the version that should serve.
	UpToDate bool `json:"up_to_date"`
}

// List returns the edges that were heard of in the last minute, by name.
func (f *Fleet) List(live uint64) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []Edge{}
	for node, e := range f.edges {
		ago := time.Since(e.at)
		if ago > remembered {
			delete(f.edges, node)
			continue
		}
		list = append(list, Edge{Report: e.Report, SecondsAgo: ago.Round(time.Millisecond).Seconds(), UpToDate: e.Live.Version == live})
	}
	slices.SortFunc(list, func(a, b Edge) int { return strings.Compare(a.Node, b.Node) })
	return list
}
