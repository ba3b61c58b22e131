package config

import (
	"fmt"
	"strings"
	"time"
)

const day = 24 * time.Hour

// DefaultClickSession is the click_session of offers that have none.
const DefaultClickSession = 365 * day

// longestClickSession bounds what is a slip of the pen.
const longestClickSession = 10 * 365 * day

// sessionUnits are the scales of a click session. A year is 365 days and a
// month 30, so that a session has one length whenever it begins.
var sessionUnits = map[byte]time.Duration{
	'y': 365 * day, 'm': 30 * day, 'w': 7 * day, 'd': day, 'h': time.Hour, 'i': time.Minute, 's': time.Second,
}

// ParseClickSession reads how long a click may earn a conversion: a sum of
// numbers with units, such as "1y2m3w4d5h6i7s", each unit once at most. m are
// months and i minutes. An empty text is DefaultClickSession. The result is
// from a second to ten years.
func ParseClickSession(s string) (time.Duration, error) {
	if s == "" {
		return DefaultClickSession, nil
	}
	var sum time.Duration
	var seen string
	for rest := s; rest != ""; {
		digits := 0
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		if digits == 0 || digits == len(rest) || sessionUnits[rest[digits]] == 0 {
			return 0, fmt.Errorf("must be numbers with the units y, m (months), w, d, h, i (minutes) and s, such as 30d or 1y2m3w4d5h6i7s, found %q", shorten(s))
		}
		unit := rest[digits]
		if strings.IndexByte(seen, unit) >= 0 {
			return 0, fmt.Errorf("has the unit %c twice, found %q", unit, shorten(s))
		}
		seen += string(unit)
		number := rest[:digits]
		rest = rest[digits+1:]
		var ok bool
		if sum, ok = addSession(sum, number, sessionUnits[unit]); !ok {
			return 0, fmt.Errorf("must be at most 10y, found %q", shorten(s))
		}
	}
	if sum == 0 {
		return 0, fmt.Errorf("must be at least 1s, found %q", shorten(s))
	}
	return sum, nil
}

// addSession adds number times unit, up to the longest session.
func addSession(sum time.Duration, number string, unit time.Duration) (time.Duration, bool) {
	n, most := int64(0), int64((longestClickSession-sum)/unit)
	for i := range len(number) {
		if n = n*10 + int64(number[i]-'0'); n > most {
			return 0, false
		}
	}
	return sum + time.Duration(n)*unit, true
}
