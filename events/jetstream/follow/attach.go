package follow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
)

// forgetAfter is when the log forgets a consumer that does not come back.
// Coming back later costs it nothing: the sink knows where it was.
const forgetAfter = 72 * time.Hour

func subjects(kinds []events.Kind) []string {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = eventlog.Subject(kind, "*")
	}
	return list
}

// attach finds the sink's place in the log and a consumer that begins there.
func (f *Follower) attach(ctx context.Context) (*reader, error) {
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
		return nil, fmt.Errorf("consumer %s: %w", f.Durable, err)
	}
	delivered := consumer.CachedInfo().Delivered.Consumer
	return &reader{stream: stream, consumer: consumer, sink: f.Sink, last: delivered, progress: &f.progress}, nil
}

// place moves the sink to where the log can be read on.
func (f *Follower) place(ctx context.Context, stream jetstream.Stream) error {
	info := stream.CachedInfo()
	at := f.Sink.Position()
	to := at
	to.Log = nameOf(info)
	same, err := f.isSame(ctx, stream, at, to.Log)
	if err == nil && !same {
		to.Sequence, to.LoggedMS, err = f.restart(ctx, stream, at)
	}
	if err != nil {
		return err
	}
	if gone := info.State.FirstSeq; gone > to.Sequence+1 {
		to.SinceMS = max(to.SinceMS, since(&info.State))
		to.Sequence, to.LoggedMS = gone-1, 0
		f.Logger.Warn("blocks have left the event log that were not read: what stood in them is missing", zap.String("from", f.Name),
			zap.Uint64("first_sequence", gone), zap.Uint64("read_up_to", at.Sequence), zap.Time("first_time", info.State.FirstTime))
	}
	if to == at {
		return nil
	}
	return f.Sink.Move(to)
}

// nameOf names a log in a Position.
func nameOf(info *jetstream.StreamInfo) string {
	return eventlog.Stream + "@" + info.Created.UTC().Format(time.RFC3339Nano)
}

// Created is when the log was made; the zero time where the position is of none.
func (p Position) Created() time.Time {
	if len(p.Log) <= len(eventlog.Stream) {
		return time.Time{}
	}
	at, _ := time.Parse(time.RFC3339Nano, p.Log[len(eventlog.Stream)+1:]) // zero where it is none
	return at
}

// restart is the place in a log that is not the one that was read: its
// beginning, or behind what was logged while the other one was read.
func (f *Follower) restart(ctx context.Context, stream jetstream.Stream, at Position) (sequence uint64, loggedMS int64, err error) {
	if at.Log == "" {
		return 0, 0, nil
	}
	if f.Again || at.LoggedMS == 0 {
		f.Logger.Warn("the event log is not the one that was read: it is read from its beginning", zap.String("for", f.Name))
		return 0, 0, nil
	}
	if sequence, err = eventlog.LastBefore(ctx, stream, time.UnixMilli(at.LoggedMS+1)); err != nil {
		return 0, 0, fmt.Errorf("look for a place in the event log: %w", err)
	}
	f.Logger.Warn("the event log is not the one that was read: it is read on from the same time", zap.String("for", f.Name),
		zap.Uint64("after_sequence", sequence), zap.Time("time", time.UnixMilli(at.LoggedMS)))
	return sequence, 0, nil
}

// since is when the oldest block was logged that is still there.
func since(state *jetstream.StreamState) int64 {
	if state.Msgs == 0 {
		return state.LastTime.UnixMilli()
	}
	return state.FirstTime.UnixMilli()
}

// isSame tells whether the log goes on from where the sink was. A server that
// lost power may have lost its last blocks, and given their numbers to others.
func (f *Follower) isSame(ctx context.Context, stream jetstream.Stream, at Position, log string) (bool, error) {
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

// consumer returns the consumer if it stands exactly where the sink does, and
// else makes it anew there.
func (f *Follower) consumer(ctx context.Context, stream jetstream.Stream) (jetstream.Consumer, error) {
	conf := f.config()
	c, err := stream.Consumer(ctx, conf.Durable)
	if err == nil && fits(c.CachedInfo(), &conf) {
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

func (f *Follower) config() jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:           f.Durable,
		Description:       f.Description,
		FilterSubjects:    subjects(f.Kinds),
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       f.Sink.Position().Sequence + 1,
		AckPolicy:         jetstream.AckAllPolicy,
		AckWait:           time.Minute,
		MaxAckPending:     4 * batchBlocks,
		InactiveThreshold: forgetAfter,
	}
}

func fits(info *jetstream.ConsumerInfo, want *jetstream.ConsumerConfig) bool {
	have := info.Config
	return have.AckPolicy == want.AckPolicy && slices.Equal(have.FilterSubjects, want.FilterSubjects) &&
		info.NumAckPending == 0 && info.Delivered.Stream == want.OptStartSeq-1
}
