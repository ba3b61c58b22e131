package edge

import (
	"fmt"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/metrics"
)

// conversionCounters are the metrics of conversions, resolved once.
type conversionCounters struct {
	statuses [click.PendingCap + 1]*metrics.Counter
	// duplicates were recorded before, deferred are finished later, unkept
	// were sent back; unanswered counts questions to the click store.
	duplicates, deferred, unkept, unanswered *metrics.Counter
}

func newConversionCounters() conversionCounters {
	c := conversionCounters{
		duplicates: metrics.NewCounter("clickgate_edge_conversions_duplicate_total"),
		deferred:   metrics.NewCounter("clickgate_edge_conversions_deferred_total"),
		unkept:     metrics.NewCounter("clickgate_edge_conversions_sent_back_total"),
		unanswered: metrics.NewCounter("clickgate_edge_click_lookups_unanswered_total"),
	}
	for _, s := range click.Statuses() {
		c.statuses[s] = metrics.NewCounter(fmt.Sprintf("clickgate_edge_conversions_total{status=%q}", s))
	}
	return c
}

func (c *conversionCounters) recorded(v *click.Click) { c.statuses[v.Conversion.Status].Inc() }

// refuse counts a refusal by its reason, of which there are a few.
func (c *conversionCounters) refuse(r *Refused) {
	metrics.NewCounter(fmt.Sprintf("clickgate_edge_conversions_refused_total{reason=%q}", r.Reason)).Inc()
}
