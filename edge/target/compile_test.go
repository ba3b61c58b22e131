package target

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestCompileReportsEveryMistake(t *testing.T) {
	s := config.Targeting{ // switched off, and checked all the same
		Device: config.TargetDevice{
			Browsers:         bools{"": true, strings.Repeat("x", maxName+1): true, "Chrome": true, "chrome ": false},
			DeviceTypes:      bools{"Fridge": true},
			OperatingSystems: bools{"macOS": true, "Mac OS X": false},
			OSVersions: map[string]config.TargetOSVersion{
				"iOS": {MinVersion: "15", MaxVersion: "14"}, "Android": {MinVersion: "ten"}, "Windows": {MaxVersion: "10."},
				"macOS": {IsAllowed: true}, "OSX": {MinVersion: "1.2.3.4.5"},
			},
		},
		Geo: config.TargetGeo{Countries: bools{"Germany": true, "D1": true}, Cities: bools{" ": true}},
		IP: config.TargetIP{
			IPAddresses: bools{"10.0.0.0/8": true, "10.0.0.1": true, "::ffff:10.0.0.1": false, "fe80::1%eth0": true},
			IPRanges:    bools{"10.0.0.1": true, "10.0.0.9-10.0.0.1": true, "10.0.0.1-::1": true, "x-10.0.0.1": true, "10.0.0.1-y": true},
		},
		Language: bools{"german language": true, "d": true, "pt-BR": true, "pt_br": false, "de-": true, "1a": true},
	}
	r, problems := Compile(&s)
	if r != nil {
		t.Error("Compile returned rules in spite of mistakes")
	}
	want := []string{
		`device.browsers[""]: 0 bytes long; allowed are 1 to 100`,
		`device.browsers["chrome "]: "chrome" is both admitted and refused, under different spellings`,
		`device.browsers["` + strings.Repeat("x", 101) + `"]: 101 bytes long; allowed are 1 to 100`,
		`device.device_types["Fridge"]: unknown device type; allowed are Phone, Tablet, Computer, TV, Bot and Other`,
		`device.operating_systems["macOS"]: "mac os x" is both admitted and refused, under different spellings`,
		`device.os_versions["Android"]: min_version "ten" is not a version of 1 to 4 numbers such as 10.15.7`,
		`device.os_versions["OSX"]: min_version "1.2.3.4.5" is not a version of 1 to 4 numbers such as 10.15.7`,
		`device.os_versions["Windows"]: max_version "10." is not a version of 1 to 4 numbers such as 10.15.7`,
		`device.os_versions["iOS"]: min_version 15 lies above max_version 14`,
		`device.os_versions["macOS"]: "mac os x" has two different rules, under different spellings`,
		`geo.countries["D1"]: not a two-letter country code of ISO 3166-1`,
		`geo.countries["Germany"]: not a two-letter country code of ISO 3166-1`,
		`geo.cities[" "]: 0 bytes long; allowed are 1 to 100`,
		`ip.ip_addresses["10.0.0.0/8"]: "10.0.0.0/8" is not an address such as 10.0.0.1 or 2001:db8::1`,
		`ip.ip_addresses["::ffff:10.0.0.1"]: 10.0.0.1 is both admitted and refused, under different spellings`,
		`ip.ip_addresses["fe80::1%eth0"]: "fe80::1%eth0" is not an address such as 10.0.0.1 or 2001:db8::1`,
		`ip.ip_ranges["10.0.0.1"]: "10.0.0.1" is not a range such as 10.0.0.1-10.0.0.255`,
		`ip.ip_ranges["10.0.0.1-::1"]: 10.0.0.1 and ::1 are of different families`,
		`ip.ip_ranges["10.0.0.1-y"]: "y" is not an address such as 10.0.0.1 or 2001:db8::1`,
		`ip.ip_ranges["10.0.0.9-10.0.0.1"]: the first address 10.0.0.9 lies after the last one 10.0.0.1`,
		`ip.ip_ranges["x-10.0.0.1"]: "x" is not an address such as 10.0.0.1 or 2001:db8::1`,
		`language["1a"]: not a language tag such as de or pt-BR`,
		`language["d"]: not a language tag such as de or pt-BR`,
		`language["de-"]: not a language tag such as de or pt-BR`,
		`language["german language"]: not a language tag such as de or pt-BR`,
		`language["pt_br"]: "pt-br" is both admitted and refused, under different spellings`,
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("problem %d differs; got\n%s\nwant\n%s", i, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestAgreeingSpellingsAreFine(t *testing.T) {
	_, problems := Compile(&config.Targeting{
		Device:   config.TargetDevice{OperatingSystems: bools{"macOS": true, "Mac OS X": true}},
		IP:       config.TargetIP{IPAddresses: bools{"10.0.0.1": true, "::ffff:10.0.0.1": true}},
		Language: bools{"pt-BR": true, "pt_br": true},
	})
	if err := problems.Err(); err != nil {
		t.Errorf("two spellings that say the same are refused: %v", err)
	}
}

// TestTablesAreFolded: a table entry with a capital letter would never match.
func TestTablesAreFolded(t *testing.T) {
	for name, table := range map[string]map[string]string{
		"typeAliases": typeAliases, "countryAliases": countryAliases,
	} {
		for key, value := range table {
			if key != strings.ToLower(key) || value != strings.ToLower(value) || table[value] != "" {
				t.Errorf("%s: %q leads to %q; both must be lower case, and the target no key itself", name, key, value)
			}
		}
	}
	for alias, name := range typeAliases {
		if !deviceTypes[name] {
			t.Errorf("device type %q leads to %q, which is none", alias, name)
		}
	}
}

func TestRangesHold(t *testing.T) {
	var rs ranges
	for _, text := range []string{"10.0.0.20-10.0.0.30", "10.0.0.1-10.0.0.5", "10.0.0.4-10.0.0.9", "10.0.0.22-10.0.0.23"} {
		r, err := parseRange(text)
		if err != nil {
			t.Fatal(err)
		}
		rs = append(rs, r)
	}
	sorted := rs.sorted()
	if len(sorted) != 2 {
		t.Errorf("joined to %v, want 2 ranges", sorted)
	}
	var held []byte
	for i := range byte(33) {
		if sorted.hold(netip.AddrFrom4([4]byte{10, 0, 0, i})) {
			held = append(held, i)
		}
	}
	want := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30}
	if !slices.Equal(held, want) {
		t.Errorf("addresses held are %v, want %v", held, want)
	}
}
