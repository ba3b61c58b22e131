package rule

import (
	"time"
	"unsafe"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// times adds the offer's first and last day and its hours.
func (c *compiler) times(o *config.OfferRules) {
	zone, err := config.Zone(o.Timezone)
	if err != nil {
		c.problem("timezone", err)
		return
	}
	if o.StartAt != "" {
		m, err := config.ParseMoment(o.StartAt)
		c.problem("start_at", err)
		c.add(click.Scheduled, "start_at", &start{clock{zone}, m.Begin(zone).UnixMilli(), o.StartAt})
	}
	if o.StopAt != "" {
		m, err := config.ParseMoment(o.StopAt)
		c.problem("stop_at", err)
		c.add(click.Scheduled, "stop_at", &stop{clock{zone}, m.End(zone).UnixMilli(), o.StopAt})
	}
	c.hours(&o.Schedule, zone)
}

// clock shows the time of a click in the offer's zone.
type clock struct{ zone *time.Location }

func (k clock) value(c *click.Click) string {
	n := len(c.Scratch)
	c.Scratch = time.UnixMilli(c.TimeMS).In(k.zone).AppendFormat(c.Scratch, "2006-01-02 15:04:05 Mon")
	return viewOf(c.Scratch[n:])
}

// viewOf is text that stands in Scratch, without a copy.
func viewOf(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// start is the first moment of an offer, in unix milliseconds.
type start struct {
	clock
	first int64
	text  string
}

func (s *start) fits(c *click.Click) bool { return c.TimeMS >= s.first }
func (s *start) wants() string            { return "from " + s.text + " in " + s.zone.String() }

// stop is the first moment after an offer.
type stop struct {
	clock
	end  int64
	text string
}

func (s *stop) fits(c *click.Click) bool { return c.TimeMS < s.end }
func (s *stop) wants() string            { return "up to " + s.text + ", inclusive, in " + s.zone.String() }
