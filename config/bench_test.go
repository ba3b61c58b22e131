package config

import (
	"fmt"
	"testing"
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
			Currency: "EUR", DefaultPayout: Payout{Payout: 1.25, PayoutType: "CPA", Revenue: 2.5, RevenueType: "RPA"},
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

func BenchmarkSet(b *testing.B) {
	_, set := offerSet(b, manyOffers)
	put := []Document{&Offer{Meta: Meta{ID: "offer-050000"}}}
	set.Digest()
	b.Run("With", func(b *testing.B) {
		for b.Loop() {
			set.With(put, nil)
		}
	})
	b.Run("WithAndDigest", func(b *testing.B) {
		for b.Loop() {
			set.With(put, nil).Digest()
		}
	})
	b.Run("Get", func(b *testing.B) {
		for b.Loop() {
			set.Get(Key{KindOffer, "offer-050000"})
		}
	})
	b.Run("Validate", func(b *testing.B) {
		for b.Loop() {
			set.Validate(Checks{})
		}
	})
}
