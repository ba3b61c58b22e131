package store

import (
	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/sstable/block"

	"github.com/clickgate/clickgate/internal/pebblelog"
)

const (
	// blockBytes is what is compressed, and read, as one: rows are alike, and
	// zstd finds that only where many of them are together.
	blockBytes = 32 << 10
	// tableBytes is the size of a file. Ids come in the order of time, so files
	// hardly overlap and are moved down, not merged: their size is given when
	// they are first written.
	tableBytes = 64 << 20
	// memTableBytes is what is gathered before a file is written.
	memTableBytes = 32 << 20
)

// options are those of pebble.
func (s *Store) options(cache *pebble.Cache) *pebble.Options {
	o := &pebble.Options{
		FS:                          s.opt.FS,
		Cache:                       cache,
		FormatMajorVersion:          pebble.FormatNewest,
		Logger:                      pebblelog.New(s.opt.Logger),
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: 4,
		MaxOpenFiles:                4096,
		LBaseMaxBytes:               256 << 20,
		FlushSplitBytes:             tableBytes,
		EventListener: &pebble.EventListener{
			DataCorruption:  func(info pebble.DataCorruptionInfo) { s.noteDamage(info.Details) },
			BackgroundError: s.noteDamage,
		},
	}
	for i := range o.Levels {
		o.TargetFileSizes[i] = tableBytes
		l := &o.Levels[i]
		l.BlockSize, l.IndexBlockSize = blockBytes, blockBytes
		// A file that is moved down keeps the compression it was written with.
		l.Compression = func() *sstable.CompressionProfile { return block.BalancedCompression }
		l.FilterPolicy = bloom.FilterPolicy(10)
	}
	return o
}
