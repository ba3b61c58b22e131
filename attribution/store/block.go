package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// Clicks are stored as they come, block by block: to take each line apart and
// store it by itself costs ten times as much, for clicks of which one in
// hundreds is ever asked for. A block lies under its last id. The ids of a node
// ascend, so that the block of an id is the first one of its node whose last id
// is not before it. A line that comes late, when a block has passed its id, is
// stored by itself.
//
// Blocks have a database of their own, in which keys only ascend: its files do
// not overlap and are written once.

// Values of blocks begin with their form.
const plainBlock = 2

// longestBlock is how far apart in time the ids of a stored block may be: a
// search for an id that is not there ends as far behind it.
const longestBlock = 250 * time.Millisecond

func blockPrefix(kind events.Kind) byte {
	if kind == events.Impression {
		return impressionBlockPrefix
	}
	return clickBlockPrefix
}

func blockKey(kind events.Kind, last id) []byte { return append([]byte{blockPrefix(kind)}, last[:]...) }

// lane is the clicks or the impressions of a node.
type lane [3]byte

func laneOf(kind events.Kind, d id) lane { return lane{blockPrefix(kind), d[6], d[7]} }

// key is where the last id of the lane's blocks is kept.
func (l lane) key() []byte { return append([]byte{metaPrefix, 'l'}, l[:]...) }

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
	p := piece{kind: b.Kind, data: append(w.buf[:0], plainBlock)}
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
		w.counts.rows[b.Kind]++
		if err := errors.Join(w.evidence(b, line), w.add(&p, d, line)); err != nil {
			return err
		}
	}
	w.buf = p.data
	return w.put(&p)
}

// piece is a block that is being put together.
type piece struct {
	kind  events.Kind
	lane  lane
	first id
	last  id
	data  []byte
}

func (p *piece) empty() bool { return len(p.data) == 1 }

// fits tells whether an id may join the piece.
func (p *piece) fits(l lane, d id) bool {
	return p.empty() || l == p.lane && abs(d.timeMS()-p.first.timeMS()) < longestBlock.Milliseconds()
}

func abs(n int64) int64 { return max(n, -n) }

// add puts a line into the piece, or by itself when it comes late.
func (w *writer) add(p *piece, d id, line []byte) error {
	l := laneOf(p.kind, d)
	last, err := w.passed(l)
	if err != nil {
		return err
	}
	if bytes.Compare(d[:], last[:]) <= 0 {
		return w.late(p.kind, d, line)
	}
	if !p.fits(l, d) {
		if err := w.put(p); err != nil {
			return err
		}
		return w.add(p, d, line) // the piece may have passed it
	}
	if p.empty() {
		p.lane, p.first, p.last = l, d, d
	}
	p.data = append(append(p.data, line...), '\n')
	if bytes.Compare(d[:], p.last[:]) > 0 {
		p.last = d
	}
	return nil
}

// put stores a piece and empties it.
func (w *writer) put(p *piece) error {
	if p.empty() {
		return nil
	}
	err := w.blocks.Set(blockKey(p.kind, p.last), p.data, nil)
	w.lasts[p.lane] = p.last
	p.data = p.data[:1]
	return errors.Join(err, w.batch.Set(p.lane.key(), p.last[:], nil))
}

var errNoID = errors.New("it does not begin with a tx_id, or has no end")

// passed returns the last id of a lane's blocks.
func (w *writer) passed(l lane) (id, error) {
	if last, ok := w.lasts[l]; ok {
		return last, nil
	}
	value, found, err := w.get(l.key())
	if err != nil {
		return id{}, err
	}
	var last id
	if found {
		last = id(value)
	}
	w.lasts[l] = last
	return last, nil
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
	it, err := l.store.blocks.NewIter(&pebble.IterOptions{
		LowerBound: blockKey(kind, d), UpperBound: blockKey(kind, idAt(d.timeMS()+longestBlock.Milliseconds()+1)),
	})
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		if last := id(it.Key()[1:]); laneOf(kind, last) != laneOf(kind, d) {
			continue // of another node
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return nil, err
		}
		return lineIn(value, d)
	}
	return nil, it.Error()
}

// lineIn returns the line of an id in a stored block.
func lineIn(value []byte, d id) ([]byte, error) {
	if len(value) == 0 || value[0] != plainBlock {
		return nil, fmt.Errorf("%w: block of click %s: %w", ErrDamaged, d, errStored)
	}
	mark := append(append([]byte{}, lineStart...), d.String()...)
	at := bytes.Index(value, append(mark, '"'))
	if at < 0 {
		return nil, nil
	}
	line, _, _ := bytes.Cut(value[at:], []byte("\n"))
	return bytes.Clone(line), nil
}
