package e2e

import (
	"testing"

	"github.com/clickgate/clickgate/internal/disk/disktest"
)

// TestFullDisk: somebody fills the disk. Visitors do not notice, the process
// lives, and what happened meanwhile is delivered when there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := disktest.New(t, "400m")
	n := startDemo(t, disk.Dir)
	l := startLoad(n, usual)
	l.awaitMore(200)

	disk.Leave(0)
	n.awaitMetric("clickgate_events_well", "0", func(v float64) bool { return v == 0 })
	n.awaitMetric("clickgate_disk_free_bytes", "below the reserve", func(v float64) bool { return v < n.metric("clickgate_disk_reserve_bytes") })
	n.awaitMetric("clickgate_events_spool_errors_total", "above 0", func(v float64) bool { return v > 0 })
	n.awaitLog("the disk is nearly full; nothing more is written")
	l.awaitMore(500)
	if n.ended() {
		t.Fatalf("clickgate ended with status %d:\n%s", n.exitStatus(), n.log)
	}

	disk.Clear()
	l.awaitMore(200)
	n.awaitDelivery()
	n.awaitMetric("clickgate_events_well", "1", func(v float64) bool { return v == 1 })
	outcomes := l.end()
	wantAnswers(t, outcomes)
	n.awaitDelivery()
	if lost := n.metric("clickgate_events_lost_total"); lost != 0 {
		t.Errorf("clickgate_events_lost_total is %v, want 0", lost)
	}
	wantInLog(t, n.events(), outcomes)
	eventually(t, func() string { return "the click store lacks clicks" }, func() bool {
		return n.metric("clickgate_attribution_rows_total", `kind="click"`) == n.metric("clickgate_events_acknowledged_total")
	})
}
