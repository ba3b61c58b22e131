package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
)

// Keys of the bucket that are not documents. A document's key is
// "<kind>.<id>"; no kind is called log or receipt.
const (
	headKey   = "head"
	logPrefix = "log."
	// receiptPrefix is before the keys of receipts.
	receiptPrefix = "receipt."
	// logSlots bounds the log of versions: a version is written to the slot
	// version modulo logSlots, and each slot keeps the bucket's history.
	logSlots = 500
)

// maxListed bounds the keys a Head lists: it must fit into one message.
const maxListed = 1000

// Head describes one version of the configuration: it is the last entry of
// every change set, and what makes the entries before it count.
type Head struct {
	// Version counts change sets from 1; 0 stands for a bucket that never
	// held one.
	Version uint64 `json:"version"`
	// Previous is the version the change set was made for.
	Previous uint64 `json:"previous"`
	// ID names the attempt that wrote the version, unlike any other.
	ID string `json:"id"`
	// Digest is config.Set.Digest of the whole configuration.
	Digest string `json:"digest"`
	// Count is the number of documents in the whole configuration.
	Count int `json:"count"`
	// Author and Comment are what the writer said of himself and the change.
	Author  string `json:"author,omitempty"`
	Comment string `json:"comment,omitempty"`
	// Time is the writer's clock.
	Time time.Time `json:"time"`
	// Numbers are the highest incremental ids ever given, by kind.
	Numbers map[config.Kind]int64 `json:"numbers,omitempty"`
	// Changed is the number of documents written or deleted; Keys are the
	// first 1,000 of them in the form kind/id.
	Changed int      `json:"changed"`
	Keys    []string `json:"keys,omitempty"`
	// Revision is the bucket's sequence of this entry.
	Revision uint64 `json:"-"`
}

// decodeHead is false for an entry that no commit wrote.
func decodeHead(e entry) (Head, bool) {
	var h Head
	if e.deleted || json.Unmarshal(e.value, &h) != nil || h.Version == 0 {
		return Head{}, false
	}
	h.Revision = e.seq
	return h, true
}

func logKey(version uint64) string {
	return logPrefix + strconv.FormatUint(version%logSlots, 10)
}

// entryKey is a document's key in the bucket.
func entryKey(k config.Key) string { return string(k.Kind) + "." + k.ID }

// documentKey is the inverse of entryKey; false for all other keys.
func documentKey(key string) (config.Key, bool) {
	kind, id, found := strings.Cut(key, ".")
	if !found || strings.HasPrefix(key, logPrefix) || strings.HasPrefix(key, receiptPrefix) || strings.Contains(id, ".") {
		return config.Key{}, false
	}
	return config.Key{Kind: config.Kind(kind), ID: id}, true
}
