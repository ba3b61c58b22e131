package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/money"
)

const manyOffers = 100_000

func offerDoc(i int, name string) *config.Offer {
	return &config.Offer{
		Meta:          config.Meta{ID: fmt.Sprintf("offer-%06d", i), Organization: "org"},
		Integration:   "demo",
		IncrementalID: int64(i + 1),
		ExternalID:    fmt.Sprintf("ext-%d", i),
		Name:          name,
		AdvertiserID:  1,
		Active:        true,
		Currency:      "EUR",
		DefaultPayout: config.Payout{Payout: money.MustParse("1.5"), PayoutType: "CPA", Revenue: money.MustParse("2.25"), RevenueType: "RPA"},
		FallbackURL:   fmt.Sprintf("https://fallback.example.com/%d?click={tx_id}", i),
		Description:   "an offer of usual length, with a sentence that describes it",
	}
}

// manyStored returns a store of 100,000 offers and how long their commit took.
func manyStored(b *testing.B) (*natsServer, *Store, time.Duration) {
	b.Helper()
	n := startServer(b)
	s := n.open()
	docs := make([]config.Document, manyOffers)
	for i := range docs {
		docs[i] = offerDoc(i, "name")
	}
	start := time.Now()
	commit(b, s, 0, Change{Puts: docs})
	return n, s, time.Since(start)
}

// BenchmarkLoad reads 100,000 offers from the bucket, checked and ready.
func BenchmarkLoad(b *testing.B) {
	n, s, took := manyStored(b)
	js := n.JetStream()
	b.ReportAllocs()
	for b.Loop() {
		m, err := bucket{js: js, name: s.b.name}.load(b.Context())
		if err == nil {
			err = m.verify()
		}
		if err != nil || m.set.Len() != manyOffers {
			b.Fatal(m.set.Len(), err)
		}
	}
	b.ReportMetric(took.Seconds(), "commit-s")
}

// BenchmarkDisk writes and reads 100,000 offers as the last good config.
func BenchmarkDisk(b *testing.B) {
	_, s, _ := manyStored(b)
	load(b, s)
	path := lastGoodPath(b.TempDir())
	b.Run("save", func(b *testing.B) {
		for b.Loop() {
			if _, err := saveLastGood(path, newOffer(s.m, SourceStore, nil)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := readLastGood(path); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOneChange measures from the call of Commit until an edge with
// 100,000 offers gets the update.
func BenchmarkOneChange(b *testing.B) {
	n, s, _ := manyStored(b)
	updates := make(chan uint64, 1)
	f := NewFollower(n.JetStream(), FollowerOptions{Dir: b.TempDir(), SaveEvery: time.Hour},
		func(_ context.Context, u Update) error { updates <- u.Version; return nil })
	stop := runFollower(b, f)
	defer stop()
	version := <-updates
	var committing time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		version = commit(b, s, version, Change{Puts: []config.Document{offerDoc(i%manyOffers, fmt.Sprint("renamed ", i))}})
		committing += time.Since(start)
		for <-updates != version {
		}
	}
	b.ReportMetric(float64(committing.Microseconds())/float64(b.N)/1000, "commit-ms/op")
}

func runFollower(b *testing.B, f *Follower) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}
