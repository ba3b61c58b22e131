package events

import (
	"fmt"
	"io"
	"time"
)

// Stats are the counters and gauges of a Log.
type Stats struct {
	// Appended, Acknowledged and Lost count lines since the start. Acknowledged
	// includes lines of earlier runs that came from the spool.
	Appended, Acknowledged, Lost uint64
	// AnsweredBeforeAck counts calls of Ticket.Wait that returned false.
	AnsweredBeforeAck uint64
	// AtRisk is how many lines only memory holds although their visitor was
	// answered: what a crash would cost now.
	AtRisk int64
	// Blocks counts acknowledged blocks, Retries blocks refused or overdue.
	Blocks, Retries uint64
	// Spooled counts lines written to the spool, SpoolErrors writes it refused.
	Spooled, SpoolErrors uint64
	// SpoolBytes is what the spool holds, SpoolDamagedBytes what could not be
	// read back from it.
	SpoolBytes, SpoolDamagedBytes int64
	// PendingLines and PendingBytes are in memory, appended and neither
	// acknowledged nor spooled; OldestSeconds is the age of the oldest block
	// on its first way to the log.
	PendingLines, PendingBytes int64
	OldestSeconds              float64
	// Well tells that blocks are acknowledged in time.
	Well bool
}

// Stats returns the counters as they are now.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.stats
	s.Well = l.well.Load()
	if born, any := l.oldest(); any {
		s.OldestSeconds = time.Since(born).Seconds()
	}
	for _, b := range l.failed {
		s.OldestSeconds = max(s.OldestSeconds, time.Since(b.Born).Seconds())
	}
	return s
}

// WriteMetrics writes the counters in the Prometheus text format.
func (l *Log) WriteMetrics(w io.Writer) {
	s := l.Stats()
	well := 0
	if s.Well {
		well = 1
	}
	for _, m := range []struct {
		name  string
		value any
	}{
		{"clickgate_events_appended_total", s.Appended},
		{"clickgate_events_acknowledged_total", s.Acknowledged},
		{"clickgate_events_lost_total", s.Lost},
		{"clickgate_events_answered_before_ack_total", s.AnsweredBeforeAck},
		{"clickgate_events_at_risk", s.AtRisk},
		{"clickgate_events_blocks_total", s.Blocks},
		{"clickgate_events_retries_total", s.Retries},
		{"clickgate_events_spooled_total", s.Spooled},
		{"clickgate_events_spool_errors_total", s.SpoolErrors},
		{"clickgate_events_spool_bytes", s.SpoolBytes},
		{"clickgate_events_spool_damaged_bytes", s.SpoolDamagedBytes},
		{"clickgate_events_pending_lines", s.PendingLines},
		{"clickgate_events_pending_bytes", s.PendingBytes},
		{"clickgate_events_oldest_unacknowledged_seconds", s.OldestSeconds},
		{"clickgate_events_well", well},
	} {
		fmt.Fprintf(w, "%s %v\n", m.name, m.value)
	}
}
