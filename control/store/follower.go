package store

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
)

// Source says where the live documents came from.
type Source string

// The sources.
const (
	SourceStore Source = "store"
	SourceDisk  Source = "disk"
)

// Update is one version for an edge to take over, always a whole one.
type Update struct {
	// Set holds all documents; it never changes.
	Set     *config.Set
	Version uint64
	// Digest is Set's, checked against what its writer noted.
	Digest string
	// Time is when the version was committed, by its writer's clock.
	Time time.Time
	// Changed are the documents that may differ from the last update that
	// was applied without error, deleted ones among them. Nil means any.
	Changed []config.Key
	Source  Source
}

// ApplyFunc makes an update live. When it returns an error the former one must
// still be serving. It is never called twice at once.
type ApplyFunc func(ctx context.Context, u Update) error

// FollowerOptions say what is followed.
type FollowerOptions struct {
	// Bucket is the name of the KV bucket; empty is DefaultBucket.
	Bucket string
	// Dir is the data folder, where config/last-good.json is kept.
	Dir string
	// Grace is how long a start waits for the store before it makes the set
	// on disk live; 0 is 500 ms.
	Grace time.Duration
	// SaveEvery is the shortest time between two writes of the set to disk;
	// 0 is 10 s. What is live is also written when Run ends.
	SaveEvery time.Duration
	// Log may be nil.
	Log *zap.Logger
}

// Follower keeps an edge on the live version: it reads the bucket, hands
// complete versions to its ApplyFunc, keeps the last good one on disk and starts from
// there when the store is out of reach.
type Follower struct {
	opts  FollowerOptions
	b     bucket
	apply ApplyFunc
	log   *zap.Logger

	// m is the reader's; nobody else touches it while Run runs.
	m *mirror
	// changed are the documents that changed in m since the last offer;
	// rebuilt says that all of them may have.
	changed []config.Key
	rebuilt bool

	inbox  latest[offer]
	toDisk latest[offer]
	// unsaved is what the disk still lacks, saved what it holds; the saving
	// side's alone.
	unsaved *offer
	disk    diskState
	// shared is what a store of the same process may start from.
	shared atomic.Pointer[mirror]

	mu     sync.Mutex
	status Status
}

// NewFollower returns a follower of the bucket that js reaches; js's
// connection need not be up.
func NewFollower(js jetstream.JetStream, opts FollowerOptions, apply ApplyFunc) *Follower {
	if opts.Bucket == "" {
		opts.Bucket = DefaultBucket
	}
	if opts.Grace == 0 {
		opts.Grace = 500 * time.Millisecond
	}
	if opts.SaveEvery == 0 {
		opts.SaveEvery = 10 * time.Second
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	return &Follower{
		opts:   opts,
		b:      bucket{js: js, name: opts.Bucket},
		apply:  apply,
		log:    opts.Log,
		inbox:  newLatest(offer.onTopOf),
		toDisk: newLatest(offer.onTopOf),
	}
}

// Run follows until ctx ends, writes the live version to disk if it is not
// there yet, and returns the error of that. It never gives up: the store may
// be away, be made again, or hold what cannot be applied; Status tells. Run is
// called once.
func (f *Follower) Run(ctx context.Context) error {
	disk := f.readDisk()
	if disk != nil {
		copied := disk.copy()
		f.m = &copied
	}
	var parts sync.WaitGroup
	parts.Go(func() { f.read(ctx) })
	parts.Go(func() { f.save(ctx) })
	f.applyAll(ctx, disk)
	parts.Wait()
	return f.saveLast()
}

func (f *Follower) readDisk() *mirror {
	m, err := readLastGood(lastGoodPath(f.opts.Dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		f.log.Error("the last good config on disk is not used", zap.Error(err))
		f.update(func(s *Status) { s.DiskErr = err })
		return nil
	}
	return m
}

// offer is an Update on its way, with what the file on disk needs.
type offer struct {
	Update
	at    position
	head  Head
	facts facts
	// refused says why the version must not be applied; nil when it may.
	refused error
}

func newOffer(m *mirror, source Source, changed []config.Key) offer {
	return offer{
		Update: Update{
			Set:     m.set,
			Version: m.head.Version,
			Digest:  m.head.Digest,
			Time:    m.head.Time,
			Changed: changed,
			Source:  source,
		},
		at:    m.at,
		head:  m.head,
		facts: m.facts,
	}
}

// onTopOf makes the newer of two offers cover what the older one changed.
func (o offer) onTopOf(older offer) offer {
	o.Changed = union(older.Changed, o.Changed)
	return o
}

// union of two lists of keys, of which nil is every key.
func union(a, b []config.Key) []config.Key {
	if a == nil || b == nil {
		return nil
	}
	seen := make(map[config.Key]struct{}, len(a)+len(b))
	all := make([]config.Key, 0, len(a)+len(b))
	for _, keys := range [][]config.Key{a, b} {
		for _, k := range keys {
			if _, ok := seen[k]; !ok {
				seen[k] = struct{}{}
				all = append(all, k)
			}
		}
	}
	return all
}
