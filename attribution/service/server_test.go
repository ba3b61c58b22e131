package service

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// finderFunc is a Finder of tests.
type finderFunc func(context.Context, attribution.Query) (attribution.Answer, error)

func (f finderFunc) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	return f(ctx, q)
}

func serve(t testing.TB, w *world, f finderFunc, opt ServerOptions) *Server {
	t.Helper()
	s, err := Serve(w.NC, f, opt)
	check(t, err)
	check(t, w.NC.Flush()) // the server knows of it
	t.Cleanup(s.Close)
	return s
}

func TestNobodyAnswers(t *testing.T) {
	w := newWorld(t)
	c := NewClient(w.Connect())
	if _, err := c.Find(within(t, 5*time.Second), attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) {
		t.Errorf("without a worker: %v", err)
	}
	slow := serve(t, w, func(ctx context.Context, _ attribution.Query) (attribution.Answer, error) {
		<-ctx.Done()
		return attribution.Answer{}, ctx.Err()
	}, ServerOptions{})
	start := time.Now()
	if _, err := c.Find(context.Background(), attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) || time.Since(start) > 10*time.Second {
		t.Errorf("with a slow worker: %v after %v", err, time.Since(start))
	}
	until(t, "the worker to give up", func() bool { return slow.late.Load() == 1 })
	nc := w.Connect()
	nc.Close()
	if _, err := NewClient(nc).Find(within(t, 5*time.Second), attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) {
		t.Errorf("without a connection: %v", err)
	}
}

func TestErrorsTravel(t *testing.T) {
	w := newWorld(t)
	serve(t, w, func(_ context.Context, q attribution.Query) (attribution.Answer, error) {
		if len(q.Keys) > 0 {
			return attribution.Answer{}, fmt.Errorf("%w: no such thing", attribution.ErrQuery)
		}
		return attribution.Answer{}, errors.New("disk on fire")
	}, ServerOptions{})
	c := NewClient(w.Connect())
	if _, err := c.Find(within(t, 5*time.Second), attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("an error of the store: %v", err)
	}
	if _, err := c.Find(within(t, 5*time.Second), attribution.Query{Keys: []string{"k"}}); !errors.Is(err, attribution.ErrQuery) || !strings.Contains(err.Error(), "no such thing") {
		t.Errorf("an error of the question: %v", err)
	}
	if _, err := c.Find(within(t, 5*time.Second), attribution.Query{ClickID: "?"}); !errors.Is(err, attribution.ErrQuery) {
		t.Errorf("a bad question: %v", err)
	}
	for _, raw := range []string{"", "{", `{"v":2}`, `{"v":1,"query":{"click_id":"x"}}`} {
		msg, err := w.NC.Request(Subject, []byte(raw), 5*time.Second)
		check(t, err)
		if _, err := decodeReply(msg.Data); !errors.Is(err, attribution.ErrQuery) {
			t.Errorf("%q is answered by %s", raw, msg.Data)
		}
	}
}

// A worker with too much to do says so at once, and nobody is answered who has
// stopped waiting.
func TestBusyWorker(t *testing.T) {
	w := newWorld(t)
	release, busy := make(chan struct{}), make(chan struct{}, 8)
	var asked sync.Map
	s := serve(t, w, func(_ context.Context, q attribution.Query) (attribution.Answer, error) {
		asked.Store(q.ClickID, true)
		busy <- struct{}{}
		<-release
		return attribution.Answer{}, nil
	}, ServerOptions{Workers: 1, Queue: 1})
	c := NewClient(w.Connect())
	var waiting sync.WaitGroup
	waiting.Go(func() { _, _ = c.Find(within(t, 20*time.Second), attribution.Query{ClickID: idOf(1)}) })
	<-busy
	waiting.Go(func() { _, _ = c.Find(within(t, 100*time.Millisecond), attribution.Query{ClickID: idOf(2)}) })
	until(t, "a question in the queue", func() bool { return len(s.queue) == 1 })
	if _, err := c.Find(within(t, 10*time.Second), attribution.Query{ClickID: idOf(3)}); !errors.Is(err, attribution.ErrUnavailable) || !strings.Contains(err.Error(), "too many") {
		t.Errorf("beyond the queue: %v", err)
	}
	<-within(t, 150*time.Millisecond).Done() // longer than the second waits
	close(release)
	waiting.Wait()
	until(t, "the late question to be dropped", func() bool { return s.late.Load() == 1 })
	if _, ok := asked.Load(idOf(2)); ok {
		t.Error("a question was worked on that nobody waited for any more")
	}
}

func TestCloseFinishesWhatCame(t *testing.T) {
	w := newWorld(t)
	begun, release := make(chan struct{}), make(chan struct{})
	s := serve(t, w, func(context.Context, attribution.Query) (attribution.Answer, error) {
		close(begun)
		<-release
		return attribution.Answer{AppliedMS: 7}, nil
	}, ServerOptions{})
	got := make(chan error)
	go func() {
		a, err := NewClient(w.Connect()).Find(within(t, 20*time.Second), attribution.Query{})
		if err == nil && a.AppliedMS != 7 {
			err = fmt.Errorf("answer %+v", a)
		}
		got <- err
	}()
	<-begun
	closed := make(chan struct{})
	go func() { s.Close(); close(closed) }()
	select {
	case <-closed:
		t.Error("Close does not wait for the question under way")
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if err := <-got; err != nil {
		t.Errorf("the question under way: %v", err)
	}
	<-closed
	if _, err := NewClient(w.NC).Find(within(t, 5*time.Second), attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
}

// The largest answer a store gives fits into one message.
func TestLargestAnswer(t *testing.T) {
	w := newWorld(t)
	big := attribution.Answer{Row: make([]byte, 64<<10), Kind: events.Click, Conversions: make([]attribution.Prior, 1000), Holders: map[string]string{}}
	for i := range big.Conversions {
		big.Conversions[i] = attribution.Prior{TxID: idOf(i), EventID: "12345678", Status: "Approved", Hash: idOf(i), TimeMS: 1 << 42, Kind: events.Event}
	}
	big.Conversions[999].Row = make([]byte, 256<<10)
	for i := range attribution.MaxKeys {
		big.Holders[strings.Repeat("k", attribution.MaxKeyBytes-2)+fmt.Sprint(i)] = idOf(i)
	}
	serve(t, w, func(context.Context, attribution.Query) (attribution.Answer, error) { return big, nil }, ServerOptions{})
	a, err := NewClient(w.Connect()).Find(within(t, 10*time.Second), attribution.Query{})
	if err != nil || len(a.Conversions) != 1000 || len(a.Conversions[999].Row) != 256<<10 {
		t.Errorf("%d conversions, %v", len(a.Conversions), err)
	}
}

func TestSpoiltReplies(t *testing.T) {
	a := attribution.Answer{Row: []byte("row"), Conversions: []attribution.Prior{{TxID: idOf(1)}, {TxID: idOf(2), Row: []byte("other")}}}
	data, err := encodeReply(&a, nil)
	check(t, err)
	if _, err := decodeReply(data); err != nil {
		t.Fatal(err)
	}
	for name, spoilt := range map[string]string{
		"cut":            string(data[:len(data)-1]),
		"more":           string(data) + "x",
		"no rows":        strings.Split(string(data), "\n")[0],
		"negative":       strings.Replace(string(data), `"rows":[3,0,5]`, `"rows":[-3,6,5]`, 1),
		"too few":        strings.Replace(string(data), `"rows":[3,0,5]`, `"rows":[8]`, 1),
		"another time":   strings.Replace(string(data), `"v":1`, `"v":2`, 1),
		"without":        `{"v":1}`,
		"no JSON at all": "?",
	} {
		if a, err := decodeReply([]byte(spoilt)); !errors.Is(err, attribution.ErrUnavailable) {
			t.Errorf("%s: %q is taken for %+v, %v", name, spoilt, a, err)
		}
	}
}

func FuzzMessages(f *testing.F) {
	q, err := encodeRequest(&attribution.Query{ClickID: idOf(1), Keys: []string{"k"}, Match: &attribution.Match{DeviceID: "d"}}, time.Second)
	if err != nil {
		f.Fatal(err)
	}
	a, err := encodeReply(&attribution.Answer{Row: []byte("{}"), Conversions: []attribution.Prior{{TxID: idOf(1)}, {TxID: idOf(2), Row: []byte("{}\n")}}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(q)
	f.Add(a)
	f.Fuzz(func(t *testing.T, data []byte) {
		if q, within, err := decodeRequest(data); err == nil && (q.Validate() != nil || within <= 0 || within > maxWithin) {
			t.Errorf("%q is taken as %+v within %v", data, q, within)
		}
		a, err := decodeReply(data)
		if err != nil {
			return
		}
		again, err := encodeReply(&a, nil)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := decodeReply(again); err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%+v comes back as %+v, %v", a, b, err)
		}
	})
}

func BenchmarkMessages(b *testing.B) {
	row := []byte(strings.Repeat("x", 1500))
	answer := attribution.Answer{Kind: events.Click, Row: row, MatchedBy: attribution.ByClickID, AppliedMS: 1, Conversions: []attribution.Prior{{TxID: idOf(1), Row: row}}}
	query := attribution.Query{ClickID: idOf(1), Keys: []string{idOf(2), idOf(3)}}
	for b.Loop() {
		q, _ := encodeRequest(&query, time.Second)
		if _, _, err := decodeRequest(q); err != nil {
			b.Fatal(err)
		}
		a, _ := encodeReply(&answer, nil)
		if _, err := decodeReply(a); err != nil {
			b.Fatal(err)
		}
	}
}
