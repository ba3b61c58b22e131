package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// firstReach is how many of the log's last blocks are looked through first.
const firstReach = 64

// Latest returns the newest event of some kinds that is wanted. It looks through
// the log's end, and through ten times as much each time that it finds none,
// until ctx ends. Then it returns the newest of those it came to. ErrNotFound
// says that it saw none. Lines that cannot be read are passed over.
func Latest(ctx context.Context, js jetstream.JetStream, kinds []events.Kind, wanted func(events.Row) bool) (events.Row, error) {
	stream, err := js.Stream(ctx, Stream)
	if err != nil {
		return events.Row{}, fmt.Errorf("read stream %s: %w", Stream, err)
	}
	state := stream.CachedInfo().State
	s := search{js: js, kinds: kinds, wanted: wanted}
	// Blocks from low to high have not been read.
	for low, high, reach := max(state.FirstSeq, 1), state.LastSeq, uint64(firstReach); low <= high && ctx.Err() == nil; reach *= 10 {
		from := low
		if high-low >= reach {
			from = high - reach + 1
		}
		if err := s.between(ctx, from, high); err != nil || s.found {
			return s.last, err
		}
		high = from - 1
	}
	return events.Row{}, ErrNotFound
}

// search is a search for the last of some events.
type search struct {
	js     jetstream.JetStream
	kinds  []events.Kind
	wanted func(events.Row) bool
	last   events.Row
	found  bool
}

// errPast ends a search that has come to its end.
var errPast = errors.New("past the end")

// between reads the blocks from one sequence to another.
func (s *search) between(ctx context.Context, from, to uint64) error {
	conf := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from}
	for _, kind := range s.kinds {
		conf.FilterSubjects = append(conf.FilterSubjects, Subject(kind, "*"))
	}
	err := eachBlock(ctx, s.js, conf, true, func(msg jetstream.Msg) error {
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Stream > to {
			return errPast
		}
		return s.block(msg)
	})
	if errors.Is(err, errPast) || ctx.Err() != nil {
		return nil
	}
	return err
}

func (s *search) block(msg jetstream.Msg) error {
	kind, err := kindOf(msg.Subject())
	if err != nil {
		return err
	}
	for line := range bytes.Lines(msg.Data()) {
		row, err := events.DecodeRow(kind, bytes.Clone(line))
		if err == nil && s.wanted(row) {
			s.last, s.found = row, true
		}
	}
	return nil
}
