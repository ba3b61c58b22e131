package service

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/money"
)

func everything(string, string) bool { return true }

// What the worker reads in a row is what the edge has counted when it wrote it.
func TestRowsCountAsTheirClicks(t *testing.T) {
	set := configOf(t, nil)
	long := strings.Repeat("ä", 200)
	for _, tt := range []struct {
		name   string
		kind   events.Kind
		change func(*click.Click)
		counts bool
	}{
		{"click", events.Click, func(c *click.Click) {}, true},
		{"click that earns", events.Click, func(c *click.Click) { c.Verdict.Payout = money.MustParse("0.0015") }, true},
		{"blocked click", events.Click, func(c *click.Click) { c.Verdict.Blocked = true }, false},
		{"prefetch", events.Click, func(c *click.Click) { c.Purpose = click.Prefetch }, false},
		{"impression", events.Impression, func(c *click.Click) {}, true},
		{"conversion", events.Conversion, func(c *click.Click) {}, true},
		{"rejected conversion", events.Conversion, func(c *click.Click) { c.Verdict.Blocked = true; c.Conversion.Status = click.Rejected }, true},
		{"conversion of a prefetch", events.Conversion, func(c *click.Click) { c.Purpose = click.Prefetch }, true},
		{"event", events.Event, func(c *click.Click) { c.Conversion.Status = click.PendingCap }, true},
		{"chargeback", events.Conversion, func(c *click.Click) { c.Verdict.Payout = money.MustParse("-3") }, true},
		{"nobody's", events.Click, func(c *click.Click) { c.Link = click.Link{} }, true},
		{"publisher that is gone", events.Click, func(c *click.Click) { c.Link.PublisherID, c.Link.PublisherNumber = "gone", "" }, true},
		{"long sub id", events.Click, func(c *click.Click) { c.SubID[0] = long }, true},
		{"long sub id of no text", events.Click, func(c *click.Click) { c.SubID[0] = strings.Repeat("\xff\x80", 200) }, true},
		{"sub id of no text", events.Click, func(c *click.Click) { c.SubID[0] = "a\xffb\xc3" }, true},
		{"sub id that failed", events.Click, func(c *click.Click) { c.Verdict.InvalidSubID = true }, true},
		{"one sub id too many", events.Click, func(c *click.Click) { c.Verdict.SurplusSubID = true }, true},
		{"no sub id", events.Click, func(c *click.Click) { c.SubID[0] = "" }, true},
		{"forged fields", events.Conversion, func(c *click.Click) {
			c.SubID[0], c.SubID[1], c.UserAgent = `x","offer_db_id":"p`, `,"payout":9`, `\",\"publisher_db_id\":\"p8\",`
			c.Params = []click.Param{{Name: "status", Value: `,"status":"Rejected",`}, {Name: "payout", Value: "payout"}}
			c.Link.OfferName, c.Conversion.EventName = `a,`, `"incarnation":`
		}, true},
	} {
		c := made(tt.kind, 1, tt.change)
		want, counts := caps.ThingOf(c)
		if c.Plane == click.PlaneConversion && want.EventNumber == "" {
			want.EventNumber = "0" // the same to caps
		}
		row := bytes.TrimSuffix(rowOf(c, "n1.z"), []byte("\n"))
		got, by, ok, err := newLineReader(set, everything).thingOf(tt.kind, row)
		if err != nil || ok != tt.counts || counts != tt.counts {
			t.Errorf("%s: counts %v for the edge, %v for the worker, %v", tt.name, counts, ok, err)
		}
		if ok && (got != want || by != "n1.z") {
			t.Errorf("%s: read  %+v by %q\nwas %+v", tt.name, got, by, want)
		}
	}
}

func TestBadRows(t *testing.T) {
	good := string(bytes.TrimSpace(rowOf(made(events.Conversion, 1), "")))
	for want, row := range map[string]string{
		"no row":          good[:len(good)-1],
		"no row, or":      strings.Replace(good, `{"tx_id"`, `{ "tx_id"`, 1),
		"request_time":    strings.Replace(good, `"request_time":"2`, `"request_time":"x`, 1),
		"payout":          strings.Replace(good, `"payout":1`, `"payout":1e1x`, 1),
		"revenue":         strings.Replace(good, `"revenue":1`, `"revenue":"`, 1),
		"unknown status":  strings.Replace(good, `"status":"App`, `"status":"Ap`, 1),
		"unknown status ": strings.Replace(good, `"status"`, `"statuz"`, 1),
	} {
		_, _, ok, err := newLineReader(configOf(t, nil), everything).thingOf(events.Conversion, []byte(row))
		if ok || err == nil || !strings.Contains(err.Error()+" ", want) {
			t.Errorf("%s: counts %v, %v", want, ok, err)
		}
	}
	for _, row := range []string{`{"tx_id":"`, `{"tx_id":"12"`, `{"tx_id":"` + strings.Repeat("x", 32) + `"`, `{"tx_id":"` + strings.Repeat("1", 33) + `"`} {
		if id, err := parseTxID([]byte(row)); err == nil {
			t.Errorf("%s is %x", row, id)
		}
	}
}

func TestConcerned(t *testing.T) {
	set := configOf(t, nil)
	asked := ""
	l := newLineReader(set, func(offer, publisher string) bool { asked = offer + " " + publisher; return offer == "o" })
	for range 2 { // publishers are remembered
		if !l.concerned(rowOf(made(events.Click, 1), "")) || asked != "o 7" {
			t.Errorf("asked for %q", asked)
		}
	}
	if l.concerned(rowOf(made(events.Click, 1, func(c *click.Click) { c.Link.OfferID = "p"; c.Link.PublisherID = "p8" }), "")) || asked != "p 8" {
		t.Errorf("asked for %q", asked)
	}
}

// Conversions are removed by the time in their ids.
func TestOrderOfVersions(t *testing.T) {
	c := made(events.Conversion, 1)
	at, err := clickid.Time(string(c.TxID[:]))
	check(t, err)
	id, err := parseTxID(rowOf(c, ""))
	check(t, err)
	key := versionKey(inVersions, id)
	if bytes.Compare(key, firstOf(inVersions, at)) < 0 || bytes.Compare(key, firstOf(inVersions, at.Add(time.Millisecond))) >= 0 {
		t.Errorf("%x is not of %v", key, at)
	}
}

// Whatever stands in a row, its fields are found as encoding/json finds them.
func FuzzFields(f *testing.F) {
	f.Add("s", `x","offer_db_id":"p`, `,"payout":9,`, `"`)
	f.Add("\\", `\`, `{"tx_id":"`, `]},`)
	set := configOf(f, nil)
	f.Fuzz(func(t *testing.T, sub, offer, agent, param string) {
		c := made(events.Conversion, 1, func(c *click.Click) {
			c.SubID[0], c.Link.OfferName, c.UserAgent, c.Link.OfferID = sub, offer, agent, offer
			c.Params = []click.Param{{Name: param, Value: sub}, {Name: agent, Value: param}}
		})
		row := bytes.TrimSuffix(rowOf(c, ""), []byte("\n"))
		got, _, ok, err := newLineReader(set, everything).thingOf(events.Conversion, row)
		if err != nil || !ok {
			t.Fatalf("%s: %v", row, err)
		}
		var want struct {
			SubID   string `json:"sub_id"`
			Offer   string `json:"offer_db_id"`
			Status  string
			Payout  money.Amount
			Revenue money.Amount
		}
		if err := json.Unmarshal(row, &want); err != nil {
			t.Fatal(err)
		}
		if got.SubID != want.SubID || got.OfferID != want.Offer || got.Status.String() != want.Status || got.Payout != want.Payout || got.Revenue != want.Revenue {
			t.Errorf("read %+v, want %+v", got, want)
		}
	})
}

func FuzzLine(f *testing.F) {
	f.Add([]byte(`{"tx_id":"1","offer_db_id":"\`))
	f.Add([]byte(`{"tx_id":"1","payout":`))
	f.Add([]byte(`{"tx_id":"1","payout":}`))
	f.Add(rowOf(made(events.Event, 1), "n1.z"))
	set := configOf(f, nil)
	f.Fuzz(func(t *testing.T, row []byte) {
		l := newLineReader(set, everything)
		l.concerned(row)
		if _, _, ok, err := l.thingOf(events.Event, row); ok && err != nil {
			t.Error(err)
		}
		if isRow(row) {
			_, _ = parseTxID(row)
		}
	})
}

func FuzzVersion(f *testing.F) {
	v := version{from: 3, at: 1 << 40, status: click.Pending, payout: money.MustParse("1.5"), revenue: money.MustParse("-2")}
	f.Add(v.appendTo(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := readVersion(b)
		if err != nil {
			return
		}
		if again, err := readVersion(v.appendTo(nil)); err != nil || again != v {
			t.Errorf("%x is %+v, and then %+v, %v", b, v, again, err)
		}
	})
}

func BenchmarkRows(b *testing.B) {
	for _, bb := range []struct {
		name   string
		change func(*click.Click)
	}{
		{"no cap", func(c *click.Click) { c.Link.OfferID = "p" }},
		{"cap", func(c *click.Click) {}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			c, err := New(Options{Dir: b.TempDir(), Node: "n"})
			check(b, err)
			b.Cleanup(func() { check(b, c.Close()) })
			check(b, c.SetConfig(configOf(b, documents("clicks", "100"))))
			row := rowOf(made(events.Click, 1, bb.change, func(c *click.Click) {
				c.UserAgent, c.Referer = strings.Repeat("Mozilla/5.0 ", 12), "https://example.com/"+strings.Repeat("path/", 20)
				c.Device.BrowserName, c.Device.OSName, c.UUID = "Chrome", "Windows", strings.Repeat("u", 32)
			}), "n1.z")
			block := block(events.Click, 1, bytes.Repeat(row, 64))
			b.SetBytes(int64(len(row)))
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += 64 {
				block.Sequence++
				if err := c.count(&block); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
