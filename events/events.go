// Package events writes down what happened. A click becomes one line of JSON
// (row.go), lines are packed into blocks (log.go), and blocks go to a durable
// log through a Publisher; while that log is away they wait in memory and then
// on disk (events/spool). The package knows no message broker;
// events/jetstream is the Publisher for NATS JetStream.
package events

import "fmt"

// Kind is the sort of event. Lines of different kinds never share a block.
type Kind uint8

// The kinds of events.
const (
	Click Kind = iota
	Impression
	Conversion
	Event    // an event after the first conversion
	Postback // an outgoing call
	Received // a request for a conversion that is to be finished later

	kindCount
)

var kindNames = [kindCount]string{"click", "impression", "conversion", "event", "postback", "received"}

// String is the kind's part of a subject: "click", "impression" and so on.
func (k Kind) String() string { return kindNames[k] }

// Kinds lists every kind in order.
func Kinds() []Kind {
	return []Kind{Click, Impression, Conversion, Event, Postback, Received}
}

// ParseKind is the reverse of Kind.String.
func ParseKind(name string) (Kind, error) {
	for k, n := range kindNames {
		if n == name {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("unknown kind of event %q", name)
}
