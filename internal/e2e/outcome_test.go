package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// outcome is what became of one request.
type outcome struct {
	sub        string // the sub id, by which the log tells requests apart
	id         string // the click id in the answer
	status     int
	err        error // why there is no answer
	sent, done time.Time
}

func (o outcome) took() time.Duration { return o.done.Sub(o.sent) }

// wantAnswers checks that every request was answered with a redirect to the
// landing page or the fallback.
func wantAnswers(tb testing.TB, outcomes []outcome) {
	tb.Helper()
	var bad []string
	for _, o := range outcomes {
		if o.err != nil || o.status != http.StatusFound || o.id == "" {
			bad = append(bad, fmt.Sprintf("%s: status %d, click id %q, error %v", o.sub, o.status, o.id, o.err))
		}
	}
	if len(outcomes) == 0 {
		tb.Error("no request was sent")
	}
	if len(bad) > 0 {
		tb.Errorf("%d of %d requests got no redirect, among them\n%s", len(bad), len(outcomes), few(bad))
	}
}

// wantInLog checks that the log holds every answered click exactly once and
// nothing twice.
func wantInLog(tb testing.TB, log []event, outcomes []outcome) {
	tb.Helper()
	times := map[string]int{}
	var doubled, lost []string
	for _, e := range log {
		if times[e.TxID]++; times[e.TxID] == 2 {
			doubled = append(doubled, e.TxID)
		}
	}
	answered := 0
	for _, o := range outcomes {
		if o.err != nil {
			continue
		}
		if answered++; times[o.id] == 0 {
			lost = append(lost, fmt.Sprintf("%s, answered at %s after %s", o.id, o.done.Format(time.StampMicro), o.took()))
		}
	}
	if len(lost) > 0 {
		tb.Errorf("%d of %d answered clicks are not in the log of %d events, among them\n%s", len(lost), answered, len(log), few(lost))
	}
	if len(doubled) > 0 {
		tb.Errorf("%d clicks are in the log more than once, among them\n%s", len(doubled), few(doubled))
	}
}

func few(all []string) string { return strings.Join(all[:min(len(all), 5)], "\n") }

// median of the times answers took.
func median(outcomes []outcome) time.Duration {
	took := make([]time.Duration, len(outcomes))
	for i, o := range outcomes {
		took[i] = o.took()
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// during are the outcomes of requests sent within a time.
func during(outcomes []outcome, from, to time.Time) (some []outcome) {
	for _, o := range outcomes {
		if o.sent.After(from) && o.sent.Before(to) {
			some = append(some, o)
		}
	}
	return some
}
