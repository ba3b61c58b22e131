package e2e

import (
	"fmt"
	"strconv"
	"strings"
)

// metric is the value of a series on /metrics, or the sum of all series of a
// name that have the labels.
func (n *node) metric(name string, labels ...string) float64 {
	n.tb.Helper()
	sum, found := 0.0, false
	for line := range strings.Lines(n.operator("/metrics").body) {
		series, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest, ok := strings.CutPrefix(series, name)
		if !ok || rest != "" && rest[0] != '{' || !hasAll(rest, labels) {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			n.tb.Fatalf("/metrics has the line %q: %v", line, err)
		}
		sum, found = sum+v, true
	}
	if !found {
		n.tb.Fatalf("/metrics has no %s with %v", name, labels)
	}
	return sum
}

func hasAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// awaitMetric waits until a metric is as it should be.
func (n *node) awaitMetric(name, want string, is func(float64) bool) {
	n.tb.Helper()
	last := 0.0
	eventually(n.tb, func() string { return fmt.Sprintf("%s is %v, want %s", name, last, want) }, func() bool {
		last = n.metric(name)
		return is(last)
	})
}

// awaitVersion waits until a version of the config serves.
func (n *node) awaitVersion(version float64) {
	n.tb.Helper()
	n.awaitMetric("clickgate_config_version", strconv.FormatFloat(version, 'f', -1, 64), func(v float64) bool { return v == version })
}

// awaitDelivery waits until every event is in the log, none in memory or on
// disk.
func (n *node) awaitDelivery() {
	n.tb.Helper()
	zero := func(v float64) bool { return v == 0 }
	n.awaitMetric("clickgate_events_spool_bytes", "0", zero)
	n.awaitMetric("clickgate_events_pending_lines", "0", zero)
	n.awaitMetric("clickgate_events_well", "1", func(v float64) bool { return v == 1 })
}
