package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// The first byte of a key says what it is the key of. Whatever follows begins
// with a time, or an id, which begins with one: so that old things lie together
// and go with one range delete.
const (
	clickBlockPrefix      = 'C' // last id -> lines of clicks, in the blocks
	impressionBlockPrefix = 'I' // last id -> lines of impressions, in the blocks

	clickPrefix      = 'c' // click id -> its line, where it came late
	impressionPrefix = 'i' // impression id -> its line, where it came late
	conversionPrefix = 'v' // click id, own id -> the conversion
	firstPrefix      = 'f' // click id, event, own id -> nothing; unless its status is Not_Found
	latestPrefix     = 't' // click id, event, time, own id -> nothing
	ownerPrefix      = 'o' // a conversion's own id -> its click id
	dedupePrefix     = 'k' // period, dedupe key -> the id of its conversion
	matchPrefix      = 'm' // day, hash of the evidence, click id -> nothing
	holdPrefix       = 'h' // a conversion's own id -> until when it is on hold, as an id
	duePrefix        = 'd' // until when a conversion is on hold, its own id -> nothing
	metaPrefix       = 'p' // what the store says about itself
)

// id is the binary form of a click or conversion id. The zero id stands for
// the click of a conversion that has none.
type id [clickid.Size / 2]byte

// parseID reads 32 lower-case hex digits. The error is clickid.ErrMalformed.
func parseID(text string) (id, error) {
	var d id
	if _, err := clickid.Time(text); err != nil {
		return d, err
	}
	_, err := hex.Decode(d[:], []byte(text))
	return d, err
}

func (d id) String() string { return hex.EncodeToString(d[:]) }

// timeMS is the time the id names in unix milliseconds.
func (d id) timeMS() int64 { return int64(binary.BigEndian.Uint64(d[:8]) >> 16) }

// idAt is the smallest id of a time.
func idAt(ms int64) id {
	var d id
	binary.BigEndian.PutUint64(d[:8], uint64(max(ms, 0))<<16)
	return d
}

func rowPrefix(kind events.Kind) byte {
	if kind == events.Impression {
		return impressionPrefix
	}
	return clickPrefix
}

func rowKey(kind events.Kind, d id) []byte { return append([]byte{rowPrefix(kind)}, d[:]...) }

func ownerKey(own id) []byte { return append([]byte{ownerPrefix}, own[:]...) }

func holdKey(own id) []byte { return append([]byte{holdPrefix}, own[:]...) }

// dueKey lists what is on hold in the order in which it is due.
func dueKey(until, own id) []byte {
	return append(append([]byte{duePrefix}, until[:8]...), own[:]...)
}

func conversionKey(click, own id) []byte {
	return append(append([]byte{conversionPrefix}, click[:]...), own[:]...)
}

// period is how long the dedupe keys lie together that go together. A search
// looks into every period, so they are few.
const period = 30 * 24 * time.Hour

func periodOf(ms int64) uint16 { return uint16(max(ms, 0) / period.Milliseconds()) }

func periodKey(period uint16) []byte {
	return binary.BigEndian.AppendUint16([]byte{dedupePrefix}, period)
}

func dedupeKey(period uint16, key string) []byte { return append(periodKey(period), key...) }

func dayOf(ms int64) uint16 { return uint16(max(ms, 0) / (24 * time.Hour).Milliseconds()) }

func matchKey(day uint16, hash uint64, click id) []byte {
	key := binary.BigEndian.AppendUint16([]byte{matchPrefix}, day)
	return append(binary.BigEndian.AppendUint64(key, hash), click[:]...)
}

var positionKey = []byte{metaPrefix, 'p'}

// behind is the first key that is behind all that begin with prefix, which has a
// byte other than 0xff.
func behind(prefix []byte) []byte {
	key := bytes.Clone(prefix)
	for i := len(key) - 1; ; i-- {
		if key[i]++; key[i] != 0 {
			return key[:i+1]
		}
	}
}

// lastID is behind all ids: times end long before.
var lastID = idAt(1<<48 - 1)
