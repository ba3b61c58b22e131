package caps

import (
	"math"
	"time"
)

// Period is how long a cap counts until it begins anew.
type Period uint8

// The periods. Days and months are those of the calendar in the cap's time
// zone, however long clocks that are put forward or back make them.
const (
	Day Period = iota
	Month
	All
)

var periodNames = [...]string{"day", "month", "all"}

// String is the name in documents.
func (p Period) String() string { return periodNames[p] }

const secondsPerDay = 24 * 60 * 60

// number tells the periods from each other: days since 1970-01-01, months
// since the year 0. It goes by the date a calendar in the zone shows, so an
// hour that comes twice or a midnight that is left out does not split a day.
func (p Period) number(ms int64, zone *time.Location) int64 {
	switch t := time.UnixMilli(ms).In(zone); p {
	case Day:
		_, offset := t.Zone()
		return floorDiv(t.Unix()+int64(offset), secondsPerDay)
	case Month:
		year, month, _ := t.Date()
		return int64(year)*12 + int64(month) - 1
	}
	return 0
}

// startMS is a moment up to a day before the beginning of a period, in unix
// milliseconds: zones have left out a whole day before, but never two.
func (p Period) startMS(number int64, zone *time.Location) int64 {
	switch p {
	case Day:
		return time.Date(1970, 1, int(number), 0, 0, 0, 0, zone).UnixMilli()
	case Month:
		return time.Date(0, time.Month(number+1), 0, 0, 0, 0, 0, zone).UnixMilli()
	}
	return math.MinInt64
}

// endMS is a moment up to a day after the end of a period, in unix
// milliseconds.
func (p Period) endMS(number int64, zone *time.Location) int64 {
	switch p {
	case Day:
		return time.Date(1970, 1, int(number)+3, 0, 0, 0, 0, zone).UnixMilli()
	case Month:
		return time.Date(0, time.Month(number+2), 2, 0, 0, 0, 0, zone).UnixMilli()
	}
	return math.MaxInt64
}

// name is the period as people write it: 2026-03-29, 2026-03, or empty for All.
func (p Period) name(number int64) string {
	switch p {
	case Day:
		return time.Unix(number*secondsPerDay, 0).UTC().Format(time.DateOnly)
	case Month:
		return time.Date(0, time.Month(number+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	}
	return ""
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// keepMS is how long counters are kept after endMS: conversions that wait for
// their click are finished with the time they arrived at.
const keepMS = 24 * 60 * 60 * 1000

// isOver tells whether a period that ended at endMS is of no interest any more.
func isOver(endMS, nowMS int64) bool { return endMS <= nowMS-keepMS }
