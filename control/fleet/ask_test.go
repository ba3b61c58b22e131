package fleet

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/internal/explain"
)

// answering runs an edge that explains until the test ends.
func (n *natsServer) answering(node string, do func(context.Context, *explain.Request) (explain.Report, error)) {
	n.tb.Helper()
	js := n.JetStream()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := AnswerQuestions(ctx, js.Conn(), node, do); err != nil {
			n.tb.Error(err)
		}
	})
	n.tb.Cleanup(func() { cancel(); wg.Wait() })
}

func TestAsk(t *testing.T) {
	n := startServer(t)
	f := New(n.JetStream(), 1)
	link := &explain.Request{URL: "/click"}
	if _, err := f.Explain(t.Context(), link); !errors.Is(err, ErrNoEdge) {
		t.Errorf("without an edge: %v", err)
	}
	for _, node := range []string{"a", "b"} {
		n.answering(node, func(_ context.Context, r *explain.Request) (explain.Report, error) {
			switch {
			case r.EventID != "":
				return explain.Report{}, ErrNoEvent
			case r.Method == "HEAD":
				return explain.Report{}, errors.New("cannot think")
			}
			return explain.Report{Node: node, Refused: r.URL}, nil
		})
	}
	eventually(t, "an edge that answers", func() bool {
		for _, node := range []string{"a", "b"} {
			r, err := f.Explain(t.Context(), &explain.Request{URL: "/click", Node: node})
			if err != nil || r.Node != node {
				return false
			}
		}
		return true
	})
	r, err := f.Explain(t.Context(), link)
	if err != nil || r.Node == "" || r.Refused != "/click" {
		t.Errorf("any edge answers %+v, %v", r, err)
	}
	if _, err := f.Explain(t.Context(), &explain.Request{EventID: strings.Repeat("0", 32)}); !errors.Is(err, ErrNoEvent) {
		t.Errorf("an unknown event gives %v", err)
	}
	if _, err := f.Explain(t.Context(), &explain.Request{URL: "/click", Method: "HEAD"}); err == nil || !strings.Contains(err.Error(), "cannot think") {
		t.Errorf("an edge's error gives %v", err)
	}
	if _, err := f.Explain(t.Context(), &explain.Request{}); err == nil || !strings.Contains(err.Error(), "url: missing") {
		t.Errorf("a request without a link gives %v", err)
	}
	if _, err := f.Explain(t.Context(), &explain.Request{URL: "/click", Node: "c"}); !errors.Is(err, ErrNoEdge) {
		t.Errorf("an unknown edge gives %v", err)
	}
}
