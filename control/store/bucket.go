package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The names that nats.go's KeyValue gives to the stream below a bucket, so
// that `nats kv` and KeyValue read what is written here.
const (
	streamPrefix  = "KV_"
	subjectPrefix = "$KV."
	// opHeader carries opDelete or opPurge on the markers of removed keys.
	opHeader = "KV-Operation"
	opDelete = "DEL"
	opPurge  = "PURGE"
)

// bucket is a KV bucket seen as what it is, a stream: in order, with batches.
type bucket struct {
	js   jetstream.JetStream
	name string
}

func (b bucket) stream() string            { return streamPrefix + b.name }
func (b bucket) subject(key string) string { return subjectPrefix + b.name + "." + key }
func (b bucket) key(subject string) string { return strings.TrimPrefix(subject, b.subject("")) }
func (b bucket) wrap(did string, err error) error {
	return fmt.Errorf("%s bucket %q: %w", did, b.name, err)
}

// writeSubject is where a key is published: in another JetStream domain the
// API's prefix leads there, as nats.go does it.
func (b bucket) writeSubject(key string) string {
	opts := b.js.Options()
	switch {
	case opts.Domain != "":
		return "$JS." + opts.Domain + ".API." + b.subject(key)
	case opts.APIPrefix != "" && opts.APIPrefix != jetstream.DefaultAPIPrefix:
		return strings.TrimSuffix(opts.APIPrefix, ".") + "." + b.subject(key)
	}
	return b.subject(key)
}

// position is a place in the life of a bucket.
type position struct {
	// created tells a bucket from one that was made again under its name.
	created time.Time
	// seq is the sequence of the last entry; 0 before the first.
	seq uint64
}

// end returns where the bucket ends now, asked of the stream's leader.
func (b bucket) end(ctx context.Context) (position, error) {
	s, err := b.js.Stream(ctx, b.stream())
	if err != nil {
		return position{}, b.wrap("look at", err)
	}
	info := s.CachedInfo()
	return position{created: info.Created, seq: info.State.LastSeq}, nil
}

// last returns the newest entry of one key, or jetstream.ErrMsgNotFound.
func (b bucket) last(ctx context.Context, key string) (entry, error) {
	s, err := b.js.Stream(ctx, b.stream())
	if err != nil {
		return entry{}, b.wrap("look at", err)
	}
	m, err := s.GetLastMsgForSubject(ctx, b.subject(key))
	if err != nil {
		return entry{}, b.wrap("read "+key+" of", err)
	}
	op := m.Header.Get(opHeader)
	return entry{
		key: key, seq: m.Sequence, value: m.Data, deleted: op == opDelete || op == opPurge,
		fact: factOf(m.Sequence, m.Header, m.Time),
	}, nil
}

// entry is one write to a key.
type entry struct {
	key   string
	seq   uint64
	value []byte
	// deleted marks the removal of the key; value is empty.
	deleted bool
	fact    fact
	// more is the number of entries that were waiting behind this one.
	more uint64
}

// errGap says that entries were lost on the way: read on behind the last one.
var errGap = errors.New("entries were lost on the way")

// Reading in bulk: how many entries are in flight, and how soon a server that
// fell silent is noticed (twice the heartbeat).
const (
	readAhead     = 4096
	readHeartbeat = time.Second
	// readerLife is how long the server keeps a reader that disappeared.
	readerLife = 30 * time.Second
	// readTimeout bounds a bulk read whose caller set no deadline.
	readTimeout = time.Minute
)

// cursor reads a bucket in order.
type cursor struct {
	b        bucket
	name     string
	messages jetstream.MessagesContext
	read     uint64
	// waiting is the number of entries there were when the cursor was opened.
	waiting uint64
}

// latest opens a cursor on the newest entry of every key, and then on all that
// follow.
func (b bucket) latest(ctx context.Context, keys ...string) (*cursor, error) {
	return b.open(ctx, jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy}, keys)
}

// after opens a cursor on all entries behind a sequence.
func (b bucket) after(ctx context.Context, seq uint64, keys ...string) (*cursor, error) {
	return b.open(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:   seq + 1,
	}, keys)
}

func (b bucket) open(ctx context.Context, cfg jetstream.ConsumerConfig, keys []string) (*cursor, error) {
	if len(keys) == 0 {
		keys = []string{">"}
	}
	for _, key := range keys {
		cfg.FilterSubjects = append(cfg.FilterSubjects, b.subject(key))
	}
	cfg.AckPolicy = jetstream.AckNonePolicy
	cfg.MemoryStorage = true
	cfg.Replicas = 1
	cfg.InactiveThreshold = readerLife
	consumer, err := b.js.CreateConsumer(ctx, b.stream(), cfg)
	if err != nil {
		return nil, b.wrap("read", err)
	}
	info := consumer.CachedInfo()
	messages, err := consumer.Messages(
		jetstream.PullMaxMessages(readAhead),
		jetstream.PullThresholdMessages(readAhead/2),
		jetstream.PullHeartbeat(readHeartbeat),
	)
	if err != nil {
		return nil, b.wrap("read", err)
	}
	return &cursor{b: b, name: info.Name, messages: messages, waiting: info.NumPending}, nil
}

// next returns the next entry and waits for it as long as ctx lasts. After an
// error the cursor is of no more use, unless ctx ended.
func (c *cursor) next(ctx context.Context) (entry, error) {
	m, err := c.messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		return entry{}, err
	}
	meta, err := m.Metadata()
	if err != nil {
		return entry{}, err
	}
	if c.read++; meta.Sequence.Consumer != c.read {
		return entry{}, errGap
	}
	op := m.Headers().Get(opHeader)
	return entry{
		key:     c.b.key(m.Subject()),
		seq:     meta.Sequence.Stream,
		value:   m.Data(),
		deleted: op == opDelete || op == opPurge,
		more:    meta.NumPending,
		fact:    factOf(meta.Sequence.Stream, m.Headers(), meta.Timestamp),
	}, nil
}

// each hands entries to take until last says that one was the last, or until
// the bucket holds no more. A read without a deadline gets readTimeout.
func (c *cursor) each(ctx context.Context, last func(entry) bool, take func(entry) error) error {
	if c.waiting == 0 {
		return nil
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, readTimeout)
		defer cancel()
	}
	for {
		e, err := c.next(ctx)
		if err != nil {
			return c.b.wrap("read", err)
		}
		if err := take(e); err != nil {
			return err
		}
		if e.more == 0 || last(e) {
			return nil
		}
	}
}

// until reads the entries up to a sequence.
func (c *cursor) until(ctx context.Context, seq uint64, take func(entry) error) error {
	return c.each(ctx, func(e entry) bool { return e.seq >= seq }, take)
}

// initial reads the entries that waited when the cursor was opened.
func (c *cursor) initial(ctx context.Context, take func(entry) error) error {
	return c.each(ctx, func(entry) bool { return c.read >= c.waiting }, take)
}

// close ends the cursor; the server forgets its side at once if it can be
// told, else after readerLife.
func (c *cursor) close() {
	c.messages.Stop()
	if !c.b.js.Conn().IsConnected() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.b.js.DeleteConsumer(ctx, c.b.stream(), c.name)
}
