package worker

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/guard"
	"github.com/clickgate/clickgate/postback/queue"
)

// Attempt is one try to send a call, and how it ended. Its texts hold no
// secret.
type Attempt struct {
	// At is when it began, Took how long it lasted.
	At   time.Time
	Took time.Duration
	// Status is the answer's, 0 where there was none; Body the beginning of it.
	Status int
	Body   string
	// From is our address, where a connection was made.
	From string
	// Error is why there was no answer.
	Error string
	// Outcome is what is made of it.
	Outcome Outcome
}

// Outcome is what is made of an attempt.
type Outcome string

// The outcomes.
const (
	Sent     Outcome = "sent"     // it arrived
	Rejected Outcome = "rejected" // who got it does not want it; that is final
	Retry    Outcome = "retry"    // it is tried again
	Dead     Outcome = "dead"     // it is given up and kept as a dead letter
	Canceled Outcome = "canceled" // we are stopping; it is sent after the restart
)

// maxRetryAfter bounds what a server may ask for in Retry-After.
const maxRetryAfter = time.Hour

// fire sends a call that was taken and notes how it ended.
func (w *Worker) fire(ctx context.Context, job *queue.Job) error {
	a, answer, err := w.send(ctx, &job.Call)
	r := w.judge(job, &a, answer, err)
	if a.Outcome == Canceled {
		return w.queue.Finish(job, r)
	}
	w.counts.count(&a, err)
	if w.opt.Log != nil {
		w.opt.Log.Log(w.row(&job.Call, job.Attempts, &a))
	}
	return w.queue.Finish(job, r)
}

// send makes one attempt.
func (w *Worker) send(ctx context.Context, c *call.Call) (a Attempt, answer guard.Answer, err error) {
	a.At = w.opt.Now().UTC()
	began := time.Now()
	answer, err = w.client.Do(ctx, guard.Request{Method: c.Method, URL: c.URL, Header: c.Header, Body: c.Body})
	a.Took = time.Since(began)
	a.Status, a.Body = answer.Status, c.Mask(answer.Body)
	if answer.From.IsValid() {
		a.From = answer.From.String()
	}
	if err != nil {
		a.Error = c.Mask(err.Error())
	}
	return a, answer, err
}

// judge decides what becomes of a call after an attempt.
func (w *Worker) judge(job *queue.Job, a *Attempt, answer guard.Answer, err error) queue.Result {
	r := queue.Result{Status: a.Status, Error: a.Error, Health: healthOf(answer.Status, err)}
	if err == nil && !mayPass(answer.Status) {
		if a.Outcome = Rejected; answer.Status/100 == 2 {
			a.Outcome = Sent
		}
		return r
	}
	if err == nil {
		r.Error = "the server answers " + strconv.Itoa(a.Status) + " " + http.StatusText(a.Status)
	}
	switch class := classOf(err); {
	case class == guard.ClassCanceled:
		a.Outcome, r.Fate = Canceled, queue.Untried
	case class == guard.ClassRefused, class == guard.ClassRedirect, job.Attempts > w.opt.Settings.Retries:
		a.Outcome, r.Fate = Dead, queue.Dead
	default:
		a.Outcome, r.Fate = Retry, queue.Again
		r.Due = w.opt.Now().Add(w.retryIn(job.Attempts, answer.RetryAfter))
	}
	return r
}

func classOf(err error) guard.Class {
	if e, ok := errors.AsType[*guard.Error](err); ok {
		return e.Class
	}
	return ""
}

// mayPass tells an answer that another attempt may change.
func mayPass(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// healthOf is what an attempt tells about its host. An error of its program or
// too many requests may be the matter of one account of many there; a host that
// is away, or whose gateway says so, is everybody's.
func healthOf(status int, err error) queue.Health {
	switch classOf(err) {
	case "":
	case guard.ClassTimeout, guard.ClassDNS, guard.ClassConnect, guard.ClassTLS, guard.ClassNetwork:
		return queue.Fails
	default:
		return queue.Unknown
	}
	switch status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return queue.Fails
	}
	return queue.Answers
}

// retryIn is how long a call waits after so many attempts: at random, so that
// calls that failed together do not come back together, and no less than the
// server asks for.
func (w *Worker) retryIn(attempts int, asked string) time.Duration {
	s := &w.opt.Settings
	most := s.RetryAfter
	for range attempts - 1 {
		most = min(4*most, s.RetryMost)
	}
	return max(rand.N(most), w.askedFor(asked))
}

// askedFor reads a Retry-After header: seconds, or a date.
func (w *Worker) askedFor(header string) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(w.opt.Now()), 0), maxRetryAfter)
	}
	return 0
}
