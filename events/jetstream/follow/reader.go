package follow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// What goes to disk in one piece: one flush of the disk serves it all.
const (
	batchBlocks = 256
	batchBytes  = 8 << 20
	// gatherFor is how long the first block waits for others. Who asks for what
	// it holds waits as long at the most.
	gatherFor = 20 * time.Millisecond
)

// errOrder tells that blocks were lost or repeated on their way. Reading begins
// anew from the sink's place.
var errOrder = errors.New("blocks of the event log came out of order")

// reader takes blocks from a consumer into the sink.
type reader struct {
	stream   jetstream.Stream
	consumer jetstream.Consumer
	sink     Sink
	last     uint64 // number of the last delivery
	progress *progress

	blocks []Block
	bytes  int
	newest jetstream.Msg // the last of blocks
}

// fetchFor is how long one question for blocks waits for them. The server is
// asked to end it a tenth earlier, so that nothing is under way when it ends.
const fetchFor = time.Second

// read applies the blocks that come within a second, or as many as are asked for
// at once.
func (r *reader) read(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, fetchFor)
	defer cancel()
	batch, err := r.consumer.Fetch(batchBlocks, jetstream.FetchContext(bounded))
	if err != nil {
		return fmt.Errorf("read the event log: %w", err)
	}
	for more := true; more; {
		if more, err = r.gather(batch.Messages()); err != nil {
			return err
		}
		if err := r.flush(); err != nil {
			return err
		}
	}
	if err := batch.Error(); err != nil && !quiet(err) {
		return fmt.Errorf("read the event log: %w", err)
	}
	return ctx.Err()
}

// quiet errors only say that nothing more came in time.
func quiet(err error) bool {
	return errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded)
}

// gather waits for one block and takes what comes soon after it. more is false
// when the fetch has ended.
func (r *reader) gather(messages <-chan jetstream.Msg) (more bool, err error) {
	msg, ok := <-messages
	enough := time.NewTimer(gatherFor)
	defer enough.Stop()
	for ok {
		if err := r.take(msg); err != nil {
			return false, err
		}
		if r.bytes >= batchBytes {
			return true, nil
		}
		select {
		case msg, ok = <-messages:
		case <-enough.C:
			return true, nil
		}
	}
	return false, nil
}

// take notes one block. Deliveries are numbered without gaps; what is missing
// was lost on the way and would come again behind later ones.
func (r *reader) take(msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return fmt.Errorf("read the event log: %w", err)
	}
	if meta.Sequence.Consumer != r.last+1 || meta.NumDelivered > 1 {
		return fmt.Errorf("%w: delivery %d after %d, block %d", errOrder, meta.Sequence.Consumer, r.last, meta.Sequence.Stream)
	}
	r.last = meta.Sequence.Consumer
	b, err := newBlock(msg, meta)
	if err != nil {
		return err
	}
	r.blocks = append(r.blocks, b)
	r.bytes += len(msg.Data())
	r.newest = msg
	r.progress.pending.Store(meta.NumPending)
	return nil
}

// flush applies what was gathered, and tells the log so. A lost
// acknowledgement costs nothing but reading it again.
func (r *reader) flush() error {
	if len(r.blocks) == 0 {
		return nil
	}
	if err := r.sink.Apply(r.blocks); err != nil {
		return err
	}
	clear(r.blocks)
	r.blocks, r.bytes = r.blocks[:0], 0
	r.progress.read()
	if err := r.newest.Ack(); err != nil {
		return fmt.Errorf("acknowledge block: %w", err)
	}
	return nil
}

func newBlock(msg jetstream.Msg, meta *jetstream.MsgMetadata) (Block, error) {
	kind, err := kindOf(msg.Subject())
	return Block{Kind: kind, Sequence: meta.Sequence.Stream, LoggedMS: meta.Timestamp.UnixMilli(), Data: msg.Data()}, err
}

// kindOf reads the kind from a subject: clickgate.<kind>.<node>.
func kindOf(subject string) (events.Kind, error) {
	parts := strings.SplitN(subject, ".", 3)
	if len(parts) < 3 {
		return 0, fmt.Errorf("subject %q is not of the event log", subject)
	}
	return events.ParseKind(parts[1])
}
