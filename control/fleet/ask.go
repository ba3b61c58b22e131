package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/internal/explain"
)

// explainSubject is where edges are asked why; a node's name behind it asks
// that one.
const explainSubject = "clickgate.explain"

const (
	// askPatience bounds a question: an event may have to be searched for.
	askPatience = 20 * time.Second
	// askedAtOnce is how many questions an edge answers at a time; others wait.
	askedAtOnce = 2
)

// The ways in which a question goes without its answer.
var (
	// ErrNoEdge tells that nobody listens.
	ErrNoEdge = errors.New("no edge answers")
	// ErrNoEvent tells that the log holds no event of the id.
	ErrNoEvent = errors.New("there is no such event in the log")
)

// reply is what an edge sends back.
type reply struct {
	Report *explain.Report `json:"report,omitempty"`
	// NoEvent and Error say why there is none.
	NoEvent bool   `json:"no_event,omitempty"`
	Error   string `json:"error,omitempty"`
}

// AnswerQuestions has an edge answer why clicks are judged as they are, until
// ctx ends. explainer returns ErrNoEvent for an unknown event.
func AnswerQuestions(ctx context.Context, nc *nats.Conn, node string, explainer func(context.Context, *explain.Request) (explain.Report, error)) error {
	d := desk{subject: explainSubject, group: "edges", slots: askedAtOnce, patience: askPatience}
	return d.listen(ctx, nc, node, func(ctx context.Context, question []byte) []byte { return replyTo(ctx, question, explainer) })
}

func replyTo(ctx context.Context, question []byte, explainer func(context.Context, *explain.Request) (explain.Report, error)) []byte {
	var request explain.Request
	var r reply
	err := json.Unmarshal(question, &request)
	if err == nil {
		err = request.Validate()
	}
	if err == nil {
		var report explain.Report
		report, err = explainer(ctx, &request)
		r.Report = &report
	}
	if err != nil {
		r = reply{NoEvent: errors.Is(err, ErrNoEvent), Error: err.Error()}
	}
	data, err := json.Marshal(r)
	if err != nil {
		data, _ = json.Marshal(reply{Error: err.Error()}) // a string always encodes
	}
	return data
}

// Ask has an edge, the named one or any, explain how it would judge a click. The
// request must be valid. It returns ErrNoEdge and ErrNoEvent.
func Ask(ctx context.Context, nc *nats.Conn, request *explain.Request) (explain.Report, error) {
	question, err := json.Marshal(request)
	if err != nil {
		return explain.Report{}, err
	}
	subject := explainSubject
	if request.Node != "" {
		subject += "." + request.Node
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	msg, err := nc.RequestWithContext(ctx, subject, question)
	switch {
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded):
		return explain.Report{}, fmt.Errorf("%w: %s", ErrNoEdge, subject)
	case err != nil:
		return explain.Report{}, fmt.Errorf("ask an edge: %w", err)
	}
	var r reply
	if err := json.Unmarshal(msg.Data, &r); err != nil {
		return explain.Report{}, fmt.Errorf("read an edge's answer: %w", err)
	}
	switch {
	case r.NoEvent:
		return explain.Report{}, ErrNoEvent
	case r.Report == nil:
		return explain.Report{}, fmt.Errorf("the edge could not tell: %s", r.Error)
	}
	return *r.Report, nil
}

// Explain is Ask on the fleet's connection.
func (f *Fleet) Explain(ctx context.Context, request *explain.Request) (explain.Report, error) {
	return Ask(ctx, f.js.Conn(), request)
}
