package metrics

import (
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"time"
)

// bounds are the upper bounds of a histogram's buckets in nanoseconds: from
// 50 us, a click that waits for nothing, to 1 s, one that waited far too long.
var bounds = [...]int64{
	50_000, 100_000, 200_000, 300_000, 500_000, 750_000,
	1_000_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000,
	20_000_000, 30_000_000, 50_000_000, 100_000_000, 250_000_000, 1_000_000_000,
}

// Histogram counts durations in fixed buckets that any Prometheus can add up
// over nodes. Update takes no lock and allocates nothing.
type Histogram struct {
	name    string
	buckets [len(bounds) + 1]atomic.Uint64
	sumNS   atomic.Int64
}

// Update counts one duration.
func (h *Histogram) Update(d time.Duration) {
	i := 0
	for i < len(bounds) && int64(d) > bounds[i] {
		i++
	}
	h.buckets[i].Add(1)
	h.sumNS.Add(int64(d))
}

func (h *Histogram) write(w io.Writer) {
	fmt.Fprintf(w, "# TYPE %s histogram\n", h.name)
	var total uint64
	for i := range h.buckets {
		total += h.buckets[i].Load()
		le := "+Inf"
		if i < len(bounds) {
			le = strconv.FormatFloat(float64(bounds[i])/1e9, 'g', -1, 64)
		}
		fmt.Fprintf(w, "%s_bucket{le=%q} %d\n", h.name, le, total)
	}
	fmt.Fprintf(w, "%s_sum %g\n%s_count %d\n", h.name, float64(h.sumNS.Load())/1e9, h.name, total)
}
