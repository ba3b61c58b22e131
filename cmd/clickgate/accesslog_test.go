package main

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
)

func TestParseCombined(t *testing.T) {
	at := time.Date(2015, 5, 17, 10, 5, 3, 0, time.UTC)
	tests := map[string]struct {
		line string
		want logEntry
	}{
		"apache": {
			`83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "http://semicomplete.com/b/" "Mozilla/5.0 (Macintosh)"`,
			logEntry{address: "83.149.9.216", referer: "http://semicomplete.com/b/", userAgent: "Mozilla/5.0 (Macintosh)", time: at},
		},
		"absent headers, no size": {
			`::1 - frank [17/May/2015:10:05:03 +0000] "-" 408 - "-" "-"`,
			logEntry{address: "::1", time: at},
		},
		"escaped quote": {
			`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /\"x HTTP/1.1" 200 1 "-" "a \"b\" c"`,
			logEntry{address: "10.0.0.1", userAgent: `a "b" c`, time: at},
		},
		"an escape of the server's own": {
			`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "a\zb"`,
			logEntry{address: "10.0.0.1", userAgent: `a\zb`, time: at},
		},
	}
	for name, tt := range tests {
		got, err := parseCombined(tt.line)
		if err != nil || !got.time.Equal(tt.want.time) {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		got.time = tt.want.time
		if got != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tt.want)
		}
	}
	for _, line := range []string{
		"", "nonsense",
		`83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "-" "cut of`,
		`host.example - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`,
		`10.0.0.1 - - [17/Nay/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`,
	} {
		if got, err := parseCombined(line); err == nil {
			t.Errorf("%q was read as %+v, want an error", line, got)
		}
	}
}

func FuzzParseCombined(f *testing.F) {
	f.Add(`83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 1 "-" "a \"b\""`)
	f.Fuzz(func(t *testing.T, line string) {
		if entry, err := parseCombined(line); err == nil && (entry.address == "" || entry.time.IsZero()) {
			t.Errorf("%q was read as %+v, without address or time", line, entry)
		}
	})
}

func TestSummaryIsOrderedByCountThenName(t *testing.T) {
	s := newSummary()
	data := []byte(`{"tx_id":"1","status":"Rejected","rejected_primary_reason":"VPN"}
{"tx_id":"2","status":"Rejected","rejected_primary_reason":"BOT"}
{"tx_id":"3","status":"Approved"}
`)
	s.Publish(&events.Message{Kind: events.Click, Lines: 3, Data: data}, func(uint64, error) {})
	for range 3 {
		s.answered(302)
	}
	s.unreadable = 2
	var out bytes.Buffer
	if err := s.print(&out); err != nil {
		t.Fatal(err)
	}
	want := `3 clicks judged, 2 lines unreadable

answer
         3  302

status
         2  Rejected
         1  Approved

rejected_primary_reason
         1  BOT
         1  VPN
`
	if out.String() != want {
		t.Errorf("summary:\n%s\nwant:\n%s", &out, want)
	}
}

func TestExitStatus(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
	}{
		"a document's mistake": {fmt.Errorf("apply: %w", config.Problems{{Message: "x"}}), exitMistake},
		"a setting's mistake":  {mistakeError{errors.New("x")}, exitMistake},
		"the server is away":   {errors.New("x"), exitFailure},
	}
	for name, tt := range tests {
		if got := exitStatus(tt.err); got != tt.want {
			t.Errorf("%s: exit status %d, want %d", name, got, tt.want)
		}
	}
}
