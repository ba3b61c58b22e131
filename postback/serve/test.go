package serve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/outgoing"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/match"
	"github.com/clickgate/clickgate/postback/worker"
)

const (
	// searchTime bounds the search for the latest event, sendTime the call with
	// its answer.
	searchTime = 3 * time.Second
	sendTime   = 40 * time.Second
	// maxAnswer is how much of a server's answer is told, in bytes.
	maxAnswer = 16 << 10
)

// test makes up the call of a document, and sends it where it is asked to.
func (d *Desk) test(ctx context.Context, t outgoing.Test) (*outgoing.TestReport, error) {
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", outgoing.ErrUnfit, err)
	}
	set := d.opt.Worker.Set()
	if set == nil {
		return nil, fmt.Errorf("the worker has no config yet: %w", outgoing.ErrNoWorker)
	}
	document, err := find(set, t.Document)
	if err != nil {
		return nil, err
	}
	trial, err := d.opt.Worker.Trial(document, call.Source(t.Source))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", outgoing.ErrUnfit, err)
	}
	row, madeUp, err := d.event(ctx, set, document, trial, t.Event)
	if err != nil {
		return nil, err
	}
	r := &outgoing.TestReport{
		Node: d.opt.Node, Document: document.Key().String(), Source: string(trial.Source()),
		Event: outgoing.TestEvent{TxID: row.Text("tx_id"), Kind: row.Kind.String(), Status: row.Text("status"), MadeUp: madeUp},
	}
	return r, d.try(ctx, r, document, row, t.Send)
}

// try fills in the request, and what came of it where it is sent.
func (d *Desk) try(ctx context.Context, r *outgoing.TestReport, document config.Document, row events.Row, send bool) (err error) {
	var p worker.Preview
	if !send {
		p, err = d.opt.Worker.Preview(document, row)
	} else {
		ctx, cancel := context.WithTimeout(ctx, sendTime)
		defer cancel()
		var a worker.Attempt
		p, a, err = d.opt.Worker.SendNow(ctx, document, row)
		r.Result = &outgoing.TestResult{
			At: a.At, DurationMS: a.Took.Milliseconds(), Outcome: string(a.Outcome), Status: a.Status, Body: cut(a.Body, maxAnswer), Error: a.Error,
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", outgoing.ErrUnfit, err)
	}
	r.Fires = p.Fires
	r.Request = outgoing.TestRequest{Method: p.Method, URL: cut(p.URL, maxShownURL), Header: outgoing.Header(p.Header), Body: cut(p.Body, maxShownBody)}
	return nil
}

// kinds are the documents that make calls.
var kinds = []config.Kind{config.KindPostbackManager, config.KindPublisherPostback, config.KindIntegration, config.KindOffer}

// find returns the document that an id, or kind/id, names.
func find(set *config.Set, name string) (found config.Document, err error) {
	only, id, isKey := strings.Cut(name, "/")
	if !isKey {
		id = name
	}
	for _, kind := range kinds {
		if isKey && config.Kind(only) != kind {
			continue
		}
		doc, ok := set.Get(config.Key{Kind: kind, ID: id})
		if ok && found != nil {
			return nil, fmt.Errorf("document: %q is both %s and %s; name one of them: %w", name, found.Key(), doc.Key(), outgoing.ErrUnfit)
		}
		if ok {
			found = doc
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w: no postback manager, publisher postback, integration or offer is %q", outgoing.ErrNoDocument, name)
	}
	return found, nil
}

// event is what a call is made for: the event of an id, else the latest that
// fires it, else one that is made up. An event that the document is not about is
// none of the log's: who may see a document may not see everything.
func (d *Desk) event(ctx context.Context, set *config.Set, document config.Document, trial *match.Trial, txID string) (row events.Row, madeUp bool, err error) {
	var found bool
	if txID != "" {
		row, found, err = d.opt.Log.Find(ctx, txID)
		if err == nil && (!found || !trial.IsAbout(row)) {
			err = fmt.Errorf("tx_id: %q: %w; it may have left it by age", txID, outgoing.ErrNoEvent)
		}
		if err == nil && document.Key().Kind == config.KindOffer && !slices.Contains(trial.Kinds(), row.Kind) {
			err = fmt.Errorf("tx_id: %q is of kind %s, and %s is for %s: %w", txID, row.Kind, trial.Source(), trial.Kinds()[0], outgoing.ErrUnfit)
		}
		return row, false, err
	}
	search, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	row, found, err = d.opt.Log.Latest(search, trial.Kinds(), trial.Matches)
	if err != nil {
		return row, false, fmt.Errorf("look for an event: %w", err)
	}
	if found {
		return row, false, nil
	}
	return sample(set, document, trial, d.opt.Now()), true, nil
}
