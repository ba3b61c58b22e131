package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/events/spool"
	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// openLog opens NATS and the event log on it.
func (n *node) openLog(ctx, background context.Context) error {
	if err := n.openRoom(); err != nil {
		return err
	}
	nc, err := n.connect()
	if err != nil {
		return err
	}
	if n.js, err = natsjs.New(nc); err != nil {
		return err
	}
	if err := n.ensureStream(ctx, background); err != nil {
		return err
	}
	publisher, err := jetstream.NewPublisher(nc, n.name)
	if err != nil {
		return err
	}
	n.onStop(publisher.Close)
	waiting, err := spool.Open(filepath.Join(n.settings.DataDir, "spool"), spool.Options{Room: n.roomToSpool})
	if err != nil {
		return fmt.Errorf("open spool: %w", err)
	}
	n.events = events.New(n.careful(publisher), events.Options{
		Node: n.name, Fast: n.settings.Events.FastMode, Spool: waiting, Logger: n.log,
	})
	n.onStop(n.closeEvents)
	guard := jetstream.NewGuard(n.js, n.log)
	metrics.AddWriter(guard.WriteMetrics)
	n.tasks.Go(func() { guard.Run(background, guardInterval) })
	return nil
}

// guardInterval is how often the event stream's limits are looked at.
const guardInterval = 30 * time.Second

// closeEvents closes the log of a node that stops before it served.
func (n *node) closeEvents() {
	if n.draining.Load() {
		return // drain has closed it
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := n.events.Close(ctx); err != nil {
		n.log.Error("close event log", zap.Error(err))
	}
}

// connect connects to the NATS server of the settings, or starts one.
func (n *node) connect() (*nats.Conn, error) {
	s := n.settings
	if s.NATS.URL != "" {
		nc, err := natsrv.Dial(natsrv.Remote{URLs: []string{s.NATS.URL}, Credentials: s.NATS.Credentials}, "clickgate "+n.name, n.log)
		if err == nil {
			n.onStop(nc.Close)
		}
		return nc, err
	}
	server, err := natsrv.Start(natsrv.Options{DataDir: s.DataDir, Name: n.name, Logger: n.log})
	if err != nil {
		return nil, err
	}
	n.onStop(server.Shutdown)
	nc, err := server.Connect("clickgate "+n.name, n.log)
	if err == nil {
		n.onStop(nc.Close)
	}
	return nc, err
}

// ensureStream makes the stream of the event log. Where the server is away it
// is made later: until then events wait.
func (n *node) ensureStream(ctx, background context.Context) error {
	ensure := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		e := n.settings.Events
		return jetstream.Ensure(ctx, n.js, jetstream.Config{MaxAge: e.MaxAge, MaxBytes: e.MaxBytes, Replicas: n.settings.NATS.Replicas})
	}
	err := ensure(ctx)
	if err == nil {
		return nil
	}
	if n.settings.NATS.URL == "" {
		return err
	}
	n.log.Error("the event log is away; events wait in memory and on disk", zap.Error(err))
	n.every(background, 2*time.Second, func() (done bool) { return ensure(background) == nil })
	return nil
}
