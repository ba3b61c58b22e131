package disk

import (
	"context"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"
)

const (
	// patientBytes is what must be free before a write that found the disk full
	// is tried again, patientEvery how often that is looked at.
	patientBytes = 16 << 20
	patientEvery = 250 * time.Millisecond
)

// Patient is the machine's file system for stores that take a failed write for
// their end, as pebble does: others may fill the disk between two looks. A write
// that finds it full waits until there is room, and is then tried once more. It
// waits no longer than until ctx ends.
func (r *Room) Patient(ctx context.Context) vfs.FS {
	return vfs.OnDiskFull(vfs.Default, func() {
		r.logger.Error("the disk is full; a write waits for room", zap.String("dir", r.dir))
		tick := time.NewTicker(patientEvery)
		defer tick.Stop()
		for {
			if free, _, err := stat(r.dir); err != nil || free >= min(patientBytes, r.reserve) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}
