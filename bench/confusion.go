package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/clickgate/clickgate/edge/device"
)

// confusion counts verdicts about user agents. Positive is a bot.
type confusion struct {
	tp, fn, fp, tn int
	misjudged      []misjudged
}

type misjudged struct {
	labelled
	verdict string
}

func (c *confusion) judge(p *device.Parser, a labelled) {
	d := p.Parse(a.UA)
	switch bot := a.Label == "bot"; {
	case bot && d.Bot:
		c.tp++
	case !bot && !d.Bot:
		c.tn++
	case bot:
		c.fn++
		c.misjudged = append(c.misjudged, misjudged{a, "a person"})
	default:
		c.fp++
		c.misjudged = append(c.misjudged, misjudged{a, fmt.Sprintf("a bot (%s, %s)", cmp.Or(d.BotName, "unnamed"), d.BotClass)})
	}
}

func (c *confusion) add(d confusion) {
	c.tp, c.fn, c.fp, c.tn = c.tp+d.tp, c.fn+d.fn, c.fp+d.fp, c.tn+d.tn
	c.misjudged = append(c.misjudged, d.misjudged...)
}

func (c confusion) print(w io.Writer, set, part string) {
	fmt.Fprintf(w, "| %s | %s | %d | %d | %d | %d | %s | %s |\n", set, part, c.tp, c.fn, c.fp, c.tn,
		percent(c.tp, c.tp+c.fn), percent(c.fp, c.fp+c.tn))
}

// percent is a share in percent; a dash where there is nothing to share.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(part)/float64(whole))
}
