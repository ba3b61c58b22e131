package events

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestKeep: who asks for more than an early answer gets it from the log, from
// the disk, or not at all.
func TestKeep(t *testing.T) {
	for name, tt := range map[string]struct {
		verdict outcome
		spooled bool
		want    bool
		within  time.Duration
	}{
		"acknowledged":              {take, true, true, DefaultAnswerWithin},
		"on disk":                   {refuse, true, true, 2 * time.Second},
		"neither, until the end":    {refuse, false, false, 5 * time.Second},
		"not acknowledged, on disk": {drop, true, true, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var o Options
				if tt.spooled {
					o.Spool = openSpool(t, t.TempDir())
				}
				l := New(&fakeLog{verdict: func(int) outcome { return tt.verdict }}, o)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start := time.Now()
				kept := l.Append(Click, []byte(line(1))).Keep(ctx)
				if took := time.Since(start); kept != tt.want || took > tt.within {
					t.Errorf("kept is %t after %s, want %t within %s", kept, took, tt.want, tt.within)
				}
				closeLog(t, l, time.Second)
			})
		})
	}
	if (Ticket{}).Keep(t.Context()) {
		t.Error("a line that was lost was kept")
	}
}
