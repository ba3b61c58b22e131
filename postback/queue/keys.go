package queue

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/clickgate/clickgate/internal/clickid"
)

// The keys of the store:
//
//	j host 0 due key  a call that waits or is under way
//	d time key        a dead letter
//	s class day key   a key that was seen
//	p                 the place in the log
//
// Times are unix milliseconds, days those since 1970, both big-endian; key is
// an idempotency key in 16 bytes.
const (
	jobPrefix  = 'j'
	deadPrefix = 'd'
	seenPrefix = 's'
)

var positionKey = []byte("p")

// The classes of keys that were seen, by how long they matter.
const (
	longLived  = 'l' // conversions and events
	shortLived = 's' // clicks and impressions
)

func lanePrefix(host string) []byte {
	return append(append([]byte{jobPrefix}, host...), 0)
}

// jobKey is the place of a call in its lane.
func jobKey(host string, dueMS int64, key string) []byte {
	return append(binary.BigEndian.AppendUint64(lanePrefix(host), uint64(max(dueMS, 0))), binaryKey(key)...)
}

// splitJob takes the key of a call apart.
func splitJob(key []byte) (host string, dueMS int64, ok bool) {
	end := bytes.IndexByte(key, 0)
	if end < 1 || len(key) != end+1+8+16 {
		return "", 0, false
	}
	return string(key[1:end]), int64(binary.BigEndian.Uint64(key[end+1:])), true
}

func deadKey(ms int64, key string) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{deadPrefix}, uint64(max(ms, 0))), binaryKey(key)...)
}

// binaryKey is an idempotency key in 16 bytes.
func binaryKey(key string) []byte {
	b, err := hex.DecodeString(key)
	if err != nil || len(b) != 16 {
		panic("BUG: idempotency key " + key + " is not 32 hex digits")
	}
	return b
}

// seenKey is where a key of an event is remembered: under the day of the
// event's id, which every version of its row has. An id that tells no time is
// remembered for ever.
func seenKey(class byte, txID, key string) []byte {
	day := uint32(0)
	if at, err := clickid.Time(txID); err == nil {
		day = dayOf(at)
	}
	return append(binary.BigEndian.AppendUint32([]byte{seenPrefix, class}, day), binaryKey(key)...)
}

func dayOf(t time.Time) uint32 { return uint32(max(t.Unix(), 0) / (24 * 3600)) }

// seenDays are the keys of a class from day 1 up to, but not with, a day.
func seenDays(class byte, before uint32) (from, to []byte) {
	start := []byte{seenPrefix, class}
	return binary.BigEndian.AppendUint32(start, 1), binary.BigEndian.AppendUint32(bytes.Clone(start), max(before, 1))
}

// after is the end of the keys with a prefix.
func after(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	end[len(end)-1]++
	return end
}
