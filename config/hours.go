package config

import (
	"errors"
	"fmt"
)

// MinutesPerDay is the length of an ordinary day in a Schedule.
const MinutesPerDay = 24 * 60

// ParseHours reads hours of a Schedule such as "08:00-20:00". It returns when
// they begin and end, in minutes of the day that they begin on: from is 0 to
// 1439, to is above from and at most from + 1440, over midnight where the end
// is not after the beginning ("22:00-06:00"). The minute of the end is outside.
func ParseHours(s string) (from, to int, err error) {
	if len(s) == len("08:00-20:00") && s[5] == '-' {
		first, okFirst := parseClock(s[:5])
		last, okLast := parseClock(s[6:])
		switch {
		case !okFirst || !okLast || first == MinutesPerDay:
		case first == last:
			return 0, 0, errors.New("begin and end at the same minute; a whole day is 00:00-24:00")
		case last > first:
			return first, last, nil
		default:
			return first, last + MinutesPerDay, nil
		}
	}
	return 0, 0, fmt.Errorf("must be hours such as 08:00-20:00, from 00:00 to 24:00, found %q", shorten(s))
}

// parseClock reads "00:00" to "24:00".
func parseClock(s string) (minute int, ok bool) {
	for _, i := range [...]int{0, 1, 3, 4} {
		if !isDigit(s[i]) {
			return 0, false
		}
	}
	hours, minutes := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	minute = hours*60 + minutes
	return minute, s[2] == ':' && minutes < 60 && minute <= MinutesPerDay
}
