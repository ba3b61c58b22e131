package rule

import (
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// open tells whether a schedule takes clicks at a time.
func open(t testing.TB, s config.Schedule, zone, when string) bool {
	t.Helper()
	rules := compile(t, offer(config.OfferRules{Schedule: s, Timezone: zone}), nil)
	c := visitor(func(c *click.Click) { c.TimeMS = at(when) })
	return rules.Fits(c)
}

func TestHours(t *testing.T) {
	const berlin, newYork = "Europe/Berlin", "America/New_York"
	type schedule = config.Schedule
	type times = map[string]bool
	for _, tc := range []struct {
		name  string
		zone  string
		hours schedule
		want  times
	}{
		{"of a day", "", schedule{Mon: []string{"08:00-20:00"}}, times{
			"2026-07-06T07:59:59Z": false, "2026-07-06T08:00:00Z": true, "2026-07-06T19:59:59Z": true, "2026-07-06T20:00:00Z": false, "2026-07-07T10:00:00Z": false,
		}},
		{"with a break", "", schedule{Mon: []string{"13:00-18:00", "08:00-12:00"}}, times{
			"2026-07-06T08:00:00Z": true, "2026-07-06T12:00:00Z": false, "2026-07-06T12:59:59Z": false, "2026-07-06T13:00:00Z": true,
		}},
		{"that overlap", "", schedule{Mon: []string{"08:00-18:00", "09:00-10:00", "17:00-19:00"}}, times{
			"2026-07-06T11:00:00Z": true, "2026-07-06T18:30:00Z": true, "2026-07-06T19:00:00Z": false,
		}},
		{"over midnight", "", schedule{Fri: []string{"22:00-06:00"}}, times{
			"2026-07-10T21:59:59Z": false, "2026-07-10T22:00:00Z": true, "2026-07-11T05:59:59Z": true, "2026-07-11T06:00:00Z": false,
			"2026-07-10T05:00:00Z": false,
		}},
		{"over midnight and the week", "", schedule{Sat: []string{"22:00-06:00"}}, times{
			"2026-07-11T23:00:00Z": true, "2026-07-12T05:59:59Z": true, "2026-07-12T06:00:00Z": false, "2026-07-05T05:00:00Z": true,
		}},
		{"of whole days", "", schedule{Sat: []string{"00:00-24:00"}, Sun: []string{"00:00-24:00"}}, times{
			"2026-07-10T23:59:59Z": false, "2026-07-11T00:00:00Z": true, "2026-07-12T23:59:59Z": true, "2026-07-13T00:00:00Z": false,
		}},
		{"of a zone", newYork, schedule{Mon: []string{"00:00-01:00"}}, times{"2026-07-06T04:30:00Z": true, "2026-07-06T00:30:00Z": false}},
		{"of a zone with half hours", "Asia/Kolkata", schedule{Mon: []string{"00:00-01:00"}}, times{"2026-07-05T18:30:00Z": true, "2026-07-05T19:30:00Z": false}},
		{"before 1970", "", schedule{Sat: []string{"23:00-24:00"}}, times{"1969-12-27T23:30:30Z": true, "1969-12-27T22:30:30Z": false}},

		// On 2026-03-29 clocks in Berlin go from 02:00 to 03:00, at 01:00 UTC.
		{"when clocks go forward", berlin, schedule{Sun: []string{"01:00-04:00"}}, times{
			"2026-03-28T23:59:59Z": false, "2026-03-29T00:00:00Z": true, "2026-03-29T01:00:00Z": true, "2026-03-29T01:59:59Z": true, "2026-03-29T02:00:00Z": false,
		}},
		{"that clocks skip", berlin, schedule{Sun: []string{"02:00-03:00"}}, times{
			"2026-03-29T00:59:59Z": false, "2026-03-29T01:00:00Z": false, "2026-03-22T01:30:00Z": true,
		}},
		{"in the evening after clocks went forward", berlin, schedule{Sun: []string{"20:00-21:00"}}, times{"2026-03-29T18:00:00Z": true, "2026-03-29T19:00:00Z": false}},
		// On 2026-10-25 they go from 03:00 to 02:00, at 01:00 UTC.
		{"when clocks go back", berlin, schedule{Sun: []string{"01:00-04:00"}}, times{
			"2026-10-24T22:59:59Z": false, "2026-10-24T23:00:00Z": true, "2026-10-25T01:30:00Z": true, "2026-10-25T02:59:59Z": true, "2026-10-25T03:00:00Z": false,
		}},
		{"that clocks show twice", berlin, schedule{Sun: []string{"02:00-03:00"}}, times{
			"2026-10-24T23:59:59Z": false, "2026-10-25T00:00:00Z": true, "2026-10-25T01:59:59Z": true, "2026-10-25T02:00:00Z": false,
		}},
		{"over midnight when clocks go back", newYork, schedule{Sat: []string{"23:00-01:30"}}, times{
			"2026-11-01T05:29:59Z": true, "2026-11-01T05:30:00Z": false, "2026-11-01T06:15:00Z": true, "2026-11-01T06:30:00Z": false,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for when, want := range tc.want {
				if got := open(t, tc.hours, tc.zone, when); got != want {
					t.Errorf("%s: open %t, want %t", when, got, want)
				}
			}
		})
	}
}

// minuteOfWeek agrees with the calendar through every change of clocks.
func TestMinuteOfWeek(t *testing.T) {
	for _, name := range []string{"", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"} {
		zone, err := config.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		for ms := at("2009-01-01T00:00:00Z"); ms < at("2028-01-01T00:00:00Z"); ms += (47 * time.Minute).Milliseconds() {
			local := time.UnixMilli(ms).In(zone)
			want := int(local.Weekday())*config.MinutesPerDay + local.Hour()*60 + local.Minute()
			if got := minuteOfWeek(ms, zone); got != want {
				t.Fatalf("%s is minute %d of the week, want %d", local, got, want)
			}
		}
	}
}
