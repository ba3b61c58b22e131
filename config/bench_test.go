package config

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

const manyOffers = 100_000

// offerSet is a set of n offers, stored and as documents.
func offerSet(tb testing.TB, n int) (texts [][]byte, set *Set) {
	tb.Helper()
	documents := make([]Document, 0, n+3)
	for d := range validSet(tb).All() {
		if kind := d.Key().Kind; kind == KindAdvertiser || kind == KindIntegration || kind == KindPublisher {
			documents = append(documents, d)
		}
	}
	for i := range n {
		d := &Offer{
			Meta: Meta{ID: fmt.Sprintf("offer-%06d", i), Organization: "acme"}, Integration: "demo", IncrementalID: int64(i + 1),
			ExternalID: fmt.Sprintf("EXT-%d", i), Name: "Offer of the day", AdvertiserID: 1, Active: true, Visibility: "Private",
			Currency: "EUR", DefaultPayout: Payout{Payout: money.MustParse("1.25"), PayoutType: "CPA", Revenue: money.MustParse("2.5"), RevenueType: "RPA"},
			FallbackURL: "https://fallback.example.com/?offer={offer}&tx={tx_id}", Description: "sold in many countries",
			ApprovedPublisherIDs: []string{"pub"}, AllowedDomains: []string{"example.com", "example.org"},
		}
		text, err := Encode(d)
		if err != nil {
			tb.Fatal(err)
		}
		texts, documents = append(texts, text), append(documents, d)
	}
	set, problems := NewSet(documents...)
	if problems != nil {
		tb.Fatal(problems)
	}
	return texts, set
}

func BenchmarkDecodeDocument(b *testing.B) {
	texts, _ := offerSet(b, 1)
	b.SetBytes(int64(len(texts[0])))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := DecodeDocument(KindOffer, texts[0]); problems != nil {
			b.Fatal(problems)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	texts, set := offerSet(b, 1)
	d, _ := set.Get(Key{KindOffer, "offer-000000"})
	b.SetBytes(int64(len(texts[0])))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad is what a start with many offers costs here: decode, collect,
// validate and digest.
func BenchmarkLoad(b *testing.B) {
	texts, set := offerSet(b, manyOffers)
	var rest []Document
	for d := range set.All() {
		if d.Key().Kind != KindOffer {
			rest = append(rest, d)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		documents := rest[:len(rest):len(rest)]
		for _, text := range texts {
			d, problems := DecodeDocument(KindOffer, text)
			if problems != nil {
				b.Fatal(problems)
			}
			documents = append(documents, d)
		}
		set, problems := NewSet(documents...)
		if problems = append(problems, set.Validate(Checks{})...); problems != nil {
			b.Fatal(problems)
		}
		_ = set.Digest()
	}
}

// bigSet is a set of 100,000 offers with a landing page each and 10,000 filter
// groups of one integration.
func bigSet(tb testing.TB) *Set {
	tb.Helper()
	_, set := offerSet(tb, manyOffers)
	var more []Document
	for i := range manyOffers {
		more = append(more, &LandingPage{
			Meta: Meta{ID: fmt.Sprintf("page-%06d", i), Organization: "acme"}, Offer: fmt.Sprintf("offer-%06d", i),
			IncrementalID: int64(i + 1), Name: "Shop", RedirectURL: "https://shop.example.com/?tx={tx_id}", Active: true,
		})
	}
	for i := range 10_000 {
		more = append(more, &FilterGroup{
			Meta: Meta{ID: fmt.Sprintf("group-%05d", i), Organization: "acme"}, Integration: "demo", Name: "Group", Active: true, Priority: int64(i),
			PublisherIDs: []string{"pub"}, OfferIDs: []string{fmt.Sprint(i + 1)}, Filters: []Filter{{Type: "BOT", Target: PlaneClick}},
		})
	}
	set = set.With(more, nil)
	if problems := set.Validate(Checks{}); problems != nil {
		tb.Fatal(problems)
	}
	return set
}

// fresh is a set of the same documents that knows nothing about them yet.
func fresh(tb testing.TB, set *Set) *Set {
	again, problems := NewSet(slices.Collect(set.All())...)
	if problems != nil {
		tb.Fatal(problems)
	}
	return again
}

// BenchmarkChange is what one offer costs among all others: changed, created
// and deleted again.
func BenchmarkChange(b *testing.B) {
	set := bigSet(b)
	set.Digest()
	old, _ := set.Get(Key{KindOffer, "offer-050000"})
	renamed, created := *old.(*Offer), *old.(*Offer)
	renamed.Name = "Offer of the week"
	created.ID, created.IncrementalID, created.ExternalID = "offer-050000-b", 2*manyOffers, ""
	for _, bench := range []struct {
		name    string
		puts    []Document
		deletes []Key
	}{
		{"Update", []Document{&renamed}, nil},
		{"Create", []Document{&created}, nil},
		{"Delete", nil, []Key{{KindLandingPage, "page-050000"}}},
	} {
		changed := slices.Clone(bench.deletes)
		for _, d := range bench.puts {
			changed = append(changed, d.Key())
		}
		b.Run(bench.name+"/With", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.With(bench.puts, bench.deletes)
			}
		})
		b.Run(bench.name+"/WithDigest", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.With(bench.puts, bench.deletes).Digest()
			}
		})
		b.Run(bench.name+"/WithDigestValidateChange", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				next := set.With(bench.puts, bench.deletes)
				next.Digest()
				if problems := next.ValidateChange(set, changed, Checks{}); problems != nil {
					b.Fatal(problems)
				}
			}
		})
	}
}

// BenchmarkBigSet is what the whole set costs.
func BenchmarkBigSet(b *testing.B) {
	set := bigSet(b)
	documents := slices.Collect(set.All())
	b.Run("NewSet", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewSet(documents...)
		}
	})
	b.Run("Digest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			again := fresh(b, set)
			b.StartTimer()
			again.Digest()
		}
	})
	b.Run("Index", func(b *testing.B) {
		b.ReportAllocs()
		var kept []*index
		before := heap()
		for b.Loop() {
			kept = append(kept, newIndex(set))
		}
		b.ReportMetric((heap()-before)/float64(len(kept)), "kept-B/op")
		b.ReportMetric(float64(kept[0].links.Len()), "links")
	})
	b.Run("Validate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			again := fresh(b, set)
			b.StartTimer()
			again.Validate(Checks{})
		}
	})
	b.Run("ValidateAgain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			set.Validate(Checks{})
		}
	})
	b.Run("ValidateChangeOfAll", func(b *testing.B) {
		keys := set.Keys()
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			again := fresh(b, set)
			b.StartTimer()
			again.ValidateChange(new(Set), keys, Checks{})
		}
	})
	b.Run("Get", func(b *testing.B) {
		for b.Loop() {
			set.Get(Key{KindOffer, "offer-050000"})
		}
	})
	b.Run("ByNumber", func(b *testing.B) {
		for b.Loop() {
			set.ByNumber(KindOffer, 50_001)
		}
	})
	b.Run("Referrers", func(b *testing.B) {
		for b.Loop() {
			set.Referrers(Key{KindOffer, "offer-050000"})
		}
	})
}

// heap is the memory in use after a collection.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
