package rule

import (
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

const minutesPerWeek = 7 * config.MinutesPerDay

// hours are the windows of a week in which an offer takes clicks. They go by
// what clocks show: an hour that clocks skip does not exist, and one that they
// show twice counts twice.
type hours struct {
	clock
	windows []window // by their beginning; they may overlap
	doc     *config.Schedule
}

// window is a part of the week in minutes from Sunday 00:00, without its end.
type window struct{ from, to int }

func (c *compiler) hours(s *config.Schedule, zone *time.Location) {
	h := &hours{clock: clock{zone}, doc: s}
	for weekday, entries := range s.Days() {
		for _, entry := range entries {
			from, to, err := config.ParseHours(entry)
			c.problem("schedule."+dayNames[weekday], err)
			if err == nil {
				h.add(weekday*config.MinutesPerDay+from, weekday*config.MinutesPerDay+to)
			}
		}
	}
	if len(h.windows) > 0 {
		slices.SortFunc(h.windows, func(a, b window) int { return a.from - b.from })
		c.add(click.Scheduled, "schedule", h)
	}
}

// add adds a window; what reaches beyond the week is at its beginning.
func (h *hours) add(from, to int) {
	h.windows = append(h.windows, window{from, min(to, minutesPerWeek)})
	if to > minutesPerWeek {
		h.windows = append(h.windows, window{0, to - minutesPerWeek})
	}
}

// fits asks the first window that has not ended: later ones begin later still.
func (h *hours) fits(c *click.Click) bool {
	now := minuteOfWeek(c.TimeMS, h.zone)
	for _, w := range h.windows {
		if now < w.to {
			return now >= w.from
		}
	}
	return false
}

// minuteOfWeek is what a clock in zone shows at a time in unix milliseconds, in
// minutes from Sunday 00:00. It asks for the zone's offset only: making a date
// of it takes several times as long.
func minuteOfWeek(ms int64, zone *time.Location) int {
	const thursday = 4 * config.MinutesPerDay // 1970-01-01
	t := time.UnixMilli(ms)
	_, offset := t.In(zone).Zone()
	seconds := (t.Unix() + int64(offset)) % (minutesPerWeek * 60)
	if seconds < 0 {
		seconds += minutesPerWeek * 60
	}
	return (int(seconds)/60 + thursday) % minutesPerWeek
}

// dayNames are the fields of a schedule, by time.Weekday.
var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (h *hours) wants() string {
	var parts []string
	for weekday, entries := range h.doc.Days() {
		if len(entries) > 0 {
			parts = append(parts, dayNames[weekday]+" "+strings.Join(entries, ", "))
		}
	}
	return strings.Join(parts, "; ") + " in " + h.zone.String()
}
