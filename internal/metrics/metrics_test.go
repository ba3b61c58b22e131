package metrics

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestHistogramIsCumulative(t *testing.T) {
	h := &Histogram{name: "clickgate_test_seconds"}
	for _, d := range []time.Duration{10 * time.Microsecond, 50 * time.Microsecond, 60 * time.Microsecond, 2 * time.Second} {
		h.Update(d)
	}
	var b bytes.Buffer
	h.write(&b)
	for _, line := range []string{
		`clickgate_test_seconds_bucket{le="5e-05"} 2`,
		`clickgate_test_seconds_bucket{le="0.0001"} 3`,
		`clickgate_test_seconds_bucket{le="1"} 3`,
		`clickgate_test_seconds_bucket{le="+Inf"} 4`,
		`clickgate_test_seconds_sum 2.00012`,
		`clickgate_test_seconds_count 4`,
	} {
		if !strings.Contains(b.String(), line+"\n") {
			t.Errorf("histogram lacks the line %q in:\n%s", line, &b)
		}
	}
}

func TestWriteHoldsEverything(t *testing.T) {
	NewCounter(`clickgate_test_events_total{kind="a"}`).Inc()
	SetGauge("clickgate_test_age_seconds", func() float64 { return 1 })
	SetGauge("clickgate_test_age_seconds", func() float64 { return 7 })
	NewHistogram("clickgate_test_wait_seconds").Update(time.Millisecond)
	var b bytes.Buffer
	Write(&b)
	for _, line := range []string{
		`clickgate_test_events_total{kind="a"} 1`,
		"clickgate_test_age_seconds 7",
		"clickgate_test_wait_seconds_count 1",
	} {
		if !strings.Contains(b.String(), line+"\n") {
			t.Errorf("metrics lack the line %q", line)
		}
	}
}
