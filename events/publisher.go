package events

import (
	"context"
	"time"
)

// Message is one block of lines on its way to the log.
type Message struct {
	Kind Kind
	// ID names the block for ever: node, start of the process, sequence. A
	// block is sent again under the same ID, so the log can tell it twice.
	ID string
	// Lines counts the events in Data, each with its line feed.
	Lines int
	Data  []byte
	// Born is when the first line was appended.
	Born time.Time
	// After is a sequence of the log that was acknowledged before the block
	// was first sent, 0 for none known. The block is not at or before it.
	After uint64
}

// Publisher brings blocks to a durable log.
type Publisher interface {
	// Publish sends m without waiting and keeps the order of its calls. It
	// calls done exactly once, from any goroutine and perhaps before it
	// returns: with the block's sequence in the log once the log has it for
	// good, or with an error when that was refused or is not known in time. It
	// reads m until then and does not change it.
	Publish(m *Message, done func(sequence uint64, err error))
	// Stored tells whether the log has the block. It is asked before a block
	// is sent again whose acknowledgement did not come.
	Stored(ctx context.Context, m *Message) (bool, error)
}
