package serve

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/outgoing"
)

// FuzzAnswer: whatever is asked gets an answer that can be written, and what
// only looks changes nothing.
func FuzzAnswer(f *testing.F) {
	for _, question := range []string{
		`{"task":"test","test":{"document":"m"}}`, `{"task":"test","test":{"document":"offer/off1","source":"parallel_tracking"}}`,
		`{"task":"test","test":{"document":"pp","event":"00000000000000000000000000000000"}}`,
		`{"task":"list","limit":3,"before":"000000000000000000000000000000000000000000000000"}`, `{"task":"show","letter":"x"}`,
		`{"task":"fire_all","before":"x"}`, `{"task":"fire","letter":"000000000000000000000000000000000000000000000000"}`, `{"task":"stats"}`, `{"task":"discard"}`,
	} {
		f.Add([]byte(question), "goal", "BOT", "7")
	}
	f.Fuzz(func(t *testing.T, question []byte, goal, reason, offer string) {
		var q outgoing.Question
		if json.Unmarshal(question, &q) != nil {
			return
		}
		q.Test.Send = false
		b := setUp(t)
		b.log.rows = []events.Row{b.row(events.Conversion, "tx", nil)}
		b.documents(
			b.manager("m", "/p?{rejection_reason}", func(d *config.PostbackManager) {
				d.Filters = config.PostbackFilters{OfferID: offer, EventID: goal, FilterStatus: "Rejected", RejectionReasons: []string{reason}}
			}),
			&config.PublisherPostback{Meta: config.Meta{ID: "pp"}, PublisherIncrementalID: 12, URL: b.server.URL + "/{goal}", Goal: goal, Active: true},
		)
		a := b.Answer(context.Background(), q)
		if a.Node != "w1" || q.Task == outgoing.TaskTest && a.Err() == nil && a.Report == nil {
			t.Errorf("%s is answered with %+v", question, a)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Errorf("%s has an answer that cannot be written: %v", question, err)
		}
		if got := b.received(); len(got) != 0 {
			t.Errorf("%s sent %q", question, got)
		}
	})
}
