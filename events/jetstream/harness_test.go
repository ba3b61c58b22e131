package jetstream

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/spool"
	"github.com/clickgate/clickgate/internal/natsrv"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

// childDir and childPort make the test binary a NATS server, to be killed.
const (
	childDir  = "CLICKGATE_TEST_NATS_DIR"
	childPort = "CLICKGATE_TEST_NATS_PORT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serve(dir, os.Getenv(childPort))
		return
	}
	if addr := os.Getenv(driveAddr); addr != "" {
		drive(addr, os.Getenv(driveCount))
		return
	}
	natstest.VerifyTestMain(m, // the web server of a benchmark ends in its own time
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
}

func serve(dir, port string) {
	n, _ := strconv.Atoi(port)
	if _, err := natsrv.Start(natsrv.Options{DataDir: dir, Port: n}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
}

func start(t testing.TB, opt natsrv.Options) *natsrv.Server {
	t.Helper()
	s, err := natsrv.Start(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// within is a context for anything that should take no time at all.
func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func stream(t testing.TB, nc *nats.Conn, conf Config) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := Ensure(within(t, 10*time.Second), js, conf); err != nil {
		t.Fatal(err)
	}
	awaitSource(t, js)
	return js
}

// awaitSource waits until the log has begun to take the claims over: a server
// that is stopped before leaves goroutines behind for a while.
func awaitSource(t testing.TB, js jetstream.JetStream) {
	t.Helper()
	ctx := within(t, 20*time.Second)
	until(t, "the log takes over the claims", func() bool {
		s, err := js.Stream(ctx, Stream)
		return err == nil && len(s.CachedInfo().Sources) == 1 && s.CachedInfo().Sources[0].Active >= 0
	})
}

// embedded is a stream on an embedded server and a publisher to it.
func embedded(t testing.TB, conf Config) (jetstream.JetStream, *Publisher) {
	t.Helper()
	srv := start(t, natsrv.Options{DataDir: t.TempDir()})
	t.Cleanup(srv.Shutdown)
	nc, err := srv.Connect("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js := stream(t, nc, conf)
	p, err := NewPublisher(nc, "n1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return js, p
}

func openSpool(t testing.TB) *spool.Spool {
	t.Helper()
	s, err := spool.Open(t.TempDir(), spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeLog(t testing.TB, l *events.Log) {
	t.Helper()
	if err := l.Close(within(t, 20*time.Second)); err != nil {
		t.Error(err)
	}
}

func line(i int) []byte { return fmt.Appendf(nil, "{\"tx_id\":\"%d\",\"n\":%d}\n", i, i%3) }

// read returns how often each tx_id stands in the log.
func read(t testing.TB, js jetstream.JetStream, filters ...events.Filter) map[string]int {
	t.Helper()
	count := map[string]int{}
	opt := TailOptions{FromStart: true, NoFollow: true, Filters: filters}
	err := Tail(within(t, 30*time.Second), js, opt, func(r events.Row) error {
		count[r.Text("tx_id")]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func wantOnce(t testing.TB, js jetstream.JetStream, n int) {
	t.Helper()
	count := read(t, js)
	lost, doubled := 0, 0
	for i := range n {
		switch c := count[strconv.Itoa(i)]; {
		case c == 0:
			lost++
		case c > 1:
			doubled++
		}
	}
	if lost+doubled > 0 || len(count) != n {
		t.Errorf("%d of %d lines lost, %d doubled, %d different", lost, n, doubled, len(count))
	}
}

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: waited in vain", what)
}
