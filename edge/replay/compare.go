package replay

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// shownExamples is how many clicks of each difference are kept.
const shownExamples = 3

// Comparison is what two configs make of the same clicks.
type Comparison struct {
	// Judged counts the clicks, Unreadable lines that are none.
	Judged, Unreadable int
	// Differences are by what changed, the most frequent first.
	Differences []Difference
}

// Difference is a change of decision that some clicks have in common.
type Difference struct {
	// Before and After are the decisions: approved, the reasons of a rejection,
	// or refused without an event and why. They are equal where only the
	// destination differs.
	Before, After string
	Count         int
	Examples      []Example
}

// Example is one click with a difference.
type Example struct {
	// Click names it: the tx_id of an event, or time and address.
	Click string
	// From and To are the destinations; empty for nowhere.
	From, To string
}

// Compare plays a source to two players and tells where they decide otherwise.
func Compare(before, after *Player, source Source) (*Comparison, error) {
	c := new(Comparison)
	found := map[[2]string]*Difference{}
	unreadable, err := source(func(click Click) error {
		a, errBefore := before.Play(click)
		b, errAfter := after.Play(click)
		if errBefore != nil || errAfter != nil {
			c.Unreadable++
			return nil
		}
		c.Judged++
		note(found, click, a, b)
		return nil
	})
	c.Unreadable += unreadable
	for _, d := range slices.SortedFunc(maps.Values(found), func(a, b *Difference) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After))
	}) {
		c.Differences = append(c.Differences, *d)
	}
	return c, err
}

func note(found map[[2]string]*Difference, c Click, before, after edge.Played) {
	from, to := decision(before), decision(after)
	if from == to && before.URL == after.URL {
		return
	}
	d := found[[2]string{from, to}]
	if d == nil {
		d = &Difference{Before: from, After: to}
		found[[2]string{from, to}] = d
	}
	d.Count++
	if len(d.Examples) < shownExamples {
		d.Examples = append(d.Examples, Example{Click: c.name(), From: before.URL, To: after.URL})
	}
}

// decision is a decision in words.
func decision(p edge.Played) string {
	if p.Refused != "" {
		return "refused: " + p.Refused
	}
	if p.Rejections.Empty() {
		return "approved"
	}
	reasons := []string{p.Primary.String()}
	for r, rest := p.Rejections.Next(); r != click.None; r, rest = rest.Next() {
		if r != p.Primary {
			reasons = append(reasons, r.String())
		}
	}
	text := strings.Join(reasons, "+")
	if !p.Blocked {
		return text + " (let through)"
	}
	return text
}

// name is how a click is called in examples.
func (c Click) name() string {
	if c.Event != nil {
		return c.Event.Text("tx_id")
	}
	return events.FormatTime(c.Request.Time) + " " + c.Request.Address
}

// Changed counts the clicks with a difference.
func (c *Comparison) Changed() (n int) {
	for _, d := range c.Differences {
		n += d.Count
	}
	return n
}

// Print writes the comparison for people.
func (c *Comparison) Print(w io.Writer) {
	fmt.Fprintf(w, "%d clicks judged by both configs, %d lines unreadable, %d decided otherwise\n", c.Judged, c.Unreadable, c.Changed())
	for _, d := range c.Differences {
		what := d.Before + " -> " + d.After
		if d.Before == d.After {
			what = d.Before + ", to another destination"
		}
		fmt.Fprintf(w, "\n  %8d  %s\n", d.Count, what)
		for _, e := range d.Examples {
			fmt.Fprintf(w, "            %s  %s -> %s\n", e.Click, place(e.From), place(e.To))
		}
	}
}

func place(url string) string {
	if url == "" {
		return "(nowhere)"
	}
	return url
}
