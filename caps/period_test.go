package caps

import (
	"testing"
	"time"
)

// Days have 23 to 25 hours, begin at one, come twice in part or not at all.
func TestPeriodsFollowTheCalendar(t *testing.T) {
	for _, tt := range []struct{ zone, from, until string }{
		{"UTC", "2023-12-01", "2024-03-03"},
		{"Europe/Berlin", "2026-03-01", "2026-12-01"},
		{"Africa/Cairo", "2026-04-01", "2026-11-30"},      // clocks go forward at midnight
		{"America/Havana", "2026-03-01", "2026-11-30"},    // and here, and back to midnight
		{"America/Sao_Paulo", "2017-10-01", "2018-03-30"}, // back into the day before
		{"America/St_Johns", "2006-10-01", "2006-11-30"},  // back at one minute past midnight
		{"Pacific/Apia", "2011-12-01", "2012-01-31"},      // without the 30th of December
		{"Asia/Kathmandu", "1985-12-01", "1986-02-01"},    // by a quarter of an hour
		{"Pacific/Kiritimati", "1994-12-01", "1995-02-01"},
		{"America/New_York", "1969-12-01", "1970-02-01"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		numbers := map[string]int64{}
		for ms := at(tt.from + "T00:00:00Z"); ms < at(tt.until+"T00:00:00Z"); ms += 15*60_000 - 1 {
			local := time.UnixMilli(ms).In(zone)
			for period, date := range map[Period]string{Day: local.Format(time.DateOnly), Month: local.Format("2006-01")} {
				n := period.number(ms, zone)
				if period.name(n) != date {
					t.Fatalf("%s %s: period %s, want %s", tt.zone, local, period.name(n), date)
				}
				if before, known := numbers[date]; known && before != n {
					t.Fatalf("%s %s: number %d, before %d", tt.zone, local, n, before)
				}
				numbers[date] = n
				start, end := period.startMS(n, zone), period.endMS(n, zone)
				if start > ms || end <= ms {
					t.Fatalf("%s %s is not from %s to %s", tt.zone, local, time.UnixMilli(start).In(zone), time.UnixMilli(end).In(zone))
				}
				if start < ms-33*24*3600_000 || end > ms+33*24*3600_000 {
					t.Fatalf("%s %s: from %s to %s is too long", tt.zone, local, time.UnixMilli(start).In(zone), time.UnixMilli(end).In(zone))
				}
			}
		}
	}
}

func TestAllNeverEnds(t *testing.T) {
	if All.number(noon, time.UTC) != All.number(noon+1e14, time.UTC) {
		t.Error("there is more than one period")
	}
	if isOver(All.endMS(0, time.UTC), noon+1e14) || All.startMS(0, time.UTC) > 0 {
		t.Error("it begins or ends")
	}
}

func TestPeriodIsKeptForADay(t *testing.T) {
	end := Day.endMS(Day.number(noon, time.UTC), time.UTC)
	if isOver(end, end+keepMS-1) || !isOver(end, end+keepMS) {
		t.Error("a day is not kept for one more")
	}
}
