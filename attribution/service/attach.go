package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
)

// ConsumerPrefix and the worker's name are the name of its consumer.
const ConsumerPrefix = "clickgate-store-"

// forgetAfter is when the log forgets a worker that does not come back. Coming
// back later costs it nothing: the store knows where it was.
const forgetAfter = 72 * time.Hour

// kinds are what the store is interested in.
var kinds = []events.Kind{events.Click, events.Impression, events.Conversion, events.Event}

func subjects() []string {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = eventlog.Subject(kind, "*")
	}
	return list
}

// attach finds the store's place in the log and a consumer that begins there.
func (f *Feeder) attach(ctx context.Context) (*reader, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	stream, err := f.JS.Stream(ctx, eventlog.Stream)
	if err != nil {
		return nil, fmt.Errorf("look at stream %s: %w", eventlog.Stream, err)
	}
	if err := f.place(ctx, stream); err != nil {
		return nil, err
	}
	consumer, err := f.consumer(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("consumer %s: %w", ConsumerPrefix+f.Node, err)
	}
	delivered := consumer.CachedInfo().Delivered.Consumer
	return &reader{stream: stream, consumer: consumer, store: f.Store, last: delivered, progress: &f.progress}, nil
}

// place moves the store to where the log can be read on.
func (f *Feeder) place(ctx context.Context, stream jetstream.Stream) error {
	info := stream.CachedInfo()
	at := f.Store.Position()
	to := at
	to.Log = eventlog.Stream + "@" + info.Created.UTC().Format(time.RFC3339Nano)
	switch same, err := f.isSame(ctx, stream, at, to.Log); {
	case err != nil:
		return err
	case !same:
		if at.Log != "" {
			f.Logger.Warn("the event log is not the one the click store was filled from: it is read from its beginning", zap.String("log", to.Log))
		}
		to.Sequence, to.LoggedMS = 0, 0
	}
	if gone := info.State.FirstSeq; gone > to.Sequence+1 {
		to.SinceMS = max(to.SinceMS, since(&info.State))
		to.Sequence, to.LoggedMS = gone-1, 0
		f.Logger.Warn("blocks have left the event log that the click store has not read: conversions of their clicks are not attributed here",
			zap.Uint64("first_sequence", gone), zap.Uint64("read_up_to", at.Sequence), zap.Time("first_time", info.State.FirstTime))
	}
	return f.Store.Move(to)
}

// since is when the oldest block was logged that is still there.
func since(state *jetstream.StreamState) int64 {
	if state.Msgs == 0 {
		return state.LastTime.UnixMilli()
	}
	return state.FirstTime.UnixMilli()
}

// isSame tells whether the log goes on from where the store was. A server that
// lost power may have lost its last blocks, and given their numbers to others.
func (f *Feeder) isSame(ctx context.Context, stream jetstream.Stream, at store.Position, log string) (bool, error) {
	if at.Log != log {
		return false, nil
	}
	state := stream.CachedInfo().State
	if at.Sequence > state.LastSeq {
		return false, nil
	}
	if at.Sequence < state.FirstSeq || at.LoggedMS == 0 {
		return true, nil
	}
	block, err := stream.GetMsg(ctx, at.Sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read block %d: %w", at.Sequence, err)
	}
	return block.Time.UnixMilli() == at.LoggedMS, nil
}

// consumer returns the worker's consumer if it stands exactly where the store
// does, and else makes it anew there.
func (f *Feeder) consumer(ctx context.Context, stream jetstream.Stream) (jetstream.Consumer, error) {
	conf := f.config()
	c, err := stream.Consumer(ctx, conf.Durable)
	if err == nil && f.fits(c.CachedInfo(), &conf) {
		return c, nil
	}
	if err == nil {
		err = stream.DeleteConsumer(ctx, conf.Durable)
	}
	if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, err
	}
	return stream.CreateConsumer(ctx, conf)
}

func (f *Feeder) config() jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:           ConsumerPrefix + f.Node,
		Description:       "fills the click store of a worker",
		FilterSubjects:    subjects(),
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       f.Store.Position().Sequence + 1,
		AckPolicy:         jetstream.AckAllPolicy,
		AckWait:           time.Minute,
		MaxAckPending:     4 * batchBlocks,
		InactiveThreshold: forgetAfter,
	}
}

func (f *Feeder) fits(info *jetstream.ConsumerInfo, want *jetstream.ConsumerConfig) bool {
	have := info.Config
	return have.AckPolicy == want.AckPolicy && slices.Equal(have.FilterSubjects, want.FilterSubjects) &&
		info.NumAckPending == 0 && info.Delivered.Stream == want.OptStartSeq-1
}
