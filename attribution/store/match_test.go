package store

import (
	"net/netip"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

func TestMatch(t *testing.T) {
	s := open(t, Options{Match: func(integration string) bool { return integration != "off" }})
	at := func(d time.Duration) time.Time { return today.Add(-d) }
	rows := map[string]string{}
	add := func(name string, ago time.Duration, n int, fields ...string) {
		id := idOf(at(ago), n)
		rows[name] = clickRow(id, fields...)
		feed(t, s, events.Click, rows[name])
	}
	const in, offer = `"integration_id":"i1"`, `"offer_db_id":"o1"`
	add("device", 3*time.Hour, 1, in, offer, `"device_id":"d1"`)
	add("newer device", time.Hour, 2, in, `"offer_db_id":"o2"`, `"device_id":"d1"`)
	add("uuid", 30*time.Minute, 3, in, offer, `"uuid":"u1"`)
	add("visitor", 49*time.Hour, 4, in, offer, `"click_ip":"2001:db8::1"`, `"user_agent":"a \"b\" \u00fc"`)
	add("blocked", time.Minute, 5, `"integration_id":"i1","blocked":1`, `"device_id":"d2"`)
	add("switched off", time.Minute, 6, `"integration_id":"off"`, `"device_id":"d3"`)
	add("elsewhere", time.Minute, 7, `"integration_id":"i2"`, `"device_id":"d1"`)
	add("midnight", 12*time.Hour, 8, in, offer, `"device_id":"d4"`)
	add("before midnight", 12*time.Hour+time.Millisecond, 9, in, offer, `"device_id":"d4"`)
	add("no agent", time.Minute, 10, in, offer, `"click_ip":"2001:db8::1"`)
	ip := netip.MustParseAddr("2001:db8::1")

	for _, c := range []struct {
		name       string
		m          attribution.Match
		ago, until time.Duration
		want, by   string
	}{
		{"newest by device", attribution.Match{DeviceID: "d1"}, 24 * time.Hour, 0, "newer device", attribution.ByDeviceID},
		{"of the offer", attribution.Match{DeviceID: "d1", OfferID: "o1"}, 24 * time.Hour, 0, "device", attribution.ByDeviceID},
		{"of no such offer", attribution.Match{DeviceID: "d1", OfferID: "o3"}, 24 * time.Hour, 0, "", ""},
		{"until", attribution.Match{DeviceID: "d1"}, 24 * time.Hour, 2 * time.Hour, "device", attribution.ByDeviceID},
		{"since", attribution.Match{DeviceID: "d1", OfferID: "o1"}, 2 * time.Hour, 0, "", ""},
		{"exactly since and until", attribution.Match{DeviceID: "d1", OfferID: "o1"}, 3 * time.Hour, 3 * time.Hour, "device", attribution.ByDeviceID},
		{"just too late", attribution.Match{DeviceID: "d1", OfferID: "o1"}, 3*time.Hour - time.Millisecond, 0, "", ""},
		{"device before uuid", attribution.Match{DeviceID: "d1", UUID: "u1"}, 24 * time.Hour, 0, "newer device", attribution.ByDeviceID},
		{"uuid where no device is known", attribution.Match{DeviceID: "none", UUID: "u1"}, 24 * time.Hour, 0, "uuid", attribution.ByUUID},
		{"address and agent, days ago", attribution.Match{IP: ip, UserAgent: `a "b" ü`}, 72 * time.Hour, 0, "visitor", attribution.ByIPUserAgent},
		{"address with a zone", attribution.Match{IP: ip.WithZone("eth0"), UserAgent: `a "b" ü`}, 72 * time.Hour, 0, "visitor", attribution.ByIPUserAgent},
		{"address alone", attribution.Match{IP: ip}, 72 * time.Hour, 0, "", ""},
		{"another agent", attribution.Match{IP: ip, UserAgent: "a"}, 72 * time.Hour, 0, "", ""},
		{"agent alone", attribution.Match{UserAgent: `a "b" ü`}, 72 * time.Hour, 0, "", ""},
		{"a device id as a cookie", attribution.Match{UUID: "d1"}, 24 * time.Hour, 0, "", ""},
		{"blocked", attribution.Match{DeviceID: "d2"}, 24 * time.Hour, 0, "", ""},
		{"over midnight", attribution.Match{DeviceID: "d4"}, 24 * time.Hour, 12*time.Hour + time.Millisecond, "before midnight", attribution.ByDeviceID},
		{"at midnight", attribution.Match{DeviceID: "d4"}, 24 * time.Hour, 12 * time.Hour, "midnight", attribution.ByDeviceID},
		{"switched off", attribution.Match{IntegrationID: "off", DeviceID: "d3"}, 24 * time.Hour, 0, "", ""},
		{"another integration", attribution.Match{IntegrationID: "i2", DeviceID: "d1"}, 24 * time.Hour, 0, "elsewhere", attribution.ByDeviceID},
		{"nothing known", attribution.Match{}, 24 * time.Hour, 0, "", ""},
		{"backwards", attribution.Match{DeviceID: "d1"}, 0, 24 * time.Hour, "", ""},
	} {
		if c.m.IntegrationID == "" {
			c.m.IntegrationID = "i1"
		}
		c.m.SinceMS, c.m.UntilMS = at(c.ago).UnixMilli(), at(c.until).UnixMilli()
		a := find(t, s, attribution.Query{Match: &c.m})
		if string(a.Row) != rows[c.want] || a.MatchedBy != c.by {
			t.Errorf("%s: found %s by %q, want %q by %q", c.name, a.Row, a.MatchedBy, c.want, c.by)
		}
	}
}

func TestMatchBringsConversionsAndKeys(t *testing.T) {
	s := open(t, Options{Match: func(string) bool { return true }})
	click, own := idOf(today, 1), idOf(today, 2)
	feed(t, s, events.Click, clickRow(click, `"device_id":"d"`))
	feed(t, s, events.Conversion, conversionRow(own, click, `"dedupe_keys":["k"]`))
	a := find(t, s, attribution.Query{Match: &attribution.Match{DeviceID: "d", UntilMS: today.UnixMilli()}, Keys: []string{"k"}})
	if a.Row == nil || len(a.Conversions) != 1 || a.Holders["k"] != own {
		t.Errorf("found %+v", a)
	}
}

// One device id that is millions of visitors, or hashes that are alike, cost a
// bounded search.
func TestMatchLooksAtSoMany(t *testing.T) {
	s := open(t, Options{Match: func(string) bool { return true }})
	want := idOf(today.Add(-time.Hour), 0)
	feed(t, s, events.Click, clickRow(want, `"device_id":"d","offer_db_id":"o1"`))
	m := attribution.Match{DeviceID: "d", OfferID: "o1", UntilMS: today.UnixMilli(), SinceMS: today.Add(-2 * time.Hour).UnixMilli()}
	var others []string
	for n := range maxCandidates {
		others = append(others, clickRow(idOf(today.Add(-time.Minute), n), `"device_id":"d","offer_db_id":"o2"`))
	}
	feed(t, s, events.Click, others[1:]...)
	if a := find(t, s, attribution.Query{Match: &m}); a.Row == nil {
		t.Errorf("behind %d other clicks it is not found", len(others)-1)
	}
	feed(t, s, events.Click, others[0])
	if a := find(t, s, attribution.Query{Match: &m}); a.Row != nil {
		t.Errorf("behind %d other clicks it is found", len(others))
	}
}
