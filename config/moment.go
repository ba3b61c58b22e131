package config

import (
	"fmt"
	"time"
)

// Moment is a day, minute or second on a calendar, as operators write it.
type Moment struct {
	// begins is what calendar and clock show at its beginning, as if in UTC,
	// unless fixed; then it is the instant itself.
	begins time.Time
	fixed  bool
	unit   time.Duration
}

// momentForms are the forms of a moment, with the length of what each names.
var momentForms = []struct {
	layout string
	unit   time.Duration
	fixed  bool
}{
	{"2006-01-02", day, false},
	{"2006-01-02T15:04", time.Minute, false},
	{"2006-01-02 15:04", time.Minute, false},
	{"2006-01-02T15:04:05", time.Second, false},
	{"2006-01-02 15:04:05", time.Second, false},
	{"2006-01-02T15:04Z07:00", time.Minute, true},
	{"2006-01-02T15:04:05Z07:00", time.Second, true},
}

// longestMoment is the length of the longest form. time.Parse would take
// fractions of a second too.
const longestMoment = len("2006-01-02T15:04:05+07:00")

// ParseMoment reads "2026-03-01", "2026-03-01T08:00" or "2026-03-01T08:00:30"
// (a space may stand for the T), or a time with an offset from UTC such as
// "2026-03-01T08:00:00+01:00". Years are 1970 to 9998.
func ParseMoment(s string) (Moment, error) {
	for _, f := range momentForms {
		t, err := time.Parse(f.layout, s)
		if err == nil && len(s) <= longestMoment && t.Nanosecond() == 0 && t.Year() >= 1970 && t.Year() < 9999 {
			return Moment{begins: t, fixed: f.fixed, unit: f.unit}, nil
		}
	}
	return Moment{}, fmt.Errorf("must be a day or time such as 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00:00+01:00, found %q", shorten(s))
}

// Begin is the first instant of m where clocks show the time of zone. What
// clocks skip begins when they are put forward.
func (m Moment) Begin(zone *time.Location) time.Time {
	if m.fixed {
		return m.begins
	}
	first, _ := instantsOf(m.begins, zone)
	return first
}

// End is the first instant after m. A time that clocks show twice ends the
// second time.
func (m Moment) End(zone *time.Location) time.Time {
	switch {
	case m.fixed:
		return m.begins.Add(m.unit)
	case m.unit == day:
		first, _ := instantsOf(m.begins.AddDate(0, 0, 1), zone)
		return first
	}
	_, last := instantsOf(m.begins, zone)
	return last.Add(m.unit)
}

// instantsOf are the first and the last instant at which clocks in zone show
// what t shows in UTC. When they never do, both are the instant at which they
// skip it.
func instantsOf(t time.Time, zone *time.Location) (first, last time.Time) {
	before, after := t.Add(-offsetAt(t.Add(-day), zone)), t.Add(-offsetAt(t.Add(day), zone))
	shows := func(at time.Time) bool { return at.Add(offsetAt(at, zone)).Equal(t) }
	switch {
	case shows(before) && shows(after):
		if after.Before(before) {
			before, after = after, before
		}
		return before, after
	case shows(before):
		return before, before
	case shows(after):
		return after, after
	}
	skip, _ := before.In(zone).ZoneBounds()
	return skip, skip
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
