package store

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// FuzzEachField: what encoding/json reads in a compact object is read alike,
// and nothing makes the scanner run away.
func FuzzEachField(f *testing.F) {
	f.Add([]byte(clickRow(idOf(today, 1), `"a":"\\\"","b":[1,"]"],"c":{"d":"}"},"e":-1.5e3,"f":null`)))
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"a":"\\"}`))
	f.Add([]byte(`{"a":1,}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		got, escaped := map[string]string{}, false
		err := eachField(line, func(name, value []byte) {
			got[string(name)] = text(value)
			escaped = escaped || bytes.IndexByte(name, '\\') >= 0
		})
		var want map[string]any
		if json.Unmarshal(line, &want) != nil || want == nil || !utf8.Valid(line) || bytes.ContainsAny(line, " \t\r\n") {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		for name, value := range want {
			if s, _ := value.(string); !escaped && got[name] != s {
				t.Errorf("%q: field %q is %q, want %q", line, name, got[name], s)
			}
		}
	})
}

// FuzzApply: no line stops the log, and what is taken can be read back.
func FuzzApply(f *testing.F) {
	click, own := idOf(today, 1), idOf(today, 2)
	f.Add(uint8(events.Click), []byte(clickRow(click, `"device_id":"d","click_ip":"1.2.3.4","user_agent":"ua"`)))
	f.Add(uint8(events.Conversion), []byte(conversionRow(own, click, `"event_db_id":"e1","status":"Approved","dedupe_keys":["a","b"],"conversion_time":"2026-11-21T12:00:00Z"`)))
	f.Add(uint8(events.Event), []byte("{\n{}\n\x00"))
	f.Add(uint8(events.Conversion), []byte(heldRow(own, 1)+"\n"+conversionRow(own, click, `"status":"Approved","updated_time":"2026-11-21T13:00:00Z"`)))
	s := open(f, Options{Match: func(string) bool { return true }})
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		next := s.Position().Sequence + 1
		if err := s.Apply([]Block{{Kind: events.Kind(kind % 5), Sequence: next, LoggedMS: 1, Data: data}}); err != nil {
			t.Fatal(err)
		}
		if s.Position().Sequence != next {
			t.Errorf("the block was not taken")
		}
		find(t, s, attribution.Query{ClickID: click})
		wantAlike(t, s, click)
		find(t, s, attribution.Query{ConversionID: own})
		if _, err := s.DueHolds(today.UnixMilli(), 10); err != nil {
			t.Error(err)
		}
	})
}

// FuzzStored: bytes from a disk are read without panic.
func FuzzStored(f *testing.F) {
	l, err := parseConversion([]byte(conversionRow(idOf(today, 1), "", `"event_db_id":"e1","status":"s","hash":"h"`)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(appendPrior(nil, events.Event, &l, []byte("{}")))
	f.Add((&Position{Log: "L", Sequence: 1, LoggedMS: 2, SinceMS: 3}).encode())
	v := version{click: id{1}, event: "e1"}
	f.Add(v.latestKey(id{2}))
	f.Add(appendStored(nil, idOf(today, 1), []byte(clickRow(idOf(today, 1)))))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = loadPrior(id{}, data, true)
		_, _ = loadRow(id{}, data)
		if event, err := eventOf(data); err == nil && !bytes.HasPrefix(data, event) {
			t.Errorf("%x is the event of key %x", event, data)
		}
		if p, err := decodePosition(data); err == nil {
			if again, err := decodePosition(p.encode()); err != nil || again != p {
				t.Errorf("%+v comes back as %+v, %v", p, again, err)
			}
		}
	})
}
