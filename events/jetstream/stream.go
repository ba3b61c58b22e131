// Package jetstream keeps the event log in a NATS JetStream stream: it makes
// the stream, publishes blocks to it and reads them back as rows. Rows that must
// come once only are published as claims (claims.go), which the log takes over.
package jetstream

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/nats-io/nats.go/jetstream"
)

// Names of the log that consumers rely on.
const (
	// Stream is the stream of all events.
	Stream = "CLICKGATE"
	// LinesHeader is the header with the number of lines in a block.
	LinesHeader = "Clickgate-Lines"

	subjectPrefix = "clickgate."
)

// Subject is where a node's events of a kind are published.
func Subject(kind events.Kind, node string) string {
	return subjectPrefix + kind.String() + "." + node
}

// kindOf reads the kind from a subject.
func kindOf(subject string) (events.Kind, error) {
	rest, ok := strings.CutPrefix(subject, subjectPrefix)
	if !ok {
		return 0, fmt.Errorf("subject %q is not of the event log", subject)
	}
	name, _, _ := strings.Cut(rest, ".")
	return events.ParseKind(name)
}

// Config bounds the stream. Zero values mean the defaults named here.
//
// A full stream drops its oldest blocks. It could refuse new ones instead, but
// then a log that nobody reads stops taking events some day, and the newest
// are lost once memory and spool are full too. So fresh events win, and Guard
// tells loudly when blocks go that a durable consumer has not taken yet. Who
// would rather stop sets RefuseWhenFull: then blocks collect in the spools of
// the edges until age makes room or the limit is raised.
type Config struct {
	// MaxAge is how long events stay: 7 days.
	MaxAge time.Duration
	// MaxBytes is how large the stream may become: 10 GiB.
	MaxBytes int64
	// Duplicates is how long the server remembers the ids of blocks: 1 minute.
	// A block that is sent again later is looked up first. Each id costs the
	// server some 100 bytes.
	Duplicates time.Duration
	// Replicas is the number of copies in a cluster: 1.
	Replicas       int
	RefuseWhenFull bool
	// Claims bounds the stream of claims, which the log sources. Its Replicas
	// are those of the log where they are not set.
	Claims ClaimConfig
}

// Defaults of Config.
const (
	DefaultMaxAge     = 7 * 24 * time.Hour
	DefaultMaxBytes   = 10 << 30
	DefaultDuplicates = time.Minute
)

// Ensure makes the stream and that of claims, or brings those that are there to
// conf.
func Ensure(ctx context.Context, js jetstream.JetStream, conf Config) error {
	conf.Claims.Replicas = cmp.Or(conf.Claims.Replicas, conf.Replicas)
	if err := EnsureClaims(ctx, js, conf.Claims); err != nil {
		return err
	}
	want := jetstream.StreamConfig{
		Name:        Stream,
		Description: "clickgate events: blocks of JSON lines",
		Retention:   jetstream.LimitsPolicy,
		Storage:     jetstream.FileStorage,
		MaxAge:      cmp.Or(conf.MaxAge, DefaultMaxAge),
		MaxBytes:    cmp.Or(conf.MaxBytes, DefaultMaxBytes),
		Duplicates:  cmp.Or(conf.Duplicates, DefaultDuplicates),
		Replicas:    cmp.Or(conf.Replicas, 1),
		Discard:     jetstream.DiscardOld,
		AllowDirect: true,
		Sources:     []*jetstream.StreamSource{claimSource()},
	}
	want.Duplicates = min(want.Duplicates, want.MaxAge)
	if conf.RefuseWhenFull {
		want.Discard = jetstream.DiscardNew
	}
	for _, kind := range events.Kinds() {
		want.Subjects = append(want.Subjects, Subject(kind, "*"))
	}
	if _, err := js.CreateOrUpdateStream(ctx, want); err != nil {
		return fmt.Errorf("make stream %s: %w", Stream, err)
	}
	return nil
}
