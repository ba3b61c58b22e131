package main

import (
	"context"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	capsservice "github.com/clickgate/clickgate/caps/service"
	"github.com/clickgate/clickgate/internal/metrics"
)

// openCaps gives the edge its book of what caps count, and keeps it up with what
// other edges count.
func (n *node) openCaps(background context.Context) {
	n.edge.Incarnation = caps.NewIncarnation(n.name, n.started)
	n.edge.Caps = caps.NewBook(caps.IncarnationOf(n.edge.Incarnation), caps.Options{})
	listener := capsservice.NewListener(capsservice.ListenerOptions{NC: n.js.Conn(), Book: n.edge.Caps, Logger: n.log})
	metrics.AddWriter(listener.WriteMetrics)
	n.tasks.Go(func() {
		if err := listener.Run(background); err != nil {
			n.log.Error("caps count only what this edge has recorded", zap.Error(err))
		}
	})
}

// openCounter counts for all edges what caps limit.
func (n *node) openCounter(background context.Context) (err error) {
	n.counter, err = capsservice.New(capsservice.Options{
		NC: n.js.Conn(), JS: n.js, Node: n.name, Dir: filepath.Join(n.settings.DataDir, "caps"), Replicas: n.settings.NATS.Replicas,
		FS: n.room.Patient(n.background), Room: n.roomForDerived, Logger: n.log,
	})
	if err != nil {
		return err
	}
	n.onStop(func() {
		if err := n.counter.Close(); err != nil {
			n.log.Error("close the sums of caps", zap.Error(err))
		}
	})
	metrics.AddWriter(n.counter.WriteMetrics)
	// Where nothing is capped the log need not be read for it. The first cap is
	// counted from the beginning of its period.
	n.when(background, n.edge.Capped, func() {
		if err := n.counter.Run(background); err != nil {
			n.log.Error("caps are no longer counted for all edges", zap.Error(err))
		}
	})
	return nil
}

// when runs a task once a condition holds.
func (n *node) when(background context.Context, holds func() bool, task func()) {
	n.withConfig(background, func() {
		for !holds() {
			select {
			case <-background.Done():
				return
			case <-time.After(time.Second):
			}
		}
		task()
	})
}
