package config

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func page(id, name string) *LandingPage { return &LandingPage{Meta: Meta{ID: id}, Name: name} }

func TestSetWith(t *testing.T) {
	base := new(Set).With([]Document{page("b", "1"), page("d", "1"), &Offer{Meta: Meta{ID: "x"}}}, nil)
	for _, tc := range []struct {
		name    string
		puts    []Document
		deletes []Key
		want    []string
	}{
		{"nothing", nil, nil, []string{"offer/x ", "landing_page/b 1", "landing_page/d 1"}},
		{"before, between and after", []Document{page("e", "2"), page("a", "2"), page("c", "2")}, nil,
			[]string{"offer/x ", "landing_page/a 2", "landing_page/b 1", "landing_page/c 2", "landing_page/d 1", "landing_page/e 2"}},
		{"replace", []Document{page("b", "2")}, nil, []string{"offer/x ", "landing_page/b 2", "landing_page/d 1"}},
		{"the last put of a key wins", []Document{page("b", "2"), page("b", "3")}, nil, []string{"offer/x ", "landing_page/b 3", "landing_page/d 1"}},
		{"delete", nil, []Key{{KindLandingPage, "b"}, {KindOffer, "x"}}, []string{"landing_page/d 1"}},
		{"delete what is not there", nil, []Key{{KindLandingPage, "z"}, {"nonsense", "b"}, {KindOffer, "b"}}, []string{"offer/x ", "landing_page/b 1", "landing_page/d 1"}},
		{"a put wins over a delete", []Document{page("b", "2")}, []Key{{KindLandingPage, "b"}}, []string{"offer/x ", "landing_page/b 2", "landing_page/d 1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			next := base.With(tc.puts, tc.deletes)
			if got := contents(next); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if got := contents(base); !slices.Equal(got, []string{"offer/x ", "landing_page/b 1", "landing_page/d 1"}) {
				t.Errorf("the set it was made from changed to %q", got)
			}
			if next.Len() != len(tc.want) || len(next.Keys()) != len(tc.want) {
				t.Errorf("Len %d and %d keys, want %d", next.Len(), len(next.Keys()), len(tc.want))
			}
		})
	}
}

// contents shows a set and checks Get on the way.
func contents(s *Set) []string {
	var all []string
	for _, key := range s.Keys() {
		name := "not found"
		switch d, _ := s.Get(key); d := d.(type) {
		case *LandingPage:
			name = d.Name
		case *Offer:
			name = d.Name
		}
		all = append(all, key.String()+" "+name)
	}
	return all
}

// TestSetAgainstMap makes random changes to a set and a map.
func TestSetAgainstMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	set, model := new(Set), map[string]string{}
	for round := range 300 {
		var puts []Document
		var deletes []Key
		for range random.IntN(4) {
			id := fmt.Sprint(random.IntN(50))
			deletes = append(deletes, Key{KindLandingPage, id})
			delete(model, id)
		}
		for range random.IntN(6) {
			id := fmt.Sprint(random.IntN(50))
			puts = append(puts, page(id, fmt.Sprint(round)))
			model[id] = fmt.Sprint(round)
		}
		set = set.With(puts, deletes)
		got := map[string]string{}
		for p := range set.LandingPages() {
			got[p.ID] = p.Name
		}
		if !reflect.DeepEqual(got, model) || set.Len() != len(model) {
			t.Fatalf("round %d: set has %v, want %v", round, got, model)
		}
		if !slices.IsSortedFunc(set.Keys(), func(a, b Key) int { return strings.Compare(a.ID, b.ID) }) {
			t.Fatalf("round %d: keys are not sorted: %v", round, set.Keys())
		}
	}
}

func TestSetGet(t *testing.T) {
	set := new(Set).With([]Document{page("b", "")}, nil)
	for _, key := range []Key{{KindLandingPage, "a"}, {KindLandingPage, "c"}, {KindOffer, "b"}, {"nonsense", "b"}} {
		if d, found := set.Get(key); found || d != nil {
			t.Errorf("%s: found %v in a set of landing_page/b", key, d)
		}
	}
	if _, found := new(Set).Get(Key{KindOffer, "b"}); found {
		t.Error("the zero set has an offer")
	}
}

func TestNewSetReportsKeysGivenTwice(t *testing.T) {
	set, problems := NewSet(page("b", "1"), page("a", "1"), &Offer{Meta: Meta{ID: "b"}}, page("b", "2"), page("b", "3"))
	wantProblems(t, problems, []string{"landing_page/b: given more than once; a kind and id name one document"})
	if want := []string{"offer/b ", "landing_page/a 1", "landing_page/b 3"}; !slices.Equal(contents(set), want) {
		t.Errorf("set %q, want %q", contents(set), want)
	}
}

func TestTypedIterators(t *testing.T) {
	set := validSet(t)
	var keys []Key
	collect := func(d Document) bool {
		keys = append(keys, d.Key())
		return true
	}
	set.Integrations()(func(d *Integration) bool { return collect(d) })
	set.Advertisers()(func(d *Advertiser) bool { return collect(d) })
	set.Publishers()(func(d *Publisher) bool { return collect(d) })
	set.TargetingGroups()(func(d *TargetingGroup) bool { return collect(d) })
	set.FraudFilterGroups()(func(d *FraudFilterGroup) bool { return collect(d) })
	set.FilterGroups()(func(d *FilterGroup) bool { return collect(d) })
	set.Offers()(func(d *Offer) bool { return collect(d) })
	set.LandingPages()(func(d *LandingPage) bool { return collect(d) })
	set.OfferEvents()(func(d *OfferEvent) bool { return collect(d) })
	set.BlockedSubIDs()(func(d *BlockedSubID) bool { return collect(d) })
	set.CustomPayouts()(func(d *CustomPayout) bool { return collect(d) })
	set.CustomThrottles()(func(d *CustomThrottle) bool { return collect(d) })
	set.PostbackManagers()(func(d *PostbackManager) bool { return collect(d) })
	for _, kind := range []Kind{KindOfferDictionary, KindPublisherDictionary, KindPublisherSubID, "nonsense"} {
		set.OfKind(kind)(collect)
	}
	set.SmartLinks()(func(d *SmartLink) bool { return collect(d) })
	set.PublisherPostbacks()(func(d *PublisherPostback) bool { return collect(d) })
	set.PublisherPixels()(func(d *PublisherPixel) bool { return collect(d) })
	if !slices.Equal(keys, set.Keys()) {
		t.Errorf("typed iterators yield %v, Keys %v", keys, set.Keys())
	}
	for range set.Offers() {
		break // an iterator that goes on after this panics
	}
	for range set.All() {
		break
	}
}

func TestFraudSettingsFilters(t *testing.T) {
	settings := FraudSettings{
		"vpn_enabled": Raw("true"), "bot": Raw(`{"a":1}`), "bot_enabled": Raw(" true "),
		"isp": Raw(`{}`), "keyword": Raw(`{}`), "keyword_enabled": Raw("false"),
	}
	want := []Filter{{Type: "BOT", Settings: Raw(`{"a":1}`)}, {Type: "VPN"}}
	if got := settings.Filters(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
