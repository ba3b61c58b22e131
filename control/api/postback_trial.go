package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/internal/outgoing"
)

// Postbacks are the workers that make outgoing calls. Their errors are those of
// package outgoing.
type Postbacks interface {
	// Test makes up the call of a document, and sends it where t says so.
	Test(ctx context.Context, t outgoing.Test) (outgoing.TestReport, error)
	// Letters lists dead letters that died before the one of an id, the last
	// first.
	Letters(ctx context.Context, before string, limit int) (outgoing.Page, error)
	Letter(ctx context.Context, id string) (outgoing.DeadLetter, error)
	// Fire sends a dead letter again, Discard removes it.
	Fire(ctx context.Context, id string) error
	Discard(ctx context.Context, id string) error
}

// addPostbackTests makes the test buttons of what calls other servers.
func (a *API) addPostbackTests() {
	request := a.book.Define("PostbackTest", &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"tx_id": {Type: huma.TypeString, Description: "An event in the log to make the call for; when left out the latest that would fire it, " +
			"and where there is none a made-up one"},
		"send": {Type: huma.TypeBoolean, Description: "Sends the call, once and at once; it is only shown when left out"},
	}})
	report := a.dataOf("PostbackTestReport", a.book.Value(outgoing.TestReport{}))
	for _, r := range []*resource{postbackManagers(), publisherPostbacks()} {
		op := r.operation("test", http.MethodPost, r.one()+"/test", "Try "+article(r.title), report)
		op.Description = "Shows the request that it makes for an event, with secrets masked, and sends it on demand: also where it is switched off. " +
			"It needs the right to change it, since the request tells of the event. An event of others is not found."
		op.RequestBody = requestBody(request, "application/json")
		a.handle(op, func(c *call) error { return c.tryPostback(r, request) })
	}
}

func (c *call) tryPostback(r *resource, schema *huma.Schema) error {
	if err := c.noQuery(); err != nil {
		return err
	}
	body, err := c.read(schema)
	if err != nil {
		return err
	}
	own, live, err := c.snapshots(r)
	if err != nil {
		return err
	}
	e, err := c.find(r, own, live)
	if err != nil {
		return err
	}
	if err := c.who.MayChange(e.Document, live.Set); err != nil {
		return problem.New(http.StatusForbidden, err.Error())
	}
	var given struct {
		TxID *string `json:"tx_id"`
		Send bool    `json:"send"`
	}
	if err := json.Unmarshal(body.raw, &given); err != nil {
		return err
	}
	test := outgoing.Test{Document: e.Document.Key().String(), Send: given.Send}
	if given.TxID != nil {
		if test.Event = *given.TxID; !outgoing.IsTxID(test.Event) {
			return problem.New(http.StatusBadRequest, "the body has mistakes",
				problem.Detail{Location: "body.tx_id", Message: "must be a tx_id of 32 lower-case hex digits", Value: test.Event})
		}
	}
	if c.Postbacks == nil {
		return c.noPostbacks(outgoing.ErrNoWorker)
	}
	report, err := c.Postbacks.Test(c.r.Context(), test)
	if err != nil {
		return c.untried(err, test)
	}
	if c.who.PublisherUser != nil {
		report.Node = ""
	}
	return c.answer(http.StatusOK, map[string]any{"data": report})
}

// untried is what is told of a test without a report.
func (c *call) untried(err error, test outgoing.Test) error {
	if errors.Is(err, outgoing.ErrNoEvent) {
		return problem.New(http.StatusNotFound, "there is no such event of it in the log; it may have left it by age",
			problem.Detail{Location: "body.tx_id", Message: "there is no event with this tx_id that it is about", Value: test.Event})
	}
	return c.noPostbacks(err)
}

// noPostbacks is what is told when the workers could not help.
func (c *call) noPostbacks(err error) error {
	switch {
	case errors.Is(err, outgoing.ErrNoLetter):
		return notFound("letterID", "dead letter", c.r.PathValue("letterID"))
	case errors.Is(err, outgoing.ErrUnfit):
		return problem.New(http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, outgoing.ErrNoWorker), errors.Is(err, outgoing.ErrNoDocument): // a worker may be behind
		c.w.Header().Set("Retry-After", "5")
		return problem.New(http.StatusServiceUnavailable, c.ofWorkers(err, "no worker answers"))
	case errors.Is(err, c.r.Context().Err()):
		return err
	}
	return problem.New(http.StatusBadGateway, c.ofWorkers(err, "the workers failed"))
}

// ofWorkers is an error for who may know the workers' names.
func (c *call) ofWorkers(err error, otherwise string) string {
	if c.who.PublisherUser != nil {
		return otherwise
	}
	return err.Error()
}
