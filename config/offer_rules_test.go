package config

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseHours(t *testing.T) {
	for _, tc := range []struct {
		text     string
		from, to int
	}{
		{"08:00-20:00", 480, 1200},
		{"00:00-24:00", 0, 1440},
		{"22:00-06:00", 1320, 1800},
		{"22:30-00:00", 1350, 1440},
		{"23:59-24:00", 1439, 1440},
		{"00:01-00:00", 1, 1440},
		{"12:00-11:59", 720, 2159},
	} {
		if from, to, err := ParseHours(tc.text); err != nil || from != tc.from || to != tc.to {
			t.Errorf("%s is %d to %d, %v; want %d to %d", tc.text, from, to, err, tc.from, tc.to)
		}
	}
	for _, text := range []string{
		"", "08:00", "8:00-20:00", "08:00-20:0", "08:00 20:00", "08:60-20:00", "24:00-24:00", "24:00-01:00", "08:00-24:01", "08:00-08:00",
		"08.00-20.00", "0a:00-20:00", "08:00-20:00 ", "08:00–20:00", "00:00-00:00",
	} {
		if from, to, err := ParseHours(text); err == nil {
			t.Errorf("%q is taken as %d to %d", text, from, to)
		}
	}
}

func TestParseClickSession(t *testing.T) {
	const hour, minute, second = time.Hour, time.Minute, time.Second
	for text, want := range map[string]time.Duration{
		"": 365 * day, "1y": 365 * day, "2m": 60 * day, "3w": 21 * day, "4d": 4 * day, "5h": 5 * hour, "6i": 6 * minute, "7s": 7 * second,
		"1y2m3w4d5h6i7s": (365+60+21+4)*day + 5*hour + 6*minute + 7*second,
		"7s1y":           365*day + 7*second, "0y1s": second, "0000000000000000000001d": day, "10y": 3650 * day,
	} {
		if got, err := ParseClickSession(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"1", "d", "1x", "1 d", " 1d", "1d2d", "0s", "-1d", "1.5d", "10y1s", "1D", "99999999999999999999s", "1d2", "１d"} {
		if got, err := ParseClickSession(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

func TestParseAddresses(t *testing.T) {
	for _, tc := range []struct{ text, first, last string }{
		{"192.0.2.1", "192.0.2.1", "192.0.2.1"},
		{"::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"},
		{"2001:DB8::1", "2001:db8::1", "2001:db8::1"},
		{"192.0.2.1 - 192.0.2.9", "192.0.2.1", "192.0.2.9"},
		{"2001:db8::1-2001:db8::ff", "2001:db8::1", "2001:db8::ff"},
		{"192.0.2.0/24", "192.0.2.0", "192.0.2.255"},
		{"192.0.2.128/25", "192.0.2.128", "192.0.2.255"},
		{"0.0.0.0/0", "0.0.0.0", "255.255.255.255"},
		{"192.0.2.1/32", "192.0.2.1", "192.0.2.1"},
		{"2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"},
	} {
		got, err := ParseAddresses(tc.text)
		if want := (AddressRange{netip.MustParseAddr(tc.first), netip.MustParseAddr(tc.last)}); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", tc.text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "x", "192.0.2", "192.0.2.1/33", "192.0.2.1/24", "fe80::1%eth0", "192.0.2.9-192.0.2.1", "192.0.2.1-::1", "-192.0.2.1",
		"192.0.2.1-", "192.0.2.1-192.0.2.2-192.0.2.3", "::ffff:192.0.2.0/120", "192.0.2.1,192.0.2.2", "192.0.2.0/24-192.0.3.0/24",
	} {
		if got, err := ParseAddresses(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

func TestAddressLines(t *testing.T) {
	var got []string
	for n, line := range AddressLines("\n a \r\n\t\nb\n\nc") {
		got = append(got, string(rune('0'+n))+line)
	}
	if want := []string{"2a", "4b", "6c"}; !slices.Equal(got, want) {
		t.Errorf("lines are %q, want %q", got, want)
	}
}

func TestAddressListIsBounded(t *testing.T) {
	v := new(validator)
	v.addressList("allowed_ip", strings.Repeat("192.0.2.1\n", mostAddresses))
	if v.problems != nil {
		t.Errorf("the most lines are refused: %v", v.problems)
	}
	v.addressList("allowed_ip", strings.Repeat("192.0.2.1\n", mostAddresses+1))
	wantProblems(t, v.problems, []string{"allowed_ip: must have at most 10000 lines"})
}

func TestMoments(t *testing.T) {
	const berlin = "Europe/Berlin"
	for _, tc := range []struct{ name, zone, text, begin, end string }{
		{"day", "", "2026-03-01", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
		{"day in a zone", berlin, "2026-03-01", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"},
		{"minute", berlin, "2026-07-01T08:00", "2026-07-01T06:00:00Z", "2026-07-01T06:01:00Z"},
		{"minute with a space", berlin, "2026-07-01 08:00", "2026-07-01T06:00:00Z", "2026-07-01T06:01:00Z"},
		{"second", berlin, "2026-07-01T08:00:05", "2026-07-01T06:00:05Z", "2026-07-01T06:00:06Z"},
		{"second with a space", berlin, "2026-07-01 08:00:05", "2026-07-01T06:00:05Z", "2026-07-01T06:00:06Z"},
		{"offset before zone", berlin, "2026-07-01T08:00-03:00", "2026-07-01T11:00:00Z", "2026-07-01T11:01:00Z"},
		{"offset of seconds", berlin, "2026-07-01T08:00:05Z", "2026-07-01T08:00:05Z", "2026-07-01T08:00:06Z"},
		{"day of 23 hours", berlin, "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"day of 25 hours", berlin, "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"skipped by clocks", berlin, "2026-03-29T02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:01:00Z"},
		{"shown twice", berlin, "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:31:00Z"},
		{"shown twice, west", "America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:31:00Z"},
		{"skipped, west", "America/New_York", "2026-03-08T02:00", "2026-03-08T07:00:00Z", "2026-03-08T07:01:00Z"},
		{"day without midnight", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		{"skipped day", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			zone, err := Zone(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			m, err := ParseMoment(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			begin, end := m.Begin(zone).UTC().Format(time.RFC3339), m.End(zone).UTC().Format(time.RFC3339)
			if begin != tc.begin || end != tc.end {
				t.Errorf("%s in %s is %s to %s, want %s to %s", tc.text, zone, begin, end, tc.begin, tc.end)
			}
		})
	}
	for _, text := range []string{
		"", "x", "2026-3-1", "2026-02-30", "2026-03-01T24:00", "2026-03-01T08", "2026-03-01T08:00:00.5", "2026-03-01Z", "1969-12-31", "9999-01-01",
		"2026-03-01T08:00 Europe/Berlin", " 2026-03-01",
	} {
		if m, err := ParseMoment(text); err == nil {
			t.Errorf("%q is taken as %v", text, m)
		}
	}
}

func TestParseASN(t *testing.T) {
	for text, want := range map[string]uint32{"AS3320": 3320, "as1": 1, "AS4294967295": 1<<32 - 1, "AS4294967296": 0, "AS0": 0, "AS": 0, "AS+1": 0, "AS 1": 0, "Asia": 0, "3320": 0} {
		if got, ok := ParseASN(text); ok != (want > 0) || ok && got != want {
			t.Errorf("%q is %d, %t; want %d", text, got, ok, want)
		}
	}
}

// FuzzOfferRules feeds the parsers what an operator may write. What they take
// keeps what they promise.
func FuzzOfferRules(f *testing.F) {
	for _, s := range []string{"1y2m3w4d5h6i7s", "22:00-06:00", "192.0.2.1-192.0.2.9", "2001:db8::/32", "2026-10-25T02:30", "2026-03-29", "AS3320", "a, b"} {
		f.Add(s)
	}
	berlin, err := Zone("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseClickSession(s); err == nil && (d < time.Second || d > longestClickSession || d%time.Second != 0) {
			t.Errorf("session %q is %v", s, d)
		}
		if from, to, err := ParseHours(s); err == nil && (from < 0 || from >= MinutesPerDay || to <= from || to > from+MinutesPerDay) {
			t.Errorf("hours %q are %d to %d", s, from, to)
		}
		if r, err := ParseAddresses(s); err == nil && (r.Last.Less(r.First) || r.First.BitLen() != r.Last.BitLen() || r.First.Is4In6()) {
			t.Errorf("addresses %q are %v", s, r)
		}
		if m, err := ParseMoment(s); err == nil && m.End(berlin).Before(m.Begin(berlin)) {
			t.Errorf("%q begins %v and ends %v", s, m.Begin(berlin), m.End(berlin))
		}
		for n, line := range AddressLines(s) {
			if n < 1 || line != strings.TrimSpace(line) || line == "" {
				t.Errorf("%q has line %d %q", s, n, line)
			}
		}
		for _, entry := range SplitSubAccounts(s) {
			if strings.Contains(entry, ",") {
				t.Errorf("%q has the entry %q", s, entry)
			}
		}
	})
}
