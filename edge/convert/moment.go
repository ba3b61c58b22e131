package convert

import (
	"fmt"
	"strconv"
	"time"
)

// The times a conversion may name lie between these.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// layouts are the forms of times beside unix seconds and milliseconds. Those
// without an offset are UTC.
var layouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly}

// ParseMoment reads a time of a request: unix seconds or milliseconds, RFC 3339,
// or "2006-01-02 15:04:05" in UTC. Empty is 0.
func ParseMoment(text string) (ms int64, err error) {
	if text == "" {
		return 0, nil
	}
	t, ok := parseUnix(text)
	for _, layout := range layouts {
		if ok {
			break
		}
		parsed, err := time.Parse(layout, text)
		t, ok = parsed, err == nil
	}
	if !ok || t.Before(earliest) || t.After(latest) {
		return 0, fmt.Errorf("must be unix seconds or milliseconds, or a time such as 2026-01-02T15:04:05Z, found %.40q", text)
	}
	return t.UnixMilli(), nil
}

// parseUnix reads digits, with a fraction or without. Seconds reach 11 digits
// in the year 5138.
func parseUnix(text string) (time.Time, bool) {
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
		if len(text) > 11 {
			return time.UnixMilli(whole), true
		}
		return time.Unix(whole, 0), true
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0 && seconds < 1e11) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}
