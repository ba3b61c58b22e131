package worker

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/match"
	"github.com/clickgate/clickgate/postback/queue"
)

// Block is a message of the event log: lines of one kind.
type Block struct {
	Kind  events.Kind
	Lines []byte
	// Sequence is its place in the log.
	Sequence uint64
}

// Wants tells whether blocks of a kind can ask for calls; others may be passed
// over. Before a config was taken over all are wanted, and none can be applied.
func (w *Worker) Wants(kind events.Kind) bool {
	rules := w.rules.Load()
	return rules == nil || rules.Wants(kind)
}

// Managers are the ids of the postback managers that an event fires by the
// config that was taken over last.
func (w *Worker) Managers(row events.Row) []string {
	if rules := w.rules.Load(); rules != nil {
		return rules.Managers(row)
	}
	return nil
}

// Apply takes in the calls that blocks ask for. When it returns nil they are on
// disk, with the highest sequence; else nothing is, and the same blocks may be
// applied again. Blocks may come twice and in any order: a call is made once
// for each key. A line that cannot be read is counted and passed over.
func (w *Worker) Apply(blocks ...Block) error {
	rules := w.rules.Load()
	if rules == nil {
		return errNoConfig
	}
	var items []queue.Item
	position := uint64(0)
	for i := range blocks {
		position = max(position, blocks[i].Sequence)
		if rules.Wants(blocks[i].Kind) {
			items = w.ask(items, rules, &blocks[i])
		}
	}
	if len(items) == 0 {
		return nil // nothing to keep, and the log knows how far it was read
	}
	added, err := w.queue.Add(items, position)
	if err != nil {
		return fmt.Errorf("postbacks: %w", err)
	}
	w.counts.added.Add(added)
	return nil
}

// ask appends what the lines of a block ask for.
func (w *Worker) ask(items []queue.Item, rules *match.Rules, b *Block) []queue.Item {
	now := w.opt.Now()
	for line := range bytes.Lines(b.Lines) {
		row, err := events.DecodeRow(b.Kind, line)
		if err != nil {
			w.counts.badLines.Inc()
			w.tell("a line of the event log cannot be read and asks for no postback", zap.Uint64("sequence", b.Sequence), zap.Error(err))
			continue
		}
		asked := rules.Ask(row, now)
		for _, err := range asked.Errs {
			w.counts.unmade.Inc()
			w.tell("a postback cannot be made", zap.Error(err))
		}
		if asked.Mark == "" && len(asked.Calls) == 0 {
			continue
		}
		items = append(items, queue.Item{
			TxID: row.Text("tx_id"), Mark: asked.Mark, Calls: asked.Calls,
			Short: b.Kind == events.Click || b.Kind == events.Impression,
		})
	}
	return items
}

// tellEvery is how often the same message is logged.
const tellEvery = 10 * time.Second

// told throttles messages that repeat.
type told struct {
	every   time.Duration
	mu      sync.Mutex
	last    map[string]time.Time
	dropped map[string]int
}

// tell logs a message, unless it was logged a moment ago; then it is counted.
func (w *Worker) tell(message string, fields ...zap.Field) {
	t, now := &w.told, w.opt.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last, t.dropped = map[string]time.Time{}, map[string]int{}
	}
	if last, ok := t.last[message]; ok && now.Sub(last) < t.every {
		t.dropped[message]++
		return
	}
	w.opt.Logger.Warn(message, append(fields, zap.Int("dropped", t.dropped[message]))...)
	t.last[message], t.dropped[message] = now, 0
}
