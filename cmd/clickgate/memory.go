package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/metrics"
)

// memoryFile keeps the filters' memory over a restart.
func (n *node) memoryFile() string { return filepath.Join(n.settings.DataDir, "filters.state") }

// openMemory reads the filters' memory as it was saved last. What cannot be
// read is lost: the filters begin anew, which the operator is told.
func (n *node) openMemory() {
	var err error
	n.state, err = state.LoadFile(n.memoryFile(), time.Now().UnixMilli(), n.settings.Filters.Memory())
	switch {
	case err == nil:
		n.log.Info("the filters' counts are those of the last run")
	case !errors.Is(err, fs.ErrNotExist):
		n.log.Error("the filters' counts of the last run are lost in whole or in part; floods and duplicates are counted anew", zap.Error(err))
	}
}

// keepMemory saves the memory at intervals, forgets what ran out, and raises
// an alarm when live entries have to give way.
func (n *node) keepMemory(background context.Context) {
	n.every(background, n.settings.Filters.SaveEvery, func() (done bool) {
		n.saveMemory()
		return false
	})
	evicted := map[string]uint64{}
	n.every(background, time.Minute, func() (done bool) {
		n.state.Sweep(time.Now().UnixMilli())
		for _, part := range n.state.Stats() {
			if lost := part.Evictions - evicted[part.Name]; lost > 0 {
				n.log.Error("the filters' memory is too small: live entries were forgotten, so that floods or duplicates may pass; raise filters."+settingOf[part.Name],
					zap.String("part", part.Name), zap.Uint64("forgotten", lost), zap.Float64("load", part.Load()))
			}
			evicted[part.Name] = part.Evictions
		}
		return false
	})
}

// settingOf names the boot setting that sizes a part of the memory.
var settingOf = map[string]string{
	"counts": "tracked_keys", "rates": "rate_bytes", "ledger": "ledger_bytes", "unique_spaces": "unique_keys", "unique_members": "unique_keys",
}

var (
	memorySaves = metrics.NewCounter(`clickgate_filters_saves_total{result="done"}`)
	memoryFails = metrics.NewCounter(`clickgate_filters_saves_total{result="failed"}`)
)

func (n *node) saveMemory() {
	if err := n.state.SaveFile(n.memoryFile(), time.Now().UnixMilli()); err != nil {
		memoryFails.Inc()
		n.log.Error("the filters' counts cannot be saved; a restart would lose them", zap.Error(err))
		return
	}
	memorySaves.Inc()
	n.savedMS.Store(time.Now().UnixMilli())
}

// addMemoryMetrics registers the gauges of the filters' memory.
func (n *node) addMemoryMetrics() {
	for i, part := range n.state.Stats() {
		metrics.SetGauge(fmt.Sprintf("clickgate_filters_memory_load_ratio{part=%q}", part.Name), func() float64 { return n.state.Stats()[i].Load() })
		metrics.SetGauge(fmt.Sprintf("clickgate_filters_memory_evictions_total{part=%q}", part.Name), func() float64 { return float64(n.state.Stats()[i].Evictions) })
	}
	metrics.SetGauge("clickgate_filters_saved_age_seconds", func() float64 {
		if ms := n.savedMS.Load(); ms > 0 {
			return time.Since(time.UnixMilli(ms)).Seconds()
		}
		return 0
	})
}
