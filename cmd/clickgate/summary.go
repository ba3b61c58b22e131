package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/clickgate/clickgate/events"
)

// summary adds up the events of a replay. It is the replay's event log.
type summary struct {
	mu         sync.Mutex
	clicks     int
	unreadable int
	broken     error
	answers    tally // HTTP statuses
	tallies    map[string]tally
}

type tally map[string]int

// summarised are the fields of an event that are added up, in the order in
// which they are printed, with how many values are shown.
var summarised = []struct {
	field string
	most  int
}{
	{"status", 5}, {"rejected_primary_reason", 20}, {"rejections", 20}, {"purpose", 5},
	{"device_type", 10}, {"browser_name", 10}, {"os_name", 10}, {"country", 10}, {"proxy_type", 10},
}

func newSummary() *summary {
	s := &summary{answers: tally{}, tallies: map[string]tally{}}
	for _, f := range summarised {
		s.tallies[f.field] = tally{}
	}
	return s
}

func (s *summary) answered(status int) { s.answers[strconv.Itoa(status)]++ }

// Publish implements events.Publisher.
func (s *summary) Publish(m *events.Message, done func(uint64, error)) {
	s.mu.Lock()
	for line := range bytes.Lines(m.Data) {
		s.add(m.Kind, line)
	}
	clicks := s.clicks
	s.mu.Unlock()
	done(uint64(clicks), nil)
}

// Stored implements events.Publisher: nothing is ever sent twice.
func (s *summary) Stored(context.Context, *events.Message) (bool, error) { return true, nil }

func (s *summary) add(kind events.Kind, line []byte) {
	row, err := events.DecodeRow(kind, line)
	if err != nil {
		s.broken = err
		return
	}
	s.clicks++
	for field, t := range s.tallies {
		if value := row.Text(field); value != "" {
			t[value]++
		}
	}
}

func (s *summary) print(w io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	fmt.Fprintf(w, "%d clicks judged, %d lines unreadable\n", s.clicks, s.unreadable)
	printTally(w, "answer", s.answers, 10)
	for _, f := range summarised {
		printTally(w, f.field, s.tallies[f.field], f.most)
	}
	return nil
}

// printTally prints the most frequent values, equal ones by name.
func printTally(w io.Writer, field string, t tally, most int) {
	if len(t) == 0 {
		return
	}
	values := slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		return cmp.Or(cmp.Compare(t[b], t[a]), cmp.Compare(a, b))
	})
	fmt.Fprintf(w, "\n%s\n", field)
	for i, value := range values {
		if i == most {
			fmt.Fprintf(w, "  %8s  (%d more)\n", "", len(values)-most)
			break
		}
		fmt.Fprintf(w, "  %8d  %s\n", t[value], value)
	}
}
