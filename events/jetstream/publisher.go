package jetstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ackTimeout is how long an acknowledgement may take before the block counts
// as failed. Visitors do not wait that long; the block does. Overdue ones are
// looked for four times as often.
const ackTimeout = 2 * time.Second

var (
	errTimeout = errors.New("no acknowledgement in time")
	errGone    = errors.New("connection lost before the acknowledgement")
	errClosed  = errors.New("publisher is closed")
)

// Publisher is the events.Publisher for the stream. It speaks the protocol of
// acknowledgements itself: a reply subject a block below one inbox and no
// goroutine or timer a block, which is what the client's asynchronous publish
// spends on each.
type Publisher struct {
	nc       *nats.Conn
	js       jetstream.JetStream
	subjects map[events.Kind]string
	inbox    string // with a dot at the end
	sub      *nats.Subscription
	status   chan nats.Status
	watching sync.WaitGroup
	timeout  time.Duration

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]waiting
	timer   *time.Timer // runs while somebody waits
	armed   bool
	closed  bool
}

type waiting struct {
	done func(uint64, error)
	sent time.Time
}

// NewPublisher publishes blocks of a node over nc, which it does not close.
// node is one token of a subject: letters, digits, '-' and '_'.
func NewPublisher(nc *nats.Conn, node string) (*Publisher, error) {
	if err := checkNode(node); err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	p := &Publisher{
		nc: nc, js: js, subjects: map[events.Kind]string{},
		inbox: nc.NewInbox() + ".", waiting: map[uint64]waiting{}, timeout: ackTimeout,
	}
	for _, kind := range events.Kinds() {
		p.subjects[kind] = Subject(kind, node)
	}
	if p.sub, err = nc.Subscribe(p.inbox+"*", p.answered); err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	p.status = nc.StatusChanged(nats.RECONNECTING, nats.CLOSED)
	p.watching.Go(p.watch)
	return p, nil
}

func checkNode(node string) error {
	ok := node != ""
	for _, r := range node {
		ok = ok && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}
	if !ok {
		return fmt.Errorf("node name %q: only letters, digits, '-' and '_' are allowed", node)
	}
	return nil
}

// Publish implements events.Publisher.
func (p *Publisher) Publish(m *events.Message, done func(uint64, error)) {
	token, err := p.expect(done)
	if err != nil {
		done(0, err)
		return
	}
	msg := &nats.Msg{
		Subject: p.subjects[m.Kind],
		Reply:   p.inbox + strconv.FormatUint(token, 36),
		Header: nats.Header{
			jetstream.MsgIDHeader: {m.ID},
			LinesHeader:           {strconv.Itoa(m.Lines)},
		},
		Data: m.Data,
	}
	if err := p.nc.PublishMsg(msg); err != nil {
		p.finish(token, 0, fmt.Errorf("publish block: %w", err))
	}
}

// expect notes that an acknowledgement is to come and names it.
func (p *Publisher) expect(done func(uint64, error)) (token uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, errClosed
	}
	p.next++
	p.waiting[p.next] = waiting{done, time.Now()}
	p.arm()
	return p.next, nil
}

// arm makes sure that overdue acknowledgements are noticed.
func (p *Publisher) arm() {
	switch {
	case p.armed:
		return
	case p.timer == nil:
		p.timer = time.AfterFunc(p.timeout/4, p.sweep)
	default:
		p.timer.Reset(p.timeout / 4)
	}
	p.armed = true
}

func (p *Publisher) sweep() {
	p.failBefore(time.Now().Add(-p.timeout), errTimeout)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = false
	if len(p.waiting) > 0 && !p.closed {
		p.arm()
	}
}

// failBefore gives up on blocks sent before t.
func (p *Publisher) failBefore(t time.Time, err error) {
	p.mu.Lock()
	var failed []waiting
	for token, w := range p.waiting {
		if w.sent.Before(t) {
			delete(p.waiting, token)
			failed = append(failed, w)
		}
	}
	p.mu.Unlock()
	for _, w := range failed {
		w.done(0, err)
	}
}

// answered takes an acknowledgement.
func (p *Publisher) answered(msg *nats.Msg) {
	token, err := strconv.ParseUint(strings.TrimPrefix(msg.Subject, p.inbox), 36, 64)
	if err != nil {
		return // nothing we asked for
	}
	sequence, err := readAck(msg)
	p.finish(token, sequence, err)
}

// readAck returns the block's sequence or why there is none.
func readAck(msg *nats.Msg) (uint64, error) {
	if len(msg.Data) == 0 && msg.Header.Get("Status") == "503" {
		return 0, fmt.Errorf("publish block: %w", nats.ErrNoResponders)
	}
	var ack struct {
		Sequence uint64              `json:"seq"`
		Error    *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(msg.Data, &ack); err != nil {
		return 0, fmt.Errorf("read acknowledgement: %w", err)
	}
	if ack.Error != nil {
		return 0, fmt.Errorf("publish block: %w", ack.Error)
	}
	if ack.Sequence == 0 {
		return 0, errors.New("acknowledgement without a sequence")
	}
	return ack.Sequence, nil
}

// finish tells the first result of a block and drops later ones.
func (p *Publisher) finish(token, sequence uint64, err error) {
	p.mu.Lock()
	w, ok := p.waiting[token]
	delete(p.waiting, token)
	p.mu.Unlock()
	if ok {
		w.done(sequence, err)
	}
}

// watch gives blocks up at once whose connection is lost.
func (p *Publisher) watch() {
	for range p.status {
		p.failBefore(time.Now(), errGone)
	}
}

// Close gives up on blocks that are not acknowledged. Close the events.Log
// before and the connection after it.
func (p *Publisher) Close() {
	p.mu.Lock()
	p.closed = true
	if p.timer != nil {
		p.timer.Stop()
	}
	p.mu.Unlock()
	_ = p.sub.Unsubscribe() // fails only where the connection is gone
	p.nc.RemoveStatusListener(p.status)
	p.watching.Wait()
	p.failBefore(time.Now().Add(time.Hour), errClosed)
}
