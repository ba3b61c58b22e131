package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// Clicks are stored as they come, block by block: to take each line apart and
// store it by itself costs ten times as much, for clicks of which one in
// hundreds is ever asked for. A block lies under its node and its last id. The
// ids of a node ascend, so that the block of an id is the first one whose last
// id is not before it. A line that comes late, behind a block that has passed
// its id, is stored by itself.

// Values of blocks begin with their form.
const plainBlock = 2

// nodeOf is the part of an id that names its node.
func nodeOf(d id) [2]byte { return [2]byte(d[6:8]) }

func blockPrefix(kind events.Kind) byte {
	if kind == events.Impression {
		return impressionBlockPrefix
	}
	return clickBlockPrefix
}

// lane is the clicks or the impressions of a node.
type lane [3]byte

func laneOf(kind events.Kind, d id) lane {
	node := nodeOf(d)
	return lane{blockPrefix(kind), node[0], node[1]}
}

// key is the key of the block with a last id.
func (l lane) key(last id) []byte { return append(l[:len(l):len(l)], last[:]...) }

// end is behind all keys of the lane.
func (l lane) end() []byte { return l.key(lastID) }

// lineStart is how a line begins, in front of its id.
var lineStart = []byte(`{"tx_id":"`)

// idOfLine reads the id that a line begins with.
func idOfLine(line []byte) (d id, ok bool) {
	rest, ok := bytes.CutPrefix(line, lineStart)
	if !ok || len(rest) <= clickid.Size || rest[clickid.Size] != '"' || line[len(line)-1] != '}' {
		return d, false
	}
	text := rest[:clickid.Size]
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return d, false
		}
	}
	_, err := hex.Decode(d[:], text)
	return d, err == nil
}

// clicks stores a block of clicks or impressions.
func (w *writer) clicks(b *Block) error {
	var of lane
	var last id
	kept := append(w.buf[:0], plainBlock)
	for line := range bytes.Lines(b.Data) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) == 0 {
			continue
		}
		d, ok := idOfLine(line)
		if !ok {
			w.refuse(b, errNoID)
			continue
		}
		if len(kept) == 1 {
			of = laneOf(b.Kind, d)
			passed, err := w.passed(of)
			if err != nil {
				return err
			}
			last = passed
		}
		if err := w.evidence(b, line); err != nil {
			return err
		}
		w.counts.rows[b.Kind]++
		if laneOf(b.Kind, d) != of || !w.isNew(of, d) {
			if err := w.late(b.Kind, d, line); err != nil {
				return err
			}
			continue
		}
		kept = append(append(kept, line...), '\n')
		if bytes.Compare(d[:], last[:]) > 0 {
			last = d
		}
	}
	w.buf = kept
	if len(kept) == 1 {
		return nil
	}
	w.lasts[of] = last
	return w.batch.Set(of.key(last), kept, nil)
}

var errNoID = errors.New("it does not begin with a tx_id, or has no end")

// isNew tells whether no block of the lane has passed an id.
func (w *writer) isNew(of lane, d id) bool {
	last := w.lasts[of]
	return bytes.Compare(d[:], last[:]) > 0
}

// passed returns the last id of a lane's blocks.
func (w *writer) passed(of lane) (id, error) {
	if last, ok := w.lasts[of]; ok {
		return last, nil
	}
	it, err := w.store.db.NewIter(&pebble.IterOptions{LowerBound: of.key(id{}), UpperBound: of.end()})
	if err != nil {
		return id{}, err
	}
	defer it.Close()
	var last id
	if it.Last() {
		copy(last[:], it.Key()[len(of):])
	}
	w.lasts[of] = last
	return last, it.Error()
}

// late stores a line by itself.
func (w *writer) late(kind events.Kind, d id, line []byte) error {
	return w.batch.Set(rowKey(kind, d), appendStored(nil, d.String(), line), nil)
}

// evidence makes a click findable by what else is known of it, where that is
// asked for.
func (w *writer) evidence(b *Block, line []byte) error {
	o := &w.store.opt
	if b.Kind != events.Click || o.Match == nil || o.MatchAny != nil && !o.MatchAny() {
		return nil
	}
	l, err := parseClick(line)
	if err != nil || !l.visit() || l.blocked || !o.Match(l.integrationID) {
		return nil // it is found by its id
	}
	return w.index(&l)
}

// inBlock returns the line of a click or impression from its block, nil where
// there is none.
func (l *lookup) inBlock(kind events.Kind, d id) ([]byte, error) {
	of := laneOf(kind, d)
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: of.key(d), UpperBound: of.end()})
	if err != nil {
		return nil, err
	}
	defer it.Close()
	if !it.First() {
		return nil, it.Error()
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return nil, err
	}
	if len(value) == 0 || value[0] != plainBlock {
		return nil, fmt.Errorf("%w: %s %s: %w", ErrDamaged, kind, d, errStored)
	}
	mark := append(append([]byte{}, lineStart...), d.String()...)
	at := bytes.Index(value, append(mark, '"'))
	if at < 0 {
		return nil, nil
	}
	line, _, _ := bytes.Cut(value[at:], []byte("\n"))
	return bytes.Clone(line), nil
}
