package main

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// logEntry is what a replay takes from one line of an access log.
type logEntry struct {
	address, referer, userAgent string
	time                        time.Time
}

// combined is the "combined" format of Apache and nginx. Quotes within a
// quoted field are escaped with a backslash.
var combined = regexp.MustCompile(`^(\S+) \S+ .*?\[([^\]]+)\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-) ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")`)

// parseCombined reads one line. A line that is cut off or of another format is
// an error, and so is an address that is none.
func parseCombined(line string) (logEntry, error) {
	m := combined.FindStringSubmatch(line)
	if m == nil {
		return logEntry{}, fmt.Errorf("not a line of a combined log: %.60q", line)
	}
	if _, err := netip.ParseAddr(m[1]); err != nil {
		return logEntry{}, fmt.Errorf("address: %w", err)
	}
	at, err := time.Parse("02/Jan/2006:15:04:05 -0700", m[2])
	if err != nil {
		return logEntry{}, fmt.Errorf("time: %w", err)
	}
	return logEntry{address: m[1], time: at, referer: unquote(m[3]), userAgent: unquote(m[4])}, nil
}

// unquote undoes the log's quoting; "-" is an absent header.
func unquote(field string) string {
	text, err := strconv.Unquote(field)
	if err != nil { // an escape that Go does not know
		text = strings.Trim(field, `"`)
	}
	if text == "-" {
		return ""
	}
	return text
}
