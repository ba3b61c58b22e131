package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// heldRow is a conversion on hold until some hours from now.
func heldRow(id string, hours int, fields ...string) string {
	until := events.FormatTime(today.Add(time.Duration(hours) * time.Hour))
	return conversionRow(id, idOf(today, 1), append([]string{`"status":"Hold"`, fmt.Sprintf(`"hold_until":%q`, until)}, fields...)...)
}

// due lists by number what is to be released hours from now.
func due(t *testing.T, s *Store, hours, limit int) string {
	t.Helper()
	list, err := s.DueHolds(today.Add(time.Duration(hours)*time.Hour).UnixMilli(), limit)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, p := range list {
		d, err := parseID(p.TxID)
		if err != nil || p.Status != "Hold" || p.Hash == "" || p.Row != nil {
			t.Fatalf("%+v, %v", p, err)
		}
		numbers = append(numbers, fmt.Sprint(d[15]))
	}
	return strings.Join(numbers, " ")
}

func TestDueHolds(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, Options{FS: fs})
	own := func(n int) string { return idOf(today, n) }
	changed := func(n, minutes int, fields string) string {
		return conversionRow(own(n), idOf(today, 1), fields, fmt.Sprintf(`"updated_time":%q`, events.FormatTime(today.Add(time.Duration(minutes)*time.Minute))))
	}
	const hash = `"hash":"h"`
	for _, step := range []struct {
		name string
		rows []string
		// due lists what is due after 0, 2 and 9 hours.
		due [3]string
	}{
		{"three", []string{heldRow(own(2), 2, hash), heldRow(own(3), 1, hash), heldRow(own(4), 0, hash)}, [3]string{"4", "4 3 2", "4 3 2"}},
		{"others", []string{changed(5, 0, `"status":"Approved","hold_until":"2026-11-21T12:00:00.000Z"`), changed(6, 0, `"status":"Hold"`), changed(7, 0, `"status":"Hold","hold_until":"soon"`)}, [3]string{"4", "4 3 2", "4 3 2"}},
		{"released", []string{changed(3, 1, `"status":"Approved"`)}, [3]string{"4", "4 2", "4 2"}},
		{"released, told again", []string{heldRow(own(3), 1, hash)}, [3]string{"4", "4 2", "4 2"}},
		{"for longer", []string{heldRow(own(4), 9, hash)}, [3]string{"", "2", "2 4"}},
		{"to and fro in a batch", []string{changed(2, 1, `"status":"Rejected"`), heldRow(own(2), 3, hash, `"updated_time":"2026-11-21T12:02:00.000Z"`), changed(2, 3, `"status":"Approved"`)}, [3]string{"", "", "4"}},
		{"rejected", []string{changed(4, 9, `"status":"Rejected"`)}, [3]string{"", "", ""}},
	} {
		feed(t, s, events.Conversion, step.rows...)
		for i, hours := range []int{0, 2, 9} {
			if got := due(t, s, hours, 9); got != step.due[i] {
				t.Errorf("%s: after %d hours %q are due, want %q", step.name, hours, got, step.due[i])
			}
		}
	}
	feed(t, s, events.Event, heldRow(own(8), 1, hash), heldRow(own(9), 2, hash), heldRow(own(10), 3, hash))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DueHolds(0, 9); err == nil {
		t.Error("a closed store answers")
	}
	s = open(t, Options{FS: fs})
	if got := due(t, s, 9, 2); got != "8 9" {
		t.Errorf("the first two are %q", got)
	}
}

// A log that is read once more takes no conversion back to what it was.
func TestVersionsDoNotGoBack(t *testing.T) {
	click, own := idOf(today, 1), idOf(today, 2)
	versions := []string{
		conversionRow(own, click, `"status":"Hold"`, `"hold_until":"2026-11-21T13:00:00.000Z"`),
		conversionRow(own, click, `"status":"Approved"`, `"updated_time":"2026-11-21T13:00:01.000Z"`),
		conversionRow(own, click, `"status":"Rejected"`, `"updated_time":"2026-11-21T13:00:02.000Z"`),
	}
	for name, blocks := range map[string][][]string{
		"one by one":  {versions[:1], versions[1:2], versions[2:], versions[:1], versions[1:2], versions[2:]},
		"all at once": {append(versions, versions...)},
		"some":        {versions, versions[:2]},
		"in a batch":  {{versions[0], versions[2], versions[1], versions[0]}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, Options{})
			best := 0
			for _, rows := range blocks {
				feed(t, s, events.Conversion, rows...)
				a := find(t, s, attribution.Query{ConversionID: own})
				state := map[string]int{"Hold": 0, "Approved": 1, "Rejected": 2}[a.Conversions[0].Status]
				if state < best {
					t.Errorf("after %q it is %s", rows, a.Conversions[0].Status)
				}
				best = state
			}
			if best != 2 || len(find(t, s, attribution.Query{ClickID: click}).Conversions) != 1 {
				t.Errorf("it ends as %d", best)
			}
		})
	}
}
