package store

import (
	"encoding/binary"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/internal/click"
)

// A click may earn one event thousands of times. So that what is asked for each
// time does not take longer each time, two indexes list the conversions of each
// event of a click: in the order in which they were recorded, and by their time.
// The conversions of no click are in none.

// version is a conversion as it was stored last.
type version struct {
	click     id
	event     string
	status    string
	timeMS    int64
	changedMS int64
}

func (l *conversionLine) version() version {
	return version{click: l.click, event: l.EventID, status: l.Status, timeMS: l.timeMS, changedMS: l.changedMS}
}

// eventKey is how the keys of an index begin that are of one event of a click.
func eventKey(prefix byte, click id, event string) []byte {
	key := append([]byte{prefix}, click[:]...)
	return append(binary.AppendUvarint(key, uint64(len(event))), event...)
}

// firstKey is nil for a version that keeps no other from being recorded.
func (v *version) firstKey(own id) []byte {
	if v.click == (id{}) || v.status == click.NotFound.String() {
		return nil
	}
	return append(eventKey(firstPrefix, v.click, v.event), own[:]...)
}

// latestKey is nil for a version without a click.
func (v *version) latestKey(own id) []byte {
	if v.click == (id{}) {
		return nil
	}
	key := eventKey(latestPrefix, v.click, v.event)
	key = binary.BigEndian.AppendUint64(key, uint64(v.timeMS)^1<<63) // in order below 0, too
	return append(key, own[:]...)
}

// keys are all index keys of a version.
func (v *version) keys(own id) [2][]byte { return [...][]byte{v.firstKey(own), v.latestKey(own)} }

// putEarned puts a version into the indexes, in the place of the one before it;
// that is nil for none.
func putEarned(to pebble.Writer, own id, before, now *version) (err error) {
	var old [2][]byte
	if before != nil {
		old = before.keys(own)
	}
	for i, key := range now.keys(own) {
		if string(key) == string(old[i]) {
			continue
		}
		if old[i] != nil {
			err = errors.Join(err, to.Delete(old[i], pebble.NoSync))
		}
		if key != nil {
			err = errors.Join(err, to.Set(key, nil, pebble.NoSync))
		}
	}
	return err
}
