package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/fetch"
	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/internal/source"
	"github.com/clickgate/clickgate/site"
)

// fillTime bounds how long a first start waits for databases and lists behind
// URLs. A later one starts with what was downloaded last.
const fillTime = 15 * time.Second

// newFetcher returns what keeps the files of URLs in the data folder.
func newFetcher(s boot.Settings) *fetch.Fetcher {
	return fetch.New(filepath.Join(s.DataDir, "sources"))
}

// openSources opens the databases and lists that look-ups need.
func (n *node) openSources() (err error) {
	n.sources = newFetcher(n.settings)
	places, sites := n.settings.Geo.Local(n.sources.Add), n.settings.Categories.Local(n.sources.Add)
	ctx, cancel := context.WithTimeout(n.background, fillTime)
	defer cancel()
	mistakes := n.sources.Fill(ctx)
	if n.geo, err = geo.Open(places); n.geo == nil {
		return fmt.Errorf("open address databases: %w", err)
	}
	mistakes = errors.Join(mistakes, err)
	if n.sites, err = site.Open(sites); n.sites == nil {
		return fmt.Errorf("open site categories: %w", err)
	}
	if mistakes = errors.Join(mistakes, err); mistakes != nil {
		n.log.Error("some files cannot be read; they are taken over once they can",
			zap.Strings("mistakes", strings.Split(mistakes.Error(), "\n")))
	}
	return nil
}

// watchSources takes over files and URLs that change.
func (n *node) watchSources(background context.Context) {
	n.tasks.Go(func() { n.sources.Run(background, n.reportFile) })
	n.tasks.Go(func() { n.geo.Watch(background, n.reportFile) })
	n.tasks.Go(func() { n.sites.Watch(background, n.reportFile) })
}

func (n *node) reportFile(c source.Change) {
	if c.Err != nil {
		n.log.Error("a changed file is refused; its former content serves on", zap.String("file", c.Path), zap.Error(c.Err))
		return
	}
	n.log.Info("file reloaded", zap.String("file", c.Path))
}

// reloadFiles takes over what changed at once, and asks the URLs for news.
func (n *node) reloadFiles() {
	n.sources.Refresh()
	if err := errors.Join(n.geo.Reload(), n.sites.Reload()); err != nil {
		n.log.Error("some files were not reloaded; the former content serves on",
			zap.Strings("mistakes", strings.Split(err.Error(), "\n")))
		return
	}
	n.log.Info("files reloaded")
}

type fileReport struct {
	Path     string    `json:"path"`
	Kind     string    `json:"kind"`
	Built    time.Time `json:"built,omitzero"`
	LoadedAt time.Time `json:"loaded_at,omitzero"`
	Entries  int       `json:"entries"`
	Error    string    `json:"error,omitempty"`

	// Of a file that is downloaded.
	URL       string    `json:"url,omitempty"`
	CheckedAt time.Time `json:"checked_at,omitzero"`
}

// probeFiles reports the databases and lists. A broken one does not make the
// node unready: its former content serves on.
func (n *node) probeFiles() (any, error) {
	downloads := make(map[string]fetch.Status)
	for _, d := range n.sources.Status() {
		downloads[d.File] = d
	}
	var files []fileReport
	add := func(r fileReport, err error) {
		if d, ok := downloads[r.Path]; ok {
			r.URL, r.CheckedAt, err = d.URL, d.CheckedAt, errors.Join(d.Err, err)
		}
		r.Error = text(err)
		files = append(files, r)
	}
	for _, f := range n.geo.Status() {
		add(fileReport{Path: f.Path, Kind: f.Kind, Built: f.BuildTime, LoadedAt: f.LoadedAt, Entries: f.Entries}, f.Err)
	}
	for _, f := range n.sites.Status() {
		add(fileReport{Path: f.Path, Kind: f.Category, LoadedAt: f.LoadedAt, Entries: f.Entries}, f.Err)
	}
	return files, nil
}

// addSourceMetrics registers a gauge or two for each database and list.
func (n *node) addSourceMetrics() {
	for i, f := range n.geo.Status() {
		name := filepath.Base(f.Path)
		metrics.SetGauge(fmt.Sprintf("clickgate_geo_database_age_seconds{file=%q}", name), func() float64 { return since(n.geo.Status()[i].BuildTime) })
		metrics.SetGauge(fmt.Sprintf("clickgate_geo_file_failed{file=%q}", name), func() float64 { return flag(n.geo.Status()[i].Err != nil) })
	}
	for i, f := range n.sites.Status() {
		metrics.SetGauge(fmt.Sprintf("clickgate_site_file_failed{file=%q}", filepath.Base(f.Path)), func() float64 { return flag(n.sites.Status()[i].Err != nil) })
	}
	for i, d := range n.sources.Status() {
		name := filepath.Base(d.File)
		metrics.SetGauge(fmt.Sprintf("clickgate_fetch_checked_age_seconds{file=%q}", name), func() float64 { return since(n.sources.Status()[i].CheckedAt) })
		metrics.SetGauge(fmt.Sprintf("clickgate_fetch_source_failed{file=%q}", name), func() float64 { return flag(n.sources.Status()[i].Err != nil) })
	}
}
