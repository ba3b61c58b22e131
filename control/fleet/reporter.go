package fleet

import (
	"context"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// Reporter tells control nodes what this edge serves.
type Reporter struct {
	js       jetstream.JetStream
	replicas int
	// state is asked at every report; it must not block.
	state func() Report
	log   *zap.Logger
	wake  chan struct{}
	// told is the last failure that was logged.
	told string
	// last is the revision of the last report; another one in its place is
	// that of a second process of this name.
	last uint64
}

// NewReporter returns a reporter that asks state for what to say.
func NewReporter(js jetstream.JetStream, replicas int, state func() Report, log *zap.Logger) *Reporter {
	return &Reporter{js: js, replicas: replicas, state: state, log: log, wake: make(chan struct{}, 1)}
}

// Report has the state told at once. It does not wait.
func (r *Reporter) Report() {
	select {
	case r.wake <- struct{}{}:
	default: // a report is on its way and will ask for the state
	}
}

// Run reports until ctx ends, and then takes the edge off the list. NATS may be
// away for as long as it likes.
func (r *Reporter) Run(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var kv jetstream.KeyValue
	for {
		kv = r.tell(ctx, kv)
		select {
		case <-ctx.Done():
			r.leave(kv)
			return
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// tell writes one report and returns the bucket to write the next one to; nil
// where it has to be looked for again.
func (r *Reporter) tell(ctx context.Context, kv jetstream.KeyValue) jetstream.KeyValue {
	if !r.js.Conn().IsConnected() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, interval)
	defer cancel()
	err := error(nil)
	if kv == nil {
		kv, err = open(ctx, r.js, r.replicas)
	}
	if err == nil {
		err = r.write(ctx, kv)
	}
	if err != nil {
		r.failed(err)
		return nil
	}
	r.told = ""
	return kv
}

func (r *Reporter) write(ctx context.Context, kv jetstream.KeyValue) error {
	report := r.state()
	report.At = time.Now().UTC()
	value, err := json.Marshal(report)
	if err != nil {
		return err
	}
	r.notice(ctx, kv, report)
	r.last, err = kv.Put(ctx, report.Node, value)
	return err
}

// notice warns of a second process with this edge's name: the two would hide
// each other.
func (r *Reporter) notice(ctx context.Context, kv jetstream.KeyValue, mine Report) {
	if r.last == 0 {
		return
	}
	entry, err := kv.Get(ctx, mine.Node)
	if err != nil || entry.Revision() == r.last {
		return
	}
	var other Report
	if json.Unmarshal(entry.Value(), &other) == nil && other.Instance != mine.Instance {
		r.log.Warn("another edge has this one's name: set node in the boot settings", zap.String("node", mine.Node))
	}
}

// failed logs a failure once.
func (r *Reporter) failed(err error) {
	if err.Error() != r.told {
		r.told = err.Error()
		r.log.Warn("control nodes cannot be told what this edge serves", zap.Error(err))
	}
}

// leave takes the edge off the list, if that can be done in a moment.
func (r *Reporter) leave(kv jetstream.KeyValue) {
	if kv == nil || !r.js.Conn().IsConnected() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = kv.Purge(ctx, r.state().Node) // it expires anyway
}
