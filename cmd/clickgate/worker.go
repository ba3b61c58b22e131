package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/attribution/release"
	"github.com/clickgate/clickgate/attribution/service"
	clickstore "github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/postback/worker"
)

func newWorker() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Work behind the edges only: find clicks, finish conversions, fire postbacks",
		Long: "Worker follows the event log: it keeps the clicks that conversions are attributed to,\n" +
			"finishes conversions that came while no worker answered, and fires postbacks. It needs\n" +
			"nats.url: any number of workers share one log.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSharedSettings(cmd)
			if err != nil {
				return err
			}
			return serveNode(cmd.Context(), s, roles{worker: true})
		},
	}
	addSettingsFlags(cmd)
	return cmd
}

// openConversions lets the edge find clicks and record conversions.
func (n *node) openConversions() error {
	claims, err := jetstream.NewClaims(n.js.Conn())
	if err != nil {
		return err
	}
	n.edge.Finder, n.edge.Recorder = service.NewClient(n.js.Conn()), claims
	n.edge.Managers = n.managers
	return nil
}

// openWorker starts what works behind the edges. What goes on there ends with
// background.
func (n *node) openWorker(background context.Context) error {
	if err := n.openClicks(background); err != nil {
		return err
	}
	if err := n.openPostbacks(background); err != nil {
		return err
	}
	if err := n.openCounter(background); err != nil {
		return err
	}
	late := edge.NewLate(n.edge, n.patience())
	finish := jetstream.WorkOptions{Durable: "clickgate-finish", Kinds: []events.Kind{events.Received}, Logger: n.log}
	n.work(background, finish, func(ctx context.Context, j jetstream.Job) time.Duration {
		return late.Finish(ctx, j.Data, j.Delivery)
	})
	return nil
}

// patience is how long a conversion waits for its click: as long as its line is
// sure to stay in the log.
func (n *node) patience() time.Duration { return n.settings.Events.MaxAge * 6 / 7 }

// openClicks keeps the clicks on disk, answers who asks for them, and releases
// conversions whose hold is over.
func (n *node) openClicks(background context.Context) error {
	clicks, err := clickstore.Open(clickstore.Options{
		Dir: filepath.Join(n.settings.DataDir, "clicks"), Settings: n.settings.Attribution, Match: n.edge.Matches, MatchAny: n.edge.MatchesAny,
		FS: n.room.Patient(n.background), Logger: n.log,
	})
	if err != nil {
		return err
	}
	n.onStop(func() {
		if err := clicks.Close(); err != nil {
			n.log.Error("close click store", zap.Error(err))
		}
	})
	feeder := service.NewFeeder(service.FeederOptions{JS: n.js, Node: n.name, Store: clicks, Room: n.roomForDerived, Logger: n.log})
	n.withConfig(background, func() { feeder.Run(background) })
	server, err := service.Serve(n.js.Conn(), clicks, service.ServerOptions{Logger: n.log})
	if err != nil {
		return err
	}
	n.onStop(server.Close)
	holds := release.New(release.Options{
		Holds: clicks, Amender: &amend.Amender{Finder: clicks, Recorder: n.edge.Recorder}, Logger: n.log,
	})
	n.tasks.Go(func() { holds.Run(background) })
	metrics.AddWriter(holds.WriteMetrics)
	metrics.AddWriter(clicks.WriteMetrics)
	metrics.AddWriter(feeder.WriteMetrics)
	metrics.AddWriter(server.WriteMetrics)
	return nil
}

// openPostbacks fires the calls that events ask for.
func (n *node) openPostbacks(background context.Context) (err error) {
	n.postbacks, err = worker.New(worker.Options{
		Dir: filepath.Join(n.settings.DataDir, "postbacks"), Settings: n.settings.Postbacks, Log: postbackLog{n.events},
		Node: n.name, Region: n.settings.Edge.Region, FS: n.room.Patient(n.background), Logger: n.log,
	})
	if err != nil {
		return err
	}
	n.onStop(func() {
		if err := n.postbacks.Close(); err != nil {
			n.log.Error("close postbacks", zap.Error(err))
		}
	})
	metrics.AddWriter(n.postbacks.WriteMetrics)
	n.tasks.Go(func() {
		if err := n.postbacks.Run(background); err != nil {
			n.log.Error("postbacks have stopped; they go on after a restart", zap.Error(err))
		}
	})
	n.fire(background, "clickgate-postbacks", n.started.Add(-time.Hour), events.Conversion, events.Event)
	// Clicks and impressions are many, and few ask for calls about them.
	for _, kind := range []events.Kind{events.Click, events.Impression} {
		n.withConfig(background, func() { n.fireWhileWanted(background, kind) })
	}
	return nil
}

// fire fires the calls that events of some kinds ask for. Where nobody did
// before, it begins with those of since: nobody waits for the others any more.
func (n *node) fire(ctx context.Context, durable string, since time.Time, kinds ...events.Kind) {
	opt := jetstream.WorkOptions{Durable: durable, Kinds: kinds, Since: since, Room: n.roomForDerived, Logger: n.log}
	n.work(ctx, opt, func(_ context.Context, j jetstream.Job) time.Duration {
		n.applying.Lock()
		err := n.postbacks.Apply(worker.Block{Kind: j.Kind, Lines: j.Data, Sequence: j.Sequence})
		n.applying.Unlock()
		if err != nil {
			n.log.Error("the calls that events ask for cannot be kept; they are tried again", zap.Error(err))
			return time.Second
		}
		return 0
	})
}

// fireWhileWanted fires calls about a kind of events while the config asks for
// any. A consumer that nobody reads any more is removed, or it would hand out
// old events the next time.
func (n *node) fireWhileWanted(background context.Context, kind events.Kind) {
	durable := "clickgate-postbacks-" + kind.String()
	var stop context.CancelFunc
	forgotten := false
	for {
		switch wanted := n.postbacks.Wants(kind); {
		case wanted && stop == nil:
			var ctx context.Context
			ctx, stop = context.WithCancel(background)
			forgotten = false
			n.fire(ctx, durable, time.Now().Add(-10*time.Second), kind)
		case !wanted && !forgotten:
			forgotten = true
			if stop != nil {
				stop()
				stop = nil
			}
			n.forgetConsumer(background, durable)
		}
		select {
		case <-background.Done():
			if stop != nil {
				stop()
			}
			return
		case <-time.After(5 * time.Second):
		}
	}
}

// forgetConsumer removes a consumer of the log, if there is one.
func (n *node) forgetConsumer(ctx context.Context, durable string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := n.js.DeleteConsumer(ctx, jetstream.Stream, durable)
	if err != nil && !errors.Is(err, natsjs.ErrConsumerNotFound) && ctx.Err() == nil {
		n.log.Warn("a consumer that nobody reads cannot be removed", zap.String("consumer", durable), zap.Error(err))
	}
}

// postbackLog writes the rows of attempts to the event log.
type postbackLog struct{ log *events.Log }

// Log implements worker.Log.
func (l postbackLog) Log(line []byte) { l.log.Append(events.Postback, line) }

// withConfig runs a task as soon as a config serves. What reads the log before
// would refuse conversions of integrations that it does not know, for ever, and
// store clicks as if nobody would look for them without their id.
func (n *node) withConfig(background context.Context, task func()) {
	n.tasks.Go(func() {
		select {
		case <-n.live:
			task()
		case <-background.Done():
		}
	})
}

// work hands the log's blocks to do, until background ends.
func (n *node) work(background context.Context, opt jetstream.WorkOptions, do func(context.Context, jetstream.Job) time.Duration) {
	n.withConfig(background, func() {
		for background.Err() == nil {
			err := jetstream.Work(background, n.js, opt, do)
			if err == nil {
				return
			}
			n.log.Error("the event log cannot be read; it is tried again", zap.String("consumer", opt.Durable), zap.Error(err))
			select {
			case <-background.Done():
			case <-time.After(2 * time.Second):
			}
		}
	})
}
