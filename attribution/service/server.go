package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
)

// ServerOptions set up a Server. Zero values mean the defaults named here.
type ServerOptions struct {
	// Workers is how many questions are answered at once: 8. Each may wait for
	// the disk.
	Workers int
	// Queue is how many questions wait; more are told so at once: 256.
	Queue  int
	Logger *zap.Logger
}

// Server answers the questions of edges.
type Server struct {
	finder  attribution.Finder
	logger  *zap.Logger
	sub     *nats.Subscription
	queue   chan question
	workers sync.WaitGroup

	mu     sync.RWMutex // held for writing while queue is closed
	closed bool

	answered, refused, busy, late atomic.Uint64
}

type question struct {
	msg     *nats.Msg
	arrived time.Time
}

var errBusy = errors.New("too many questions wait")

// Serve answers questions over nc from finder until Close.
func Serve(nc *nats.Conn, finder attribution.Finder, opt ServerOptions) (*Server, error) {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	s := &Server{finder: finder, logger: opt.Logger, queue: make(chan question, cmp.Or(opt.Queue, 256))}
	for range cmp.Or(opt.Workers, 8) {
		s.workers.Go(s.work)
	}
	var err error
	if s.sub, err = nc.QueueSubscribe(Subject, Group, s.take); err != nil {
		s.stop()
		return nil, fmt.Errorf("serve %s: %w", Subject, err)
	}
	return s, nil
}

// take puts a question into the queue, or says at once that there is no room:
// the edge does better things than wait.
func (s *Server) take(msg *nats.Msg) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return
	}
	select {
	case s.queue <- question{msg, time.Now()}:
	default:
		s.busy.Add(1)
		s.respond(msg, nil, errBusy)
	}
}

func (s *Server) work() {
	for q := range s.queue {
		s.answer(q)
	}
}

// answer answers one question, unless nobody waits for it any more.
func (s *Server) answer(q question) {
	query, within, err := decodeRequest(q.msg.Data)
	if err != nil {
		s.refused.Add(1)
		s.respond(q.msg, nil, err)
		return
	}
	ctx, cancel := context.WithDeadline(context.Background(), q.arrived.Add(within))
	defer cancel()
	if ctx.Err() != nil {
		s.late.Add(1)
		return
	}
	found, err := s.finder.Find(ctx, query)
	switch {
	case ctx.Err() != nil:
		s.late.Add(1)
	case err != nil:
		s.refused.Add(1)
	default:
		s.answered.Add(1)
	}
	s.respond(q.msg, &found, err)
}

func (s *Server) respond(msg *nats.Msg, a *attribution.Answer, err error) {
	data, encodeErr := encodeReply(a, err)
	if encodeErr == nil {
		encodeErr = msg.Respond(data)
	}
	if encodeErr != nil { // nobody waits, or the connection is gone
		s.logger.Debug("answer to a question for a click", zap.Error(encodeErr))
	}
}

// Close takes no more questions and waits for those that it has.
func (s *Server) Close() {
	_ = s.sub.Unsubscribe() // fails only where the connection is gone
	s.stop()
}

func (s *Server) stop() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.queue)
	}
	s.mu.Unlock()
	s.workers.Wait()
}

// WriteMetrics writes the counters in the Prometheus text format.
func (s *Server) WriteMetrics(w io.Writer) {
	fmt.Fprintf(w, "clickgate_attribution_answers_total{result=\"answered\"} %d\n", s.answered.Load())
	fmt.Fprintf(w, "clickgate_attribution_answers_total{result=\"refused\"} %d\n", s.refused.Load())
	fmt.Fprintf(w, "clickgate_attribution_answers_total{result=\"busy\"} %d\n", s.busy.Load())
	fmt.Fprintf(w, "clickgate_attribution_answers_total{result=\"late\"} %d\n", s.late.Load())
}
