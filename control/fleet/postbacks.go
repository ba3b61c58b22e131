package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/internal/outgoing"
)

// postbackDesk is where workers are asked about outgoing calls. The patience is
// enough for a call that is sent with the longest time-out there is for tests.
var postbackDesk = desk{subject: "clickgate.ask.postbacks", group: "workers", slots: 8, patience: 50 * time.Second}

// AnswerPostbacks has a worker answer questions about outgoing calls until ctx
// ends.
func AnswerPostbacks(ctx context.Context, nc *nats.Conn, node string, answer func(context.Context, outgoing.Question) outgoing.Answer) error {
	return postbackDesk.listen(ctx, nc, node, func(ctx context.Context, question []byte) []byte {
		var q outgoing.Question
		if err := json.Unmarshal(question, &q); err != nil {
			return encode(outgoing.Refused(node, fmt.Errorf("read question: %w: %w", outgoing.ErrUnfit, err)))
		}
		return encode(answer(ctx, q))
	})
}

func encode(a outgoing.Answer) []byte {
	data, err := json.Marshal(a)
	if err != nil {
		data, _ = json.Marshal(outgoing.Refused(a.Node, err)) // a string always encodes
	}
	return data
}

// Postbacks asks the workers about outgoing calls. Its methods are safe for
// concurrent use; their errors are those of package outgoing.
type Postbacks struct{ js jetstream.JetStream }

// NewPostbacks returns what asks over a connection.
func NewPostbacks(js jetstream.JetStream) *Postbacks { return &Postbacks{js} }

// Test has any worker make up a document's call, and send it where t says so.
func (p *Postbacks) Test(ctx context.Context, t outgoing.Test) (outgoing.TestReport, error) {
	if err := t.Validate(); err != nil {
		return outgoing.TestReport{}, fmt.Errorf("%w: %w", outgoing.ErrUnfit, err)
	}
	a, err := p.ask(ctx, "", outgoing.Question{Task: outgoing.TaskTest, Test: t})
	if err != nil {
		return outgoing.TestReport{}, err
	}
	if a.Report == nil {
		return outgoing.TestReport{}, errors.New("the worker's answer has no report")
	}
	return *a.Report, nil
}

// ask asks one worker, any where node is empty.
func (p *Postbacks) ask(ctx context.Context, node string, q outgoing.Question) (a outgoing.Answer, err error) {
	question, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	subject := postbackDesk.subject
	if node != "" {
		subject += "." + node
	}
	ctx, cancel := context.WithTimeout(ctx, postbackDesk.patience)
	defer cancel()
	msg, err := p.js.Conn().RequestWithContext(ctx, subject, question)
	switch {
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded):
		return a, outgoing.ErrNoWorker
	case err != nil:
		return a, fmt.Errorf("ask a worker: %w", err)
	}
	if err := json.Unmarshal(msg.Data, &a); err != nil {
		return a, fmt.Errorf("read a worker's answer: %w", err)
	}
	return a, a.Err()
}

// workers names those that fire postbacks, sorted, also some that died lately.
func (p *Postbacks) workers(ctx context.Context) (nodes []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, interval)
	defer cancel()
	kv, err := p.js.KeyValue(ctx, Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil, outgoing.ErrNoWorker
	}
	if err != nil {
		return nil, fmt.Errorf("find the workers: %w", err)
	}
	w, err := kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, fmt.Errorf("find the workers: %w", err)
	}
	defer func() { _ = w.Stop() }() // the connection may be gone
	for {
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("find the workers: %w", ctx.Err())
		case entry, open := <-w.Updates():
			if entry != nil && open {
				nodes = appendWorker(nodes, entry.Value())
				continue
			}
			if len(nodes) == 0 {
				return nil, outgoing.ErrNoWorker
			}
			slices.Sort(nodes)
			return nodes, nil
		}
	}
}

func appendWorker(nodes []string, report []byte) []string {
	var r Report
	if json.Unmarshal(report, &r) != nil || !r.Worker {
		return nodes
	}
	return append(nodes, r.Node)
}

// everybody asks all workers at once. missing names those that do not answer;
// any other error of one is that of all.
func (p *Postbacks) everybody(ctx context.Context, q outgoing.Question) (answers []outgoing.Answer, missing []string, err error) {
	nodes, err := p.workers(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, allPatience)
	defer cancel()
	all, errs := make([]outgoing.Answer, len(nodes)), make([]error, len(nodes))
	var group sync.WaitGroup
	for i, node := range nodes {
		group.Go(func() { all[i], errs[i] = p.ask(ctx, node, q) })
	}
	group.Wait()
	for i, err := range errs {
		switch {
		case errors.Is(err, outgoing.ErrNoWorker):
			missing = append(missing, nodes[i])
		case errors.Is(err, outgoing.ErrNoLetter): // another one may have it
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", nodes[i], err)
		default:
			answers = append(answers, all[i])
		}
	}
	return answers, missing, nil
}

// allPatience bounds a question to all workers: who answers late is missing.
const allPatience = 10 * time.Second

// notAll says that a letter may be one of a worker's that does not answer.
func notAll(missing []string) error {
	if len(missing) == 0 {
		return outgoing.ErrNoLetter
	}
	return fmt.Errorf("%w: it may be one of %s", outgoing.ErrNoWorker, strings.Join(missing, ", "))
}
