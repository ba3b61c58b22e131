// Package service makes the caps of all processes count together. Counter, on a
// worker, reads the event log and counts what everybody recorded; Listener, on
// an edge, hears of it and keeps the edge's book up.
//
// A Counter is exactly-once: its sums are written in one batch with its place
// in the log, and with the last version of each conversion it has counted, so
// that a later change takes back what was counted and no more. Several workers
// may count; the edges go by whoever has read furthest.
package service

import (
	"time"

	"github.com/clickgate/clickgate/events"
)

// Subjects on core NATS. Deltas are what Counters tell everybody; on Exports
// they are asked for all they know, and one of Group answers.
const (
	Deltas  = "clickgate.caps"
	Exports = "clickgate.caps.export"
	Group   = "clickgate-caps"
)

// Notices is the bucket of what was said about caps, each under caps.Notice.ID:
// so that of several workers, which all count the same, one says it.
const Notices = "clickgate-cap-notices"

// ConsumerPrefix and the worker's name are the name of a Counter's consumer.
const ConsumerPrefix = "clickgate-caps-"

// kinds are what caps count.
var kinds = []events.Kind{events.Click, events.Impression, events.Conversion, events.Event}

// Times of Counters and Listeners.
const (
	tellEvery   = time.Second
	exportEvery = time.Minute
	forgetEvery = 5 * time.Minute
	// retireAfter is how long a later run of a node must have been seen until
	// nothing more is expected of an earlier one.
	retireAfter = 10 * time.Minute
	// keepNotices is how long it is remembered what was said: longer than the
	// log goes back, from which it might be said again.
	keepNotices = 35 * 24 * time.Hour
	// keepVersions is how long a conversion may be changed after it was made.
	keepVersions = 400 * 24 * time.Hour
)
