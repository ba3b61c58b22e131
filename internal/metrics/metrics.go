// Package metrics is what every package counts with: the counters and gauges
// of VictoriaMetrics/metrics and a histogram with fixed buckets, all in one
// registry and in the Prometheus text format.
//
// Names are clickgate_<package>_<what>_<unit or total>. Labels hold values
// fixed by the program or by config, never anything a visitor controls.
package metrics

import (
	"io"
	"sync"

	vm "github.com/VictoriaMetrics/metrics"
)

// Counter is a number that only grows. It is safe for concurrent use.
type Counter = vm.Counter

var (
	mu         sync.Mutex
	histograms []*Histogram
	writers    []func(io.Writer)
)

// NewCounter returns the counter of that name, with labels in the name's
// braces; the same one for the same name.
func NewCounter(name string) *Counter { return vm.GetOrCreateCounter(name) }

// SetGauge registers a gauge that is read when metrics are collected; it
// replaces an earlier gauge of the same name.
func SetGauge(name string, read func() float64) {
	vm.UnregisterMetric(name)
	vm.GetOrCreateGauge(name, read)
}

// NewHistogram registers and returns a histogram in seconds.
func NewHistogram(name string) *Histogram {
	h := &Histogram{name: name}
	mu.Lock()
	defer mu.Unlock()
	histograms = append(histograms, h)
	return h
}

// AddWriter registers a function that writes metrics of its own in the
// Prometheus text format.
func AddWriter(write func(io.Writer)) {
	mu.Lock()
	defer mu.Unlock()
	writers = append(writers, write)
}

// Write writes all metrics, with those of the process and the Go runtime, in
// the Prometheus text format.
func Write(w io.Writer) {
	vm.WritePrometheus(w, true)
	mu.Lock()
	defer mu.Unlock()
	for _, h := range histograms {
		h.write(w)
	}
	for _, write := range writers {
		write(w)
	}
}
