package jetstream

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// Names of the claims.
const (
	// ClaimStream is the stream of claims. The log sources it: whoever reads the
	// log reads every recorded row once, and messages without a line for the
	// further keys of a row.
	ClaimStream = "CLICKGATE_CLAIMS"

	claimPrefix = subjectPrefix + "claim."
	// claimNode stands where other subjects of the log have a node.
	claimNode = "claims"
)

// claimKinds are the kinds of events that are claimed.
var claimKinds = []events.Kind{events.Conversion, events.Event}

// ClaimConfig bounds the stream of claims. Zero values mean the defaults named
// here.
type ClaimConfig struct {
	// Window is how long a key stays taken here: 24 hours. A key that is older
	// is known to those who read the log.
	Window time.Duration
	// MaxBytes is how large the stream may become: 8 GiB, room for some four
	// million rows. A full one takes no more claims until the oldest are out of
	// the window: were it to drop the oldest, they could come twice.
	MaxBytes int64
	// Replicas is the number of copies in a cluster: 1.
	Replicas int
}

// Defaults of ClaimConfig.
const (
	DefaultClaimWindow   = 24 * time.Hour
	DefaultClaimMaxBytes = 8 << 30
)

// EnsureClaims makes the stream of claims, or brings the one that is there to
// conf. Ensure calls it; its rows reach the log only where Ensure made that. There
// are no direct reads, which any copy answers: claims need the newest answer.
func EnsureClaims(ctx context.Context, js jetstream.JetStream, conf ClaimConfig) error {
	want := jetstream.StreamConfig{
		Name:        ClaimStream,
		Description: "clickgate claims: rows of conversions under their deduplication keys",
		Retention:   jetstream.LimitsPolicy,
		Storage:     jetstream.FileStorage,
		MaxAge:      cmp.Or(conf.Window, DefaultClaimWindow),
		MaxBytes:    cmp.Or(conf.MaxBytes, DefaultClaimMaxBytes),
		Replicas:    cmp.Or(conf.Replicas, 1),
		Discard:     jetstream.DiscardNew,
	}
	want.Duplicates = min(want.MaxAge, DefaultDuplicates)
	for _, kind := range claimKinds {
		want.Subjects = append(want.Subjects, claimSubject(kind, "*"))
	}
	if _, err := js.CreateOrUpdateStream(ctx, want); err != nil {
		return fmt.Errorf("make stream %s: %w", ClaimStream, err)
	}
	return nil
}

func claimSubject(kind events.Kind, key string) string {
	return claimPrefix + kind.String() + "." + key
}

// claimSource makes the log take the claims over. It starts with the first
// claim unless the server knows better: for a log whose beginning is gone, the
// server would otherwise start with the log's latest time, and skip what was
// claimed before.
func claimSource() *jetstream.StreamSource {
	source := &jetstream.StreamSource{Name: ClaimStream, OptStartSeq: 1}
	for _, kind := range claimKinds {
		source.SubjectTransforms = append(source.SubjectTransforms, jetstream.SubjectTransformConfig{
			Source: claimSubject(kind, "*"), Destination: Subject(kind, claimNode),
		})
	}
	return source
}
