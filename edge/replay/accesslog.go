package replay

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// combined is the "combined" format of Apache and nginx. Quotes within a
// quoted field are escaped with a backslash.
var combined = regexp.MustCompile(`^(\S+) \S+ .*?\[([^\]]+)\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-) ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")`)

// parseCombined reads one line. A line that is cut off or of another format is
// an error, and so is an address that is none.
func parseCombined(line string) (Request, error) {
	m := combined.FindStringSubmatch(line)
	if m == nil {
		return Request{}, fmt.Errorf("not a line of a combined log: %.60q", line)
	}
	if _, err := netip.ParseAddr(m[1]); err != nil {
		return Request{}, fmt.Errorf("address: %w", err)
	}
	at, err := time.Parse("02/Jan/2006:15:04:05 -0700", m[2])
	if err != nil {
		return Request{}, fmt.Errorf("time: %w", err)
	}
	return Request{Address: m[1], Time: at, Referer: unquote(m[3]), UserAgent: unquote(m[4])}, nil
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
