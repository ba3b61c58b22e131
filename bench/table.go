package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// table gathers the measurements of all rounds.
type table struct {
	names []string
	runs  map[string][]measurement
}

func newTable(targets []target) *table {
	t := &table{runs: map[string][]measurement{}}
	for _, target := range targets {
		t.names = append(t.names, target.name)
	}
	return t
}

func (t *table) add(name string, m measurement) { t.runs[name] = append(t.runs[name], m) }

// print writes medians over the rounds as a Markdown table. Ratios are medians
// of the ratios within each round.
func (t *table) print(w io.Writer) {
	fmt.Fprintln(w, "| server | full load, req/s | p50 | p99 | p99.9 | CPU us/request | x fasthttp | x net/http |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, name := range t.names {
		runs := t.runs[name]
		fmt.Fprintf(w, "| %s | %.0f | %s | %s | %s | %.2f | %s | %s |\n", name,
			median(runs, func(m measurement) float64 { return m.rate }),
			millis(median(runs, func(m measurement) float64 { return float64(m.p50) })),
			millis(median(runs, func(m measurement) float64 { return float64(m.p99) })),
			millis(median(runs, func(m measurement) float64 { return float64(m.p999) })),
			median(runs, func(m measurement) float64 { return m.cpuMicros }),
			t.ratio(name, fasthttpFloor), t.ratio(name, nethttpFloor))
	}
	if safe, fast := t.runs[safeMode], t.runs[fastMode]; len(safe) > 0 && len(fast) > 0 {
		fmt.Fprintf(w, "\nsafe mode costs %s times the CPU of fast mode\n", t.ratio(safeMode, fastMode))
	}
}

func (t *table) ratio(name, floor string) string {
	runs, floors := t.runs[name], t.runs[floor]
	if len(floors) == 0 {
		return "-"
	}
	ratios := make([]float64, len(runs))
	for i := range runs {
		ratios[i] = runs[i].cpuMicros / floors[i].cpuMicros
	}
	slices.Sort(ratios)
	return fmt.Sprintf("%.2f", ratios[len(ratios)/2])
}

func median(runs []measurement, of func(measurement) float64) float64 {
	values := make([]float64, len(runs))
	for i, m := range runs {
		values[i] = of(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func millis(ns float64) string { return fmt.Sprintf("%.2f ms", ns/float64(time.Millisecond)) }
