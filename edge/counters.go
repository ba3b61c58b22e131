package edge

import (
	"fmt"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/metrics"
)

// refusal is why a request was answered without an event.
type refusal uint8

const (
	refusedIntegration refusal = iota // names no integration
	refusedPath                       // nothing at this path
	refusedInactive                   // the integration takes no traffic
	refusedSource                     // dropped by R-23
	refusedMethod
	refusedPanic
	refusalCount

	notRefused = refusalCount
)

var refusalNames = [refusalCount]string{
	"unknown_integration", "unknown_path", "inactive_integration", "source", "method", "panic",
}

// counters are the edge's metrics, resolved once. Every click adds up:
// received = answered = acknowledged + at risk, the last two counted by the
// event log.
type counters struct {
	received [len(planes)]*metrics.Counter
	// answers by plane and by the number of the primary reason; None is
	// approved.
	answers     [len(planes)][]*metrics.Counter
	purpose     [click.Head + 1]*metrics.Counter
	refused     [refusalCount]*metrics.Counter
	latency     *metrics.Histogram
	conversions conversionCounters
}

func newCounters() counters {
	c := counters{
		latency: latency, conversions: newConversionCounters(),
	}
	for plane, name := range planes {
		c.received[plane] = metrics.NewCounter(fmt.Sprintf(`clickgate_edge_received_total{plane=%q}`, name))
		for _, reason := range append([]click.Reason{click.None}, click.Reasons()...) {
			status := "rejected"
			if reason == click.None {
				status = "approved"
			}
			c.answers[plane] = append(c.answers[plane], metrics.NewCounter(fmt.Sprintf(
				`clickgate_edge_answered_total{plane=%q,status=%q,reason=%q}`, name, status, reason)))
		}
	}
	for p := click.Visit; p <= click.Head; p++ {
		c.purpose[p] = metrics.NewCounter(fmt.Sprintf(`clickgate_edge_purpose_total{purpose=%q}`, p))
	}
	for r, name := range refusalNames {
		c.refused[r] = metrics.NewCounter(fmt.Sprintf(`clickgate_edge_refused_total{reason=%q}`, name))
	}
	return c
}

// latency is shared by all edges of the process: there is one.
var latency = metrics.NewHistogram("clickgate_edge_answer_seconds")

func (c *counters) answered(v *click.Click) {
	c.answers[v.Plane][v.Verdict.Primary].Inc()
	c.purpose[v.Purpose].Inc()
}
