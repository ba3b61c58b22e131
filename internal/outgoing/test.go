package outgoing

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Test asks for the call that a document makes.
type Test struct {
	// Document is the id of a postback manager, a publisher's postback, an
	// integration (its third-party sync) or an offer, or kind/id.
	Document string `json:"document"`
	// Source chooses between the calls of an offer: impression_forwarding or
	// parallel_tracking. Empty is the one that is set up, the first of both.
	Source string `json:"source,omitempty"`
	// Event is the tx_id of an event in the log to make the call for. Empty is
	// the latest that fires it, and where there is none a made-up one.
	Event string `json:"event,omitempty"`
	// Send has the call sent, once and at once. Else nothing leaves the worker.
	Send bool `json:"send,omitempty"`
}

// Validate tells what is wrong with a test.
func (t Test) Validate() error {
	var errs []error
	if t.Document == "" {
		errs = append(errs, errors.New("document: missing; give the id of a postback manager, publisher postback, integration or offer"))
	}
	switch t.Source {
	case "", "impression_forwarding", "parallel_tracking":
	default:
		errs = append(errs, fmt.Errorf("source: %q is neither impression_forwarding nor parallel_tracking", t.Source))
	}
	if t.Event != "" && !IsTxID(t.Event) {
		errs = append(errs, fmt.Errorf("tx_id: %q is not a tx_id of 32 lower-case hex digits", t.Event))
	}
	return errors.Join(errs...)
}

// IsTxID tells whether a text has the form of a tx_id.
func IsTxID(s string) bool { return isHex(s, 32) }

// IsLetterID tells whether a text has the form of a dead letter's id.
func IsLetterID(s string) bool { return isHex(s, 48) }

func isHex(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "0123456789abcdef") == ""
}

// TestReport is the call of a document.
type TestReport struct {
	Node string `json:"node,omitempty" doc:"Worker that answers"`
	// Document is kind/id.
	Document string      `json:"document" doc:"The document that was tried, as kind/id"`
	Source   string      `json:"source" doc:"What in the document asks for the call"`
	Event    TestEvent   `json:"event" doc:"The event that the call is made for"`
	Fires    bool        `json:"fires" doc:"The event would fire it: it is active and its filters let the event pass"`
	Request  TestRequest `json:"request" doc:"The call, secrets masked"`
	// Result is nil for a call that was not sent.
	Result *TestResult `json:"result,omitempty" doc:"What came of sending it; left out where it was not sent"`
}

// TestEvent is what a call was made for.
type TestEvent struct {
	TxID   string `json:"tx_id" doc:"Id of the event; zeros for a made-up one"`
	Kind   string `json:"kind" doc:"click, impression, conversion or event"`
	Status string `json:"status" doc:"Status of the event"`
	// MadeUp tells that there is no such event: its values are obviously false.
	MadeUp bool `json:"made_up" doc:"There is no such event: its values are made up"`
}

// TestRequest is a call with its macros filled.
type TestRequest struct {
	Method string `json:"method" doc:"Method of the call"`
	URL    string `json:"url" doc:"URL of the call"`
	Header Header `json:"headers" doc:"Headers of the call"`
	Body   string `json:"body,omitempty" doc:"Body of the call"`
}

// TestResult is how one attempt ended.
type TestResult struct {
	At         time.Time `json:"request_time" doc:"When it was sent"`
	DurationMS int64     `json:"duration_ms" doc:"Milliseconds until the answer was there"`
	// Outcome is sent, rejected or dead.
	Outcome string `json:"outcome" doc:"sent, rejected (the server does not want it) or dead (it failed)"`
	Status  int    `json:"status_code" doc:"Status of the answer; 0 where there was none"`
	// Body is its beginning.
	Body  string `json:"response_body" doc:"Beginning of the answer's body"`
	Error string `json:"error" doc:"Why there was no answer"`
}
