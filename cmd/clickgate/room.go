package main

import (
	"fmt"
	"os"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/disk"
	"github.com/clickgate/clickgate/internal/metrics"
)

// openRoom looks at the disk of the data folder.
func (n *node) openRoom() (err error) {
	if err := os.MkdirAll(n.settings.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if n.room, err = disk.NewRoom(n.settings.DataDir, n.log); err != nil {
		return err
	}
	metrics.AddWriter(n.room.WriteMetrics)
	return nil
}

// roomToSpool refuses the spool the last of the disk, but not in the end: then
// it is that or nothing.
func (n *node) roomToSpool() error {
	if n.draining.Load() {
		return nil
	}
	return n.room.For(disk.Spool)
}

// roomForDerived refuses what is made from the event log, and can wait for it.
func (n *node) roomForDerived() error { return n.room.For(disk.Derived) }

// careful is a publisher to a log on this disk, or just the publisher when the
// log is elsewhere.
func (n *node) careful(p events.Publisher) events.Publisher {
	if n.settings.NATS.URL != "" {
		return p
	}
	return roomyLog{p, n.room}
}

// roomyLog publishes while the disk has room.
type roomyLog struct {
	events.Publisher
	room *disk.Room
}

func (l roomyLog) Publish(m *events.Message, done func(sequence uint64, err error)) {
	if err := l.room.For(disk.Log); err != nil {
		done(0, err)
		return
	}
	l.Publisher.Publish(m, done)
}
