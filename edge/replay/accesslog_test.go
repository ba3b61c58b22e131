package replay

import (
	"testing"
	"time"
)

func TestParseCombined(t *testing.T) {
	at := time.Date(2015, 5, 17, 10, 5, 3, 0, time.UTC)
	tests := map[string]struct {
		line string
		want Request
	}{
		"apache": {
			`83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "http://semicomplete.com/b/" "Mozilla/5.0 (Macintosh)"`,
			Request{Address: "83.149.9.216", Referer: "http://semicomplete.com/b/", UserAgent: "Mozilla/5.0 (Macintosh)", Time: at},
		},
		"absent headers, no size": {
			`::1 - frank [17/May/2015:10:05:03 +0000] "-" 408 - "-" "-"`,
			Request{Address: "::1", Time: at},
		},
		"escaped quote": {
			`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /\"x HTTP/1.1" 200 1 "-" "a \"b\" c"`,
			Request{Address: "10.0.0.1", UserAgent: `a "b" c`, Time: at},
		},
		"an escape of the server's own": {
			`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "a\zb"`,
			Request{Address: "10.0.0.1", UserAgent: `a\zb`, Time: at},
		},
	}
	for name, tt := range tests {
		got, err := parseCombined(tt.line)
		if err != nil || !got.Time.Equal(tt.want.Time) {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		got.Time = tt.want.Time
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
		if entry, err := parseCombined(line); err == nil && (entry.Address == "" || entry.Time.IsZero()) {
			t.Errorf("%q was read as %+v, without address or time", line, entry)
		}
	})
}
