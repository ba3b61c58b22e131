package api

import (
	"fmt"
	"sync"
	"time"

	"github.com/clickgate/clickgate/internal/metrics"
)

// counters are the API's metrics. Their labels are operations and classes of
// status, which the description bounds.
type counters struct {
	mu          sync.Mutex
	requests    map[string]*metrics.Counter
	latency     *metrics.Histogram
	refusedKeys *metrics.Counter
}

var requestTime = metrics.NewHistogram("clickgate_control_request_seconds")

func newCounters() *counters {
	return &counters{
		requests:    map[string]*metrics.Counter{},
		latency:     requestTime,
		refusedKeys: metrics.NewCounter("clickgate_control_refused_keys_total"),
	}
}

func (m *counters) count(t *trail, d time.Duration) {
	operation := t.operation
	if operation == "" {
		operation = "none"
	}
	m.latency.Update(d)
	name := fmt.Sprintf(`clickgate_control_requests_total{operation=%q,status="%dxx"}`, operation, t.status/100)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests[name] == nil {
		m.requests[name] = metrics.NewCounter(name)
	}
	m.requests[name].Inc()
}
