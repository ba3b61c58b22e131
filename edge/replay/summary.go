package replay

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/clickgate/clickgate/events"
)

// Summary adds up how clicks were judged.
type Summary struct {
	// Judged counts clicks that leave an event, Unreadable lines that are none.
	Judged, Unreadable int
	refused            tally
	tallies            map[string]tally
}

type tally map[string]int

// summarised are the fields of an event that are added up, in the order in
// which they are printed, with how many values are shown.
var summarised = []struct {
	field string
	most  int
}{
	{"status", 5}, {"rejected_primary_reason", 20}, {"rejections", 20}, {"purpose", 5}, {"bot_class", 5}, {"bot_signals", 20},
	{"device_type", 10}, {"browser_name", 10}, {"os_name", 10}, {"country", 10}, {"proxy_type", 10},
}

func newSummary() *Summary {
	s := &Summary{refused: tally{}, tallies: map[string]tally{}}
	for _, f := range summarised {
		s.tallies[f.field] = tally{}
	}
	return s
}

// Summarise plays a source and adds up.
func Summarise(p *Player, source Source) (*Summary, error) {
	s := newSummary()
	unreadable, err := source(func(c Click) error {
		played, err := p.Play(c)
		if err != nil {
			s.Unreadable++
			return nil
		}
		if played.Row == nil {
			s.refused[played.Refused]++
			return nil
		}
		return s.add(played.Row)
	})
	s.Unreadable += unreadable
	return s, err
}

func (s *Summary) add(line []byte) error {
	row, err := events.DecodeRow(events.Click, line)
	if err != nil {
		return err
	}
	s.Judged++
	for field, t := range s.tallies {
		if value := row.Text(field); value != "" {
			t[value]++
		}
	}
	return nil
}

// Print writes the summary for people.
func (s *Summary) Print(w io.Writer) {
	fmt.Fprintf(w, "%d clicks judged, %d lines unreadable\n", s.Judged, s.Unreadable)
	s.refused.print(w, "refused without an event", 10)
	for _, f := range summarised {
		s.tallies[f.field].print(w, f.field, f.most)
	}
}

// print writes the most frequent values, equal ones by name.
func (t tally) print(w io.Writer, title string, most int) {
	if len(t) == 0 {
		return
	}
	values := slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		return cmp.Or(cmp.Compare(t[b], t[a]), cmp.Compare(a, b))
	})
	fmt.Fprintf(w, "\n%s\n", title)
	for i, value := range values {
		if i == most {
			fmt.Fprintf(w, "  %8s  (%d more)\n", "", len(values)-most)
			break
		}
		fmt.Fprintf(w, "  %8d  %s\n", t[value], value)
	}
}
