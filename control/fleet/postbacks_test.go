package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/internal/outgoing"
)

// clerk is a worker's desk: it knows some dead letters.
type clerk struct {
	node string
	mu   sync.Mutex
	ids  []string // sorted
}

func (c *clerk) answer(_ context.Context, q outgoing.Question) outgoing.Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := outgoing.Answer{Node: c.node}
	at := slices.Index(c.ids, q.Letter)
	switch q.Task {
	case outgoing.TaskTest:
		if q.Test.Document == "nobody" {
			return outgoing.Refused(c.node, fmt.Errorf("%w: nobody", outgoing.ErrNoDocument))
		}
		a.Report = &outgoing.TestReport{Node: c.node, Document: q.Test.Document}
	case outgoing.TaskList:
		for _, id := range slices.Backward(c.ids) {
			if len(a.Letters) < q.Limit && (q.Before == "" || id < q.Before) {
				a.Letters = append(a.Letters, outgoing.DeadLetter{ID: id, Node: c.node})
			}
		}
	case outgoing.TaskFireAll:
		// One at a time, so that it has to be asked on.
		if a.Fired, c.ids = min(1, len(c.ids)), c.ids[:max(0, len(c.ids)-1)]; len(c.ids) > 0 {
			a.Next = c.ids[len(c.ids)-1] + "f"
		}
	case outgoing.TaskStats:
		a.Stats = &outgoing.Stats{Node: c.node, DeadLetters: int64(len(c.ids))}
	default:
		if at < 0 {
			return outgoing.Refused(c.node, outgoing.ErrNoLetter)
		}
		if q.Task == outgoing.TaskShow {
			a.Letters = []outgoing.DeadLetter{{ID: q.Letter, Node: c.node}}
			return a
		}
		c.ids = slices.Delete(c.ids, at, at+1)
	}
	return a
}

// letterID is the id of a letter that died as the nth.
func letterID(n int) string { return fmt.Sprintf("%048x", n) }

// working runs a worker with a desk until stop is called; it reports until the
// test ends.
func (n *natsServer) working(c *clerk) (stop func()) {
	n.tb.Helper()
	js := n.JetStream()
	n.reporting(Report{Node: c.node, Instance: c.node, Worker: true})
	answering, cancel := context.WithCancel(context.Background())
	var answers sync.WaitGroup
	answers.Go(func() {
		if err := AnswerPostbacks(answering, js.Conn(), c.node, c.answer); err != nil {
			n.tb.Error(err)
		}
	})
	n.tb.Cleanup(func() { cancel(); answers.Wait() })
	return func() { cancel(); answers.Wait(); _ = js.Conn().Flush() }
}

// reporting has a node report until the test ends.
func (n *natsServer) reporting(r Report) {
	n.tb.Helper()
	js := n.JetStream()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { NewReporter(js, 1, func() Report { return r }, zap.NewNop()).Run(ctx) })
	n.tb.Cleanup(func() { cancel(); wg.Wait() })
}

func TestPostbacks(t *testing.T) {
	n := startServer(t)
	p := NewPostbacks(n.JetStream())
	if _, err := p.Letters(t.Context(), "", 10); !errors.Is(err, outgoing.ErrNoWorker) {
		t.Errorf("without a worker: %v", err)
	}
	if _, err := p.Test(t.Context(), outgoing.Test{Document: "m"}); !errors.Is(err, outgoing.ErrNoWorker) {
		t.Errorf("a test without a worker: %v", err)
	}
	if err := p.Fire(t.Context(), "x"); !errors.Is(err, outgoing.ErrNoLetter) {
		t.Errorf("firing nonsense asks the workers: %v", err)
	}
	n.reporting(Report{Node: "edge", Instance: "e"})
	one, two := &clerk{node: "one", ids: []string{letterID(1), letterID(3), letterID(5)}}, &clerk{node: "two", ids: []string{letterID(2), letterID(4)}}
	n.working(one)
	stop := n.working(two)
	eventually(t, "both workers", func() bool {
		all, missing, _ := p.Stats(t.Context())
		return len(all) == 2 && len(missing) == 0
	})

	if r, err := p.Test(t.Context(), outgoing.Test{Document: "m"}); err != nil || r.Document != "m" || r.Node == "" {
		t.Errorf("a test gives %+v, %v", r, err)
	}
	if _, err := p.Test(t.Context(), outgoing.Test{Document: "nobody"}); !errors.Is(err, outgoing.ErrNoDocument) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an unknown document gives %v", err)
	}
	if _, err := p.Test(t.Context(), outgoing.Test{}); !errors.Is(err, outgoing.ErrUnfit) {
		t.Errorf("no document gives %v", err)
	}
	list := func(before string, limit int, want ...int) outgoing.Page {
		t.Helper()
		page, err := p.Letters(t.Context(), before, limit)
		var got []int
		for _, l := range page.Letters {
			var number int
			if _, err := fmt.Sscanf(l.ID, "%x", &number); err != nil {
				t.Fatal(err)
			}
			got = append(got, number)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d letters before %q are %v, %v, want %v", limit, before, got, err, want)
		}
		return page
	}
	page := list("", 3, 5, 4, 3)
	if page = list(page.Next, 3, 2, 1); page.Next != "" {
		t.Errorf("after the last page comes %s", page.Next)
	}
	if _, err := p.Letters(t.Context(), "x", 3); !errors.Is(err, outgoing.ErrUnfit) {
		t.Errorf("before nonsense: %v", err)
	}
	if l, err := p.Letter(t.Context(), letterID(4)); err != nil || l.Node != "two" {
		t.Errorf("letter 4 is %+v, %v", l, err)
	}
	for what, do := range map[string]func(context.Context, string) error{"fire": p.Fire, "discard": p.Discard} {
		for _, id := range []string{letterID(9), "x", strings.Repeat("A", 48)} {
			if err := do(t.Context(), id); !errors.Is(err, outgoing.ErrNoLetter) {
				t.Errorf("%s %s: %v", what, id, err)
			}
		}
	}
	if err := errors.Join(p.Fire(t.Context(), letterID(5)), p.Discard(t.Context(), letterID(2))); err != nil {
		t.Error(err)
	}
	list("", 10, 4, 3, 1)

	stop()
	if page := list("", 10, 3, 1); !slices.Equal(page.Missing, []string{"two"}) {
		t.Errorf("missing are %v, want two", page.Missing)
	}
	if _, err := p.Letter(t.Context(), letterID(4)); !errors.Is(err, outgoing.ErrNoWorker) || !strings.Contains(err.Error(), "two") {
		t.Errorf("a letter of a worker that is away: %v", err)
	}
	fired, failed, err := p.FireAll(t.Context())
	if err != nil || fired != 2 || len(failed) != 1 || !strings.HasPrefix(failed[0], "two: ") {
		t.Errorf("fired %d, failed %v, %v", fired, failed, err)
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	n := startServer(t)
	n.working(&clerk{node: "one"})
	js := n.JetStream()
	eventually(t, "an answer that tells what is wrong", func() bool {
		msg, err := js.Conn().Request(postbackDesk.subject, []byte("what"), interval)
		return err == nil && strings.Contains(string(msg.Data), "read question")
	})
}
