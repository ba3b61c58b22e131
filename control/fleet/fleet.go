// Package fleet tells control nodes which edges there are and which version of
// the live documents each of them serves. Every edge reports into a KV bucket
// whose entries expire, and every control node watches it.
package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Bucket is the name of the KV bucket.
const Bucket = "clickgate_edges"

// How long an edge is remembered, how often it reports, and for how long after
// its last report a change waits for it.
const (
	remembered = time.Minute
	interval   = 5 * time.Second
	fresh      = 3 * interval
)

// Report is what an edge says of itself.
type Report struct {
	// Node is the edge's name, Instance this process alone.
	Node     string `json:"node"`
	Instance string `json:"instance"`
	Region   string `json:"region,omitempty"`
	Program  string `json:"program_version"`
	// Worker tells that it fires postbacks.
	Worker bool `json:"worker,omitempty"`
	// Address is where visitors reach it.
	Address   string    `json:"address,omitempty"`
	StartedAt time.Time `json:"started_at"`
	// Live is the version that serves.
	Live Live `json:"live"`
	// Attempt is the last try to make a version live; the versions differ where
	// one was refused.
	Attempt Attempt `json:"last_attempt"`
	// Connected tells whether the edge follows the store at this moment.
	Connected bool `json:"connected"`
	// At is when the edge said so, by its clock.
	At time.Time `json:"reported_at"`
}

// Live is the version that an edge serves, and from where it has it: the store,
// or its own disk.
type Live struct {
	Version uint64    `json:"version"`
	Digest  string    `json:"digest,omitempty"`
	Source  string    `json:"source,omitempty"`
	At      time.Time `json:"applied_at,omitzero"`
}

// Attempt is a try to make a version live.
type Attempt struct {
	Version uint64    `json:"version"`
	At      time.Time `json:"at,omitzero"`
	// Error is why the version was refused; empty when it was applied.
	Error string `json:"error,omitempty"`
}

// open finds the bucket or makes it.
func open(ctx context.Context, js jetstream.JetStream, replicas int) (jetstream.KeyValue, error) {
	kv, err := js.KeyValue(ctx, Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: Bucket, Description: "clickgate: what the edges serve",
			TTL: remembered, Storage: jetstream.MemoryStorage, Replicas: max(replicas, 1), History: 1,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %q: %w", Bucket, err)
	}
	return kv, nil
}
