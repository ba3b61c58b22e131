package jetstream

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/nats-io/nats.go/jetstream"
)

// TailOptions say what Tail reads.
type TailOptions struct {
	// Kinds to read; empty means all.
	Kinds []events.Kind
	// FromStart begins with the oldest event; otherwise with the next one.
	FromStart bool
	// Since begins with the first event logged at or after it, where it is not
	// zero.
	Since time.Time
	// NoFollow ends with the newest event there was at the start.
	NoFollow bool
	// Filters must all match.
	Filters []events.Filter
}

// Tail reads the log in order and calls each for every row that passes the
// filters, until ctx ends, each returns an error, or with NoFollow the end is
// reached. The row may be kept. A line that cannot be decoded is an error.
func Tail(ctx context.Context, js jetstream.JetStream, opt TailOptions, each func(events.Row) error) error {
	conf := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}
	if opt.FromStart {
		conf.DeliverPolicy = jetstream.DeliverAllPolicy
	}
	if !opt.Since.IsZero() {
		stream, err := js.Stream(ctx, Stream)
		if err != nil {
			return fmt.Errorf("read stream %s: %w", Stream, err)
		}
		gone, err := LastBefore(ctx, stream, opt.Since)
		if err != nil {
			return fmt.Errorf("read stream %s: %w", Stream, err)
		}
		conf.DeliverPolicy, conf.OptStartSeq = jetstream.DeliverByStartSequencePolicy, gone+1
	}
	for _, kind := range opt.Kinds {
		conf.FilterSubjects = append(conf.FilterSubjects, Subject(kind, "*"))
	}
	return eachBlock(ctx, js, conf, opt.NoFollow, func(msg jetstream.Msg) error {
		return eachRow(msg, opt.Filters, each)
	})
}

// eachBlock calls each for the blocks of a consumer, as Tail does for rows.
func eachBlock(ctx context.Context, js jetstream.JetStream, conf jetstream.OrderedConsumerConfig, noFollow bool, each func(jetstream.Msg) error) error {
	consumer, err := js.OrderedConsumer(ctx, Stream, conf)
	if err != nil {
		return fmt.Errorf("read stream %s: %w", Stream, err)
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("read stream %s: %w", Stream, err)
	}
	left := info.NumPending
	if noFollow && left == 0 {
		return nil
	}
	messages, err := consumer.Messages()
	if err != nil {
		return fmt.Errorf("read stream %s: %w", Stream, err)
	}
	defer messages.Stop()
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read stream %s: %w", Stream, err)
		}
		if err := each(msg); err != nil {
			return err
		}
		if left--; noFollow && left == 0 {
			return nil
		}
	}
}

// eachRow takes a block apart.
func eachRow(msg jetstream.Msg, filters []events.Filter, each func(events.Row) error) error {
	kind, err := kindOf(msg.Subject())
	if err != nil {
		return err
	}
	for line := range bytes.Lines(msg.Data()) {
		row, err := events.DecodeRow(kind, line)
		if err != nil {
			return errors.Join(err, blockError(msg))
		}
		if !matches(row, filters) {
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func blockError(msg jetstream.Msg) error {
	id := cmp.Or(msg.Headers().Get(jetstream.MsgIDHeader), msg.Headers().Get(ClaimHeader))
	return fmt.Errorf("in block %s on %s", id, msg.Subject())
}

func matches(row events.Row, filters []events.Filter) bool {
	for _, f := range filters {
		if !row.Matches(f.Field, f.Value) {
			return false
		}
	}
	return true
}
