// Package store keeps the live documents in a JetStream KV bucket, one key a
// document, and gives them to edges.
//
// A change set is its documents' entries, a record for the log of versions and
// one entry of the key "head", published as one atomic batch. The batch is
// conditional on the end of the bucket, so that of all writers on all nodes
// one wins and the others learn that they worked on an old version. What is
// too large for a batch is written as several, and the head comes with the
// last: readers count no entry before the head that follows it. A writer
// compares what it wants with the end of the bucket, not with the last
// version: so it finishes what an earlier attempt left, or takes it back.
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/config"
)

// Defaults of Options.
const (
	DefaultBucket  = "clickgate_config"
	DefaultHistory = 10
)

// Options say where documents are kept.
type Options struct {
	// Bucket is the name of the KV bucket; empty is DefaultBucket.
	Bucket string
	// Replicas is the number of servers that hold the bucket, 1 to 5; 0
	// leaves an existing bucket as it is and makes a new one with 1.
	Replicas int
	// History is the number of revisions kept of each document, 2 to 64; 0
	// leaves an existing bucket as it is and makes a new one with
	// DefaultHistory. An aborted attempt at a change set that is larger than
	// a batch costs one revision of what it touched.
	History int
}

// Store writes and reads the documents. It may be used by several goroutines
// and holds no goroutine of its own.
type Store struct {
	b bucket
	// patience is how long the end of the bucket must not move before the
	// unfinished change set of another writer counts as abandoned.
	patience time.Duration

	// writing makes commits of one process queue here instead of colliding
	// at the server.
	writing sync.Mutex
	mu      sync.Mutex
	m       *mirror // guarded by mu
	from    *Follower
}

// StartFrom makes the store begin with what a follower of the same bucket has
// read, instead of reading all of it again. It is called before the store is
// used.
func (s *Store) StartFrom(f *Follower) { s.from = f }

// Snapshot is one version of all documents.
type Snapshot struct {
	// Set holds the documents; it never changes.
	Set *config.Set
	// Version is the base for Commit; 0 when nothing was ever committed.
	Version uint64
	// Digest is Set's, checked against what its writer noted.
	Digest string
	// Time, Author and Comment are the version's; see Head.
	Time            time.Time
	Author, Comment string

	facts   facts
	numbers map[config.Kind]int64
}

// Open creates the bucket, or verifies that the one there can serve, and
// adapts its replicas and history when opts name them.
func Open(ctx context.Context, js jetstream.JetStream, opts Options) (*Store, error) {
	if opts.Bucket == "" {
		opts.Bucket = DefaultBucket
	}
	b := bucket{js: js, name: opts.Bucket}
	if err := b.ensure(ctx, opts); err != nil {
		return nil, err
	}
	return &Store{b: b, patience: defaultPatience}, nil
}

// ensure creates the stream below the bucket or brings it into shape.
func (b bucket) ensure(ctx context.Context, opts Options) error {
	if opts.History != 0 && (opts.History < 2 || opts.History > jetstream.KeyValueMaxHistory) {
		return fmt.Errorf("history of %d revisions: want 2 to %d", opts.History, jetstream.KeyValueMaxHistory)
	}
	s, err := b.js.Stream(ctx, b.stream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = b.js.CreateStream(ctx, b.fresh(opts))
		if !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			return b.made(err)
		}
		// Another node was faster, with other options.
		s, err = b.js.Stream(ctx, b.stream())
	}
	if err != nil {
		return b.wrap("look at", err)
	}
	was := s.CachedInfo().Config
	want, err := adapted(was, opts)
	if err != nil {
		return b.wrap("verify", err)
	}
	if was.AllowAtomicPublish && was.AllowMsgTTL && was.Replicas == want.Replicas && was.MaxMsgsPerSubject == want.MaxMsgsPerSubject {
		return nil
	}
	_, err = b.js.UpdateStream(ctx, want)
	return b.made(err)
}

func (b bucket) made(err error) error {
	if err != nil {
		return b.wrap("create", err)
	}
	return nil
}

// fresh is the configuration that nats.go gives to buckets, and batches.
func (b bucket) fresh(opts Options) jetstream.StreamConfig {
	cfg := jetstream.StreamConfig{
		Name:               b.stream(),
		Description:        "clickgate: live documents",
		Subjects:           []string{b.subject(">")},
		Storage:            jetstream.FileStorage,
		Replicas:           1,
		MaxMsgsPerSubject:  DefaultHistory,
		MaxMsgs:            -1,
		MaxBytes:           -1,
		MaxMsgSize:         -1,
		MaxConsumers:       -1,
		Discard:            jetstream.DiscardNew,
		Duplicates:         2 * time.Minute,
		AllowRollup:        true,
		DenyDelete:         true,
		AllowDirect:        true,
		AllowAtomicPublish: true,
		AllowMsgTTL:        true,
	}
	cfg, _ = adapted(cfg, opts)
	return cfg
}

// adapted is cfg with what opts name; an error when the bucket cannot serve.
func adapted(cfg jetstream.StreamConfig, opts Options) (jetstream.StreamConfig, error) {
	switch {
	case cfg.Mirror != nil || len(cfg.Sources) > 0:
		return cfg, errors.New("it is a copy of another bucket and takes no writes")
	case cfg.MaxAge > 0:
		return cfg, fmt.Errorf("its entries expire after %s", cfg.MaxAge)
	case cfg.MaxMsgsPerSubject == 1 && opts.History == 0:
		return cfg, errors.New("it keeps no history: want 2 revisions or more")
	}
	cfg.AllowAtomicPublish, cfg.AllowMsgTTL = true, true
	if opts.Replicas != 0 {
		cfg.Replicas = opts.Replicas
	}
	if opts.History != 0 {
		cfg.MaxMsgsPerSubject = int64(opts.History)
	}
	return cfg, nil
}

// Load returns the version that is live now, on whichever node it was
// committed. It costs one question to NATS when nothing changed.
func (s *Store) Load(ctx context.Context) (snap Snapshot, err error) {
	err = s.look(ctx, func(m *mirror) {
		snap = m.snapshot()
	})
	return snap, err
}

func (m *mirror) snapshot() Snapshot {
	return Snapshot{
		Set:     m.set,
		Version: m.head.Version,
		Digest:  m.set.Digest(),
		Time:    m.head.Time,
		Author:  m.head.Author,
		Comment: m.head.Comment,
		facts:   m.facts,
		numbers: m.numbers(),
	}
}

// look catches up and lets see look at what is known then.
func (s *Store) look(ctx context.Context, see func(*mirror)) error {
	if err := s.reach(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil && s.from != nil {
		if shared := s.from.shared.Load(); shared != nil {
			copied := shared.copy()
			s.m = &copied
		}
	}
	m, _, err := s.b.catchUp(ctx, s.m)
	s.m = m
	if err != nil {
		return err
	}
	if err := m.verify(); err != nil {
		return s.b.wrap("read", err)
	}
	see(m)
	return nil
}
