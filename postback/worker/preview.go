package worker

import (
	"context"
	"fmt"
	"net/http"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/match"
	"github.com/clickgate/clickgate/postback/queue"
)

// Preview is the request that a document would make for an event, as people may
// see it.
type Preview struct {
	Method, URL, Body string
	Header            http.Header
	// Fires tells whether the event would fire it.
	Fires bool
}

// Set is the config that was taken over last, nil before there is one.
func (w *Worker) Set() *config.Set {
	if rules := w.rules.Load(); rules != nil {
		return rules.Set()
	}
	return nil
}

// Trial is match.Rules.Trial of that config.
func (w *Worker) Trial(d config.Document, source call.Source) (*match.Trial, error) {
	rules := w.rules.Load()
	if rules == nil {
		return nil, errNoConfig
	}
	return rules.Trial(d, source)
}

// Preview shows the request of a document, which need not be live, for an event,
// as match.Rules.Preview makes it. Nothing is sent.
func (w *Worker) Preview(d config.Document, event events.Row) (Preview, error) {
	p, _, err := w.preview(d, event)
	return p, err
}

func (w *Worker) preview(d config.Document, event events.Row) (Preview, call.Call, error) {
	rules := w.rules.Load()
	if rules == nil {
		return Preview{}, call.Call{}, errNoConfig
	}
	p, err := rules.Preview(d, event, w.opt.Now())
	if err != nil {
		return Preview{}, call.Call{}, fmt.Errorf("preview of %w", err)
	}
	c := p.Call
	return Preview{Method: c.Method, URL: c.Shown(), Body: c.Body, Header: c.ShownHeader(), Fires: p.Fires}, c, nil
}

// SendNow makes that request once, at once and whether the event would fire it
// or not, past the queue but not past the guard. Its row is logged as a test.
// The error says that no request could be made; how it ended is in the attempt.
func (w *Worker) SendNow(ctx context.Context, d config.Document, event events.Row) (Preview, Attempt, error) {
	p, c, err := w.preview(d, event)
	if err != nil {
		return p, Attempt{}, err
	}
	c.Source, c.Due = call.TestRequest, c.Create
	a, answer, err := w.send(ctx, &c)
	// The last attempt of a call that is not tried again.
	w.judge(&queue.Job{Call: c, Attempts: w.opt.Settings.Retries + 1}, &a, answer, err)
	if w.opt.Log != nil {
		w.opt.Log.Log(w.row(&c, 1, &a))
	}
	return p, a, nil
}
