package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestValidateChangeFindsWhatValidateFinds makes random changes, valid and
// broken ones, and compares ValidateChange with Validate of a set that was
// made at once. Valid changes are kept.
func TestValidateChangeFindsWhatValidateFinds(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w, base := newWorld(seed), new(Set)
			rounds := 1500
			if seed == 3 { // few changes of a set whose index has many chunks
				base, rounds = crowd(t), 200
			}
			valid, broken := 0, 0
			for round := range rounds {
				puts, deletes, changed := w.change(base)
				next := base.With(puts, deletes)
				if w.rarely(10) { // a set that did not come from base by With
					next, _ = NewSet(slices.Collect(next.All())...)
				}
				if checkChange(t, round, base, next, changed) {
					base = next
					valid++
				} else {
					broken++
				}
				if round%50 == 0 {
					checkLookups(t, next)
				}
			}
			if base.Len() < 40 || valid < rounds/10 || broken < rounds/10 {
				t.Errorf("%d documents after %d valid and %d broken changes: too few to tell", base.Len(), valid, broken)
			}
		})
	}
}

// crowd is a valid set of many documents that refer to a few.
func crowd(t *testing.T) *Set {
	t.Helper()
	m := func(id string) Meta { return Meta{ID: id, Organization: "acme"} }
	documents := []Document{
		&Integration{Meta: m("integration-0"), Name: "I", Type: "Custom", ConversionSecureCode: "s"},
		&Advertiser{Meta: m("advertiser-0"), IncrementalID: 1, Name: "A"},
		&Publisher{Meta: m("publisher-0"), IncrementalID: 1, Name: "P"},
		&Offer{Meta: m("offer-0"), Integration: "integration-0", IncrementalID: 1, AdvertiserID: 1, Name: "O"},
	}
	for i := range 800 {
		id := fmt.Sprint("crowd-", i)
		documents = append(documents,
			&LandingPage{Meta: m(id), Offer: "offer-0", IncrementalID: int64(100 + i), Name: "L", RedirectURL: "https://example.com"},
			&BlockedSubID{Meta: m(id), PublisherIncrementalID: 1, OfferIncrementalID: 1, SubID: id})
	}
	set, _ := NewSet(documents...)
	checkChange(t, 0, new(Set), set, set.Keys())
	wantProblems(t, set.Validate(testChecks), nil)
	checkChange(t, 0, set, set.With(documents[:1], set.Keys()), set.Keys())
	if n := len(set.relations().links.Chunks()); n < 3 {
		t.Fatalf("the index of %d documents has %d chunks only", set.Len(), n)
	}
	return set
}

// change is a random one: documents replaced, moved, added or deleted.
func (w world) change(base *Set) (puts []Document, deletes, changed []Key) {
	for range 1 + w.IntN(3) {
		d := w.document()
		if old := slices.Collect(base.OfKind(d.Key().Kind)); len(old) > 0 && w.rarely(3) {
			d = Identify(old[w.IntN(len(old))], d.Key().ID, w.number(d.Key().ID))
		}
		puts, changed = append(puts, d), append(changed, d.Key())
	}
	for range w.IntN(3) {
		key := w.key()
		deletes, changed = append(deletes, key), append(changed, key)
	}
	if w.rarely(10) {
		changed = append(changed, w.key(), Key{"nonsense", "x"})
	}
	return puts, deletes, changed
}

func checkChange(t *testing.T, round int, base, next *Set, changed []Key) (valid bool) {
	t.Helper()
	got := next.ValidateChange(base, changed, testChecks)
	fresh, _ := NewSet(slices.Collect(next.All())...)
	want := fresh.Validate(testChecks)
	if !reflect.DeepEqual(append(Problems{}, got...), append(Problems{}, want...)) {
		t.Fatalf("round %d: change of %v in %v\nfinds %v\n want %v", round, changed, base.Keys(), got, want)
	}
	return len(want) == 0
}

// checkLookups compares look-ups with a search through all documents.
func checkLookups(t *testing.T, s *Set) {
	t.Helper()
	for _, key := range s.Keys() {
		d, _ := s.Get(key)
		number, _ := NumberOf(d)
		var want []Key
		for other := range s.All() {
			refers := false
			referencesOf(other, func(r reference) {
				refers = refers || r.kind == key.Kind && (r.id == key.ID || r.id == "" && r.number == number)
			})
			if refers {
				want = append(want, other.Key())
			}
		}
		if got := s.Referrers(key); !slices.Equal(got, want) {
			t.Fatalf("%s is referred to by %v, want %v", key, got, want)
		}
	}
	for _, kind := range append(Kinds(), AccountKinds()...) {
		for number := range int64(7) {
			var want Document
			for d := range s.OfKind(kind) {
				if n, has := NumberOf(d); has && n == number && n > 0 && want == nil {
					want = d
				}
			}
			if got, found := s.ByNumber(kind, number); got != want || found != (want != nil) {
				t.Fatalf("%s %d is %v, want %v", kind, number, got, want)
			}
		}
	}
}

// TestReferrersAreThoseWhoComplain deletes every document of the valid file
// and wants a mistake of each that refers to it, and of no other.
func TestReferrersAreThoseWhoComplain(t *testing.T) {
	for _, set := range []*Set{validSet(t), accountSet(t)} {
		for _, key := range set.Keys() {
			var want []string
			for _, referrer := range set.Referrers(key) {
				want = append(want, referrer.String())
			}
			slices.Sort(want)
			var got []string
			without := set.With(nil, []Key{key})
			for _, p := range without.ValidateChange(set, []Key{key}, testChecks) {
				complainer, _, _ := strings.Cut(p.Path, ": ")
				got = append(got, complainer)
			}
			if got = slices.Compact(got); !slices.Equal(got, want) {
				t.Errorf("without %s, those who complain are %v, but it is referred to by %v", key, got, want)
			}
		}
	}
}

func TestValidateChange(t *testing.T) {
	base := validSet(t)
	for _, tc := range []struct {
		name    string
		puts    []Document
		deletes []Key
		want    []string
	}{
		{name: "nothing"},
		{name: "deleting what nobody uses", deletes: []Key{{KindCustomPayout, "better"}}},
		{name: "deleting what is not there", deletes: []Key{{KindOffer, "none"}}},
		{name: "deleting what others name by number", deletes: []Key{{KindPublisher, "pub"}}, want: []string{
			`advertiser/adv: blocked_publisher_ids[0]: there is no publisher/pub`,
			`blocked_sub_id/blocked: publisher_incremental_id: there is no publisher with incremental id 1`,
			`custom_payout/better: publisher_incremental_id: there is no publisher with incremental id 1`,
			`custom_throttle/throttle: publisher_incremental_id: there is no publisher with incremental id 1`,
			`filter_group/group: publisher_ids[0]: there is no publisher/pub`,
			`offer/demo-offer: approved_publisher_ids[0]: there is no publisher/pub`,
			`offer/demo-offer: blocked_publisher_ids[0]: there is no publisher/pub`,
			`offer/demo-offer: caps[0].affiliates[0]: there is no publisher with incremental id 1`,
			`offer/demo-offer: payments[0].partners[0]: there is no publisher with incremental id 1`,
			`offer/demo-offer: terms_accepted_publisher_ids[0]: there is no publisher/pub`,
			`publisher_pixel/thanks: publisher_incremental_id: there is no publisher with incremental id 1`,
			`publisher_postback/everywhere: publisher_incremental_id: there is no publisher with incremental id 1`,
			`publisher_postback/tell: publisher_incremental_id: there is no publisher with incremental id 1`,
			`publisher_sub_id/front-page: publisher: there is no publisher/pub`,
		}},
		{name: "a number in use goes", puts: []Document{&Advertiser{Meta: Meta{ID: "adv", Organization: "acme"}, IncrementalID: 2, Name: "A"}}, want: []string{
			`offer/demo-offer: advertiser_id: there is no advertiser with incremental id 1`,
			`offer/second: advertiser_id: there is no advertiser with incremental id 1`,
		}},
		{name: "a number goes to another document", puts: []Document{
			&Advertiser{Meta: Meta{ID: "adv", Organization: "acme"}, IncrementalID: 2, Name: "A"},
			&Advertiser{Meta: Meta{ID: "new", Organization: "acme"}, IncrementalID: 1, Name: "A"},
		}},
		{name: "a taken number, in a document before the one that has it", puts: []Document{&Advertiser{Meta: Meta{ID: "aaa", Organization: "else"}, IncrementalID: 1, Name: "A"}}, want: []string{
			`advertiser/adv: incremental_id: 1 is taken by advertiser/aaa`,
			`offer/demo-offer: advertiser_id: advertiser/aaa belongs to organization "else", not to "acme"`,
			`offer/second: advertiser_id: advertiser/aaa belongs to organization "else", not to "acme"`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			next := base.With(tc.puts, tc.deletes)
			changed := slices.Clone(tc.deletes)
			for _, d := range tc.puts {
				changed = append(changed, d.Key())
			}
			wantProblems(t, next.ValidateChange(base, changed, testChecks), tc.want)
			wantProblems(t, next.ValidateChange(nil, nil, testChecks), tc.want)
		})
	}
	if got := base.Referrers(Key{KindOffer, "x"}); len(got) != 0 {
		t.Errorf("offer/x, which is not there, is referred to by %v", got)
	}
}

// TestWithMakesNoIndex keeps edges, which never validate, from paying for it.
func TestWithMakesNoIndex(t *testing.T) {
	set := validSet(t).With(manyPages(), nil)
	set.Digest()
	if set.index.Load() != nil {
		t.Error("a set has an index that nobody asked for")
	}
	set.Referrers(Key{KindOffer, "second"})
	if next := set.With(nil, []Key{{KindOffer, "second"}}); next.index.Load() == nil {
		t.Error("an index was not carried on to the next set")
	}
}

// TestHashesMayCollide puts links into the index that only a collision of
// hashes could make.
func TestHashesMayCollide(t *testing.T) {
	set := validSet(t)
	offers, pages := kindIndex(KindOffer), kindIndex(KindLandingPage)
	number, label := claim{field: numberPath, number: 2}, reference{kind: KindOffer, id: "second"}
	set.index.Store(set.relations().with([]linkChange{
		{Item: link{number.to(offers), "demo-offer"}},
		{Item: link{label.to(pages), "page"}},
	}))
	if d, _ := set.ByNumber(KindOffer, 2); d == nil || d.Key().ID != "second" {
		t.Errorf("offer 2 is %v, want offer/second", d)
	}
	if got := set.Referrers(Key{KindOffer, "second"}); len(got) != 0 {
		t.Errorf("offer/second is referred to by %v", got)
	}
	wantProblems(t, set.Validate(testChecks), nil)
	d, _ := set.Get(Key{KindOffer, "second"})
	wantProblems(t, set.With([]Document{WithLabel(d, "x")}, nil).ValidateChange(set, []Key{d.Key()}, testChecks), nil)
}
