package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
)

// Job is a block of lines that somebody has to do something about.
type Job struct {
	Kind events.Kind
	Data []byte
	// Sequence is the block's in the log, Delivery how often it was handed out,
	// from 1.
	Sequence uint64
	Delivery int
	// Logged is when the log took it.
	Logged time.Time
}

// WorkOptions say what Work reads.
type WorkOptions struct {
	// Durable names the consumer. Workers that share a name share the jobs.
	Durable string
	Kinds   []events.Kind
	// Since leaves out what was logged before it, when the consumer is made; a
	// zero one leaves out nothing.
	Since time.Time
	// Room, unless nil, returns an error while no job is to be begun.
	Room func() error
	// Ahead is how many jobs may be out at once: 64.
	Ahead  int
	Logger *zap.Logger
}

// ackWait is after how long without a sign of life a job is given to somebody
// else; the sign is made four times as often.
const ackWait = 30 * time.Second

// Work hands the log's blocks to do, one after the other, until ctx ends; the
// error is that of a log that cannot be read. A job that wants to be done again
// comes after the time that do returns, here or to another worker; 0 is done.
func Work(ctx context.Context, js jetstream.JetStream, opt WorkOptions, do func(context.Context, Job) (again time.Duration)) error {
	consumer, err := workConsumer(ctx, js, opt)
	if err != nil {
		return fmt.Errorf("make consumer %s: %w", opt.Durable, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(8))
	if err != nil {
		return fmt.Errorf("read consumer %s: %w", opt.Durable, err)
	}
	defer giveBack(messages)
	for {
		if AwaitRoom(ctx, opt.Room) != nil {
			return nil
		}
		msg, err := messages.Next(jetstream.NextContext(ctx))
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, jetstream.ErrNoHeartbeat):
			continue // the connection is being made again
		case err != nil:
			return fmt.Errorf("read consumer %s: %w", opt.Durable, err)
		}
		if err := work(ctx, msg, do); err != nil {
			opt.Logger.Error("a job cannot be acknowledged; it is done again", zap.String("consumer", opt.Durable), zap.Error(err))
		}
	}
}

// giveBack ends the reading and lets others have at once what has come already.
func giveBack(messages jetstream.MessagesContext) {
	messages.Drain()
	for {
		msg, err := messages.Next(jetstream.NextMaxWait(giveBackTime))
		if err != nil {
			messages.Stop()
			return
		}
		_ = msg.Nak() // else it comes to others after ackWait
	}
}

// giveBackTime is how long the end of reading waits for what is on its way.
const giveBackTime = 100 * time.Millisecond

// workConsumer returns the consumer there is, or makes it.
func workConsumer(ctx context.Context, js jetstream.JetStream, opt WorkOptions) (jetstream.Consumer, error) {
	consumer, err := js.Consumer(ctx, Stream, opt.Durable)
	if !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return consumer, err
	}
	conf := jetstream.ConsumerConfig{
		Durable: opt.Durable, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: max(opt.Ahead, 64),
	}
	if !opt.Since.IsZero() {
		stream, err := js.Stream(ctx, Stream)
		if err != nil {
			return nil, err
		}
		gone, err := LastBefore(ctx, stream, opt.Since)
		if err != nil {
			return nil, err
		}
		conf.DeliverPolicy, conf.OptStartSeq = jetstream.DeliverByStartSequencePolicy, gone+1
	}
	for _, kind := range opt.Kinds {
		conf.FilterSubjects = append(conf.FilterSubjects, Subject(kind, "*"))
	}
	return js.CreateOrUpdateConsumer(ctx, Stream, conf)
}

func work(ctx context.Context, msg jetstream.Msg, do func(context.Context, Job) time.Duration) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	kind, err := kindOf(msg.Subject())
	if err != nil {
		return err
	}
	stop := keepAlive(msg)
	again := do(ctx, Job{
		Kind: kind, Data: msg.Data(), Sequence: meta.Sequence.Stream, Delivery: int(meta.NumDelivered), Logged: meta.Timestamp,
	})
	stop()
	if again > 0 {
		return msg.NakWithDelay(again)
	}
	return msg.Ack()
}

// keepAlive tells the server that a job is being worked on until stop is called.
func keepAlive(msg jetstream.Msg) (stop func()) {
	ticker, end, ended := time.NewTicker(ackWait/4), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				_ = msg.InProgress() // else somebody else does it too, which does no harm
			case <-end:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(end)
		<-ended
	}
}
