package caps

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

const documentsText = `
kind: offer
id: o
integration: i
incremental_id: 1
name: Boots
advertiser_id: 1
conversion_name: Sale
timezone: Europe/Berlin
is_redirect_overcap: true
notice_percent_overcap: 80
caps_status: [confirmed, declined]
caps:
  - {period: day, type: conversions, value: 100, goal_type: each, goals: [Sale, Deposit], affiliate_type: exact, affiliates: [7, 8]}
  - {period: month, type: budget, value: 99.5, sub_id_each: true}
---
kind: offer
id: p
integration: i
incremental_id: 2
name: Shoes
advertiser_id: 1
timezone: Europe/Berlin
caps_timezone: America/New_York
caps: [{period: all, type: events, value: 5, goal_type: each}]
---
kind: offer
id: without
integration: i
incremental_id: 3
name: Hats
advertiser_id: 1
---
{kind: offer_event, id: e, offer: o, incremental_id: 5, name: Deposit, active: true}
---
{kind: offer_event, id: f, offer: o, incremental_id: 6, name: Other, active: true}
---
{kind: offer_event, id: g, offer: p, incremental_id: 7, name: Deposit, active: true}
---
kind: publisher
id: seven
incremental_id: 7
name: Seven
caps_timezone: Asia/Tokyo
caps: [{period: day, type: revenue, value: 10}]
---
{kind: publisher, id: eight, incremental_id: 8, name: Eight}
`

func documentsOf(t *testing.T, text string) *config.Set {
	t.Helper()
	docs, problems := config.Decode("test.yaml", []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	set, problems := config.NewSet(docs...)
	if problems != nil {
		t.Fatal(problems)
	}
	return set
}

// told tells all about the rules, sorted.
func (r *Rules) told() (lines []string) {
	for c := range r.all() {
		lines = append(lines, fmt.Sprintf("%s, %s, statuses %b, divert %t %v, notice %d, meter %x",
			c, c.zone, c.statuses, c.diverts, c.eachGoals, c.notice, c.meter))
	}
	slices.Sort(lines)
	return lines
}

func TestCompile(t *testing.T) {
	rules, err := Compile(documentsOf(t, documentsText))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range rules.told() {
		text, _, _ := strings.Cut(line, ", meter")
		got = append(got, text)
	}
	want := []string{
		"caps[0] of offer o: 100 conversions a day for publishers 7, 8 for each goal, Europe/Berlin, statuses 110, divert true [0 5], notice 80000000",
		"caps[0] of offer p: 5 events in all for each goal, America/New_York, statuses 11010, divert false [7], notice 0",
		"caps[0] of publisher 7: 10 revenue a day, Asia/Tokyo, statuses 11010, divert false [], notice 0",
		"caps[1] of offer o: 99.5 budget a month for each sub id of a publisher, Europe/Berlin, statuses 110, divert true [], notice 79600000",
	}
	if !slices.Equal(got, want) {
		t.Errorf("rules\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r := rules.of(&Thing{OfferID: "without", PublisherNumber: "8"}); r != [2]*owned{} {
		t.Error("documents without caps take part")
	}
}

func TestCompileNamesEveryMistake(t *testing.T) {
	text := strings.NewReplacer("Europe/Berlin", "Mars/Base", "Asia/Tokyo", "Mars/Crater").Replace(documentsText)
	_, err := Compile(documentsOf(t, text))
	for _, want := range []string{"offer o: time zone: must be", "publisher 7: time zone: must be", `"Mars/Crater"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}

// An update comes to the same as compiling all anew.
func TestUpdate(t *testing.T) {
	set := documentsOf(t, documentsText)
	rules, err := Compile(set)
	if err != nil {
		t.Fatal(err)
	}
	offer := func(id string) config.Key { return config.Key{Kind: config.KindOffer, ID: id} }
	for _, change := range []struct{ name, from, to string }{
		{"a limit", "value: 100", "value: 50"},
		{"another name of a goal", "name: Other", "name: Sale"},
		{"a goal of another offer", "id: e, offer: o", "id: e, offer: p"},
		{"a goal that is over", "name: Deposit, active: true}\n---\n{kind: offer_event, id: f", "name: Deposit}\n---\n{kind: offer_event, id: f"},
		{"another number of a publisher", "incremental_id: 7\nname: Seven", "incremental_id: 9\nname: Seven"},
		{"numbers that change places", "incremental_id: 9\nname: Seven", "incremental_id: 8\nname: Seven"},
		{"a publisher without caps", "caps: [{period: day, type: revenue, value: 10}]", ""},
		{"caps that are new", "name: Hats", "name: Hats\ncaps: [{period: day, type: clicks, value: 1}]"},
		{"caps that are gone", "caps: [{period: all, type: events, value: 5, goal_type: each}]", ""},
	} {
		text := strings.Replace(documentsText, change.from, change.to, 1)
		if change.name == "numbers that change places" {
			text = strings.Replace(strings.Replace(documentsText, "incremental_id: 7\nname: Seven", "incremental_id: 8\nname: Seven", 1), "id: eight, incremental_id: 8", "id: eight, incremental_id: 7", 1)
		}
		if text == documentsText {
			t.Fatalf("%s: nothing to change", change.name)
		}
		after := documentsOf(t, text)
		changed := changedKeys(set, after)
		updated, err := rules.Update(set, after, changed)
		if err != nil {
			t.Fatalf("%s: %v", change.name, err)
		}
		anew, _ := Compile(after)
		if got, want := updated.told(), anew.told(); !slices.Equal(got, want) {
			t.Errorf("%s, %v changed: rules\n%s\nwant\n%s", change.name, changed, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if updated.publishers.Len() != anew.publishers.Len() || updated.offers.Len() != anew.offers.Len() {
			t.Errorf("%s: owners without caps are left", change.name)
		}
	}
	gone := set.With(nil, []config.Key{offer("o"), {Kind: config.KindOfferEvent, ID: "e"}, {Kind: config.KindOfferEvent, ID: "f"}})
	updated, err := rules.Update(set, gone, changedKeys(set, gone))
	if anew, _ := Compile(gone); err != nil || !slices.Equal(updated.told(), anew.told()) {
		t.Errorf("an offer that is gone: %v, %v", updated.told(), err)
	}
}

// changedKeys are the keys of documents that differ.
func changedKeys(before, after *config.Set) (keys []config.Key) {
	for _, key := range append(before.Keys(), after.Keys()...) {
		a, _ := before.Get(key)
		b, _ := after.Get(key)
		if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
