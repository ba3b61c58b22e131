package worker

import (
	"net/http"
	"time"

	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/queue"
)

// Letter is a call that was given up, as people may see it.
type Letter struct {
	// ID names it to Refire and Discard.
	ID   string
	Died time.Time

	Key    string // idempotency key
	Source call.Source
	Owner  string
	About  call.About

	Create, Due       time.Time
	Method, URL, Body string
	Header            http.Header

	Attempts   int
	LastStatus int
	LastError  string
}

func shown(l queue.Letter) Letter {
	return Letter{
		ID: l.ID, Died: l.Died, Key: l.Key, Source: l.Source, Owner: l.Owner, About: l.About, Create: l.Create, Due: l.Due,
		Method: l.Method, URL: l.Shown(), Body: l.Body, Header: l.ShownHeader(),
		Attempts: l.Attempts, LastStatus: l.LastStatus, LastError: l.LastError,
	}
}

// Letters returns up to limit dead letters, those that died last first, that
// died before the one with the id before, or the last ones where it is empty.
func (w *Worker) Letters(before string, limit int) ([]Letter, error) {
	letters, err := w.queue.Letters(before, limit)
	all := make([]Letter, len(letters))
	for i := range letters {
		all[i] = shown(letters[i])
	}
	return all, err
}

// Letter returns a dead letter; queue.ErrNoLetter where there is none.
func (w *Worker) Letter(id string) (Letter, error) {
	l, err := w.queue.Letter(id)
	if err != nil {
		return Letter{}, err
	}
	return shown(l), nil
}

// Refire sends a dead letter again, with its old idempotency key;
// queue.ErrNoLetter where there is none.
func (w *Worker) Refire(id string) error { return w.queue.Refire(id) }

// Discard removes a dead letter; queue.ErrNoLetter where there is none.
func (w *Worker) Discard(id string) error { return w.queue.Discard(id) }

// Stats are what the queue holds and did.
func (w *Worker) Stats() queue.Stats { return w.queue.Stats() }
