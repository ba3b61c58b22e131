package edge

import (
	"encoding/json"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/explain"
)

// compared are the fields in which a row may say something else than today.
var compared = [...]string{
	"status", "rejected_primary_reason", "rejections", "filters_hit", "filter_group_id", "payout", "revenue", "rejected_payout", "rejected_revenue",
	"currency", "click_tx_id", "matched_by", "offer_db_id", "publisher_db_id", "event_db_id", "throttled", "cap_reason",
	"updated_time", "updated_by", "update_note",
}

// tellDifferences tells what a row says otherwise. Where there would be no row
// its status stands alone.
func (v *visit) tellDifferences(row events.Row) {
	r := v.report
	if r.Conversion == nil {
		return
	}
	differ := func(field, then, now string) {
		if then != now {
			r.Conversion.Differences = append(r.Conversion.Differences, explain.Difference{Field: field, Recorded: then, Now: now})
		}
	}
	if r.Event == nil {
		now := "refused"
		switch {
		case r.Decision != nil:
			now = "duplicate"
		case r.undecided:
			now = "undecided"
		}
		differ("status", row.Text("status"), now)
		return
	}
	then, now := textsIn(row.Line), textsIn(r.Event)
	for _, field := range compared {
		differ(field, then[field], now[field])
	}
}

// textsIn are the fields of a row as texts: strings without quotes, others as
// JSON.
func textsIn(line []byte) map[string]string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return nil
	}
	texts := make(map[string]string, len(fields))
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		texts[name] = text
	}
	return texts
}
