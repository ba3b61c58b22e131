package store

import (
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

func TestExpire(t *testing.T) {
	now := today
	s := open(t, Options{Now: func() time.Time { return now }, Match: func(string) bool { return true }})
	click, impression, own, orphan := idOf(today, 1), idOf(today, 2), idOf(today.Add(time.Hour), 3), idOf(today, 4)
	feed(t, s, events.Click, clickRow(click, `"device_id":"d"`))
	feed(t, s, events.Impression, clickRow(impression))
	feed(t, s, events.Conversion, conversionRow(own, click, `"dedupe_keys":["k"]`), conversionRow(orphan, "", `"status":"Hold"`, `"hold_until":"2026-11-22T00:00:00.000Z"`))
	match := attribution.Query{Match: &attribution.Match{DeviceID: "d", UntilMS: today.UnixMilli()}}
	all := map[string]func() bool{
		"click":                   func() bool { return has(t, s, click) },
		"impression":              func() bool { return has(t, s, impression) },
		"conversion of the click": func() bool { return len(find(t, s, attribution.Query{ClickID: click}).Conversions) == 1 },
		"conversion by its id":    func() bool { return len(find(t, s, attribution.Query{ConversionID: own}).Conversions) == 1 },
		"conversion of no click":  func() bool { return len(find(t, s, attribution.Query{ConversionID: orphan}).Conversions) == 1 },
		"match":                   func() bool { return find(t, s, match).Row != nil },
		"key":                     func() bool { return len(find(t, s, attribution.Query{Keys: []string{"k"}}).Holders) == 1 },
	}
	for _, c := range []struct {
		after time.Duration
		gone  string
	}{
		{days(8), ""},
		{days(8) + time.Millisecond, "impression,match"},
		{days(100), "impression,match"},
		{days(100) + time.Millisecond, "impression,match,click,conversion of the click,conversion of no click,conversion by its id"},
		{days(140), "impression,match,click,conversion of the click,conversion of no click,conversion by its id,key"},
	} {
		now = today.Add(c.after)
		if err := s.Expire(); err != nil {
			t.Fatal(err)
		}
		for name, there := range all {
			if got, want := there(), !strings.Contains(","+c.gone+",", ","+name+","); got != want {
				t.Errorf("after %v the %s is there: %v", c.after, name, got)
			}
		}
	}
	it, err := s.db.NewIter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		if it.Key()[0] != metaPrefix {
			t.Errorf("key %q is left", it.Key())
		}
	}
}

// What is old goes from the disk as well, by whole files.
func TestExpiredClicksFreeTheDisk(t *testing.T) {
	now, fs := today, vfs.NewMem()
	s := open(t, Options{FS: fs, Now: func() time.Time { return now }})
	for b := range 8 {
		var lines []string
		for n := range 500 {
			lines = append(lines, clickRow(idOf(today, b*500+n), `"noise":"`+strings.Repeat(idOf(today, n*7919), 20)+`"`))
		}
		feed(t, s, events.Click, lines...)
	}
	if err := s.db.Flush(); err != nil {
		t.Fatal(err)
	}
	before := s.db.Metrics().DiskSpaceUsage()
	now = now.Add(days(101))
	if err := s.Expire(); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Flush(); err != nil {
		t.Fatal(err)
	}
	tables := func() int64 { return s.db.Metrics().Total().TablesCount }
	tick := time.NewTicker(5 * time.Millisecond) // compactions run in the background
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); tables() > 1 && time.Now().Before(deadline); {
		<-tick.C
	}
	if n := tables(); n > 1 {
		t.Errorf("%d files are left of %d bytes", n, before)
	}
}
