package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/spool"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/natsrv"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
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
	goleak.VerifyTestMain(m, // the web server of a benchmark ends in its own time
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
	return js
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

func TestClicksComeOutOfTheLogAsRows(t *testing.T) {
	js, p := embedded(t, Config{})
	l := events.New(p, events.Options{Node: "n1"})
	for i := range 100 {
		c := &click.Click{TimeMS: int64(i), UserAgent: "Mozilla"}
		copy(c.TxID[:], fmt.Sprintf("%032d", i))
		if i%10 == 0 {
			c.Verdict.Reject(click.Bot, "")
		}
		ticket := l.Append(events.Click, events.AppendRow(nil, c, events.Meta{Node: "n1"}))
		if i == 99 && !ticket.Wait() {
			t.Error("the last click was not acknowledged in time")
		}
	}
	l.Append(events.Impression, line(1))
	closeLog(t, l)
	if n := len(read(t, js)); n != 101 {
		t.Errorf("%d rows, want 101", n)
	}
	if n := len(read(t, js, events.Filter{Field: "rejections", Value: "BOT"}, events.Filter{Field: "user_agent", Value: "Mozilla"})); n != 10 {
		t.Errorf("%d rejected rows, want 10", n)
	}
}

func TestTailFollowsOneKind(t *testing.T) {
	js, p := embedded(t, Config{})
	l := events.New(p, events.Options{Node: "n1"})
	defer closeLog(t, l)
	l.Append(events.Click, line(0)).Wait()
	stop := errors.New("seen enough")
	done := make(chan error, 1)
	var got []string
	go func() {
		opt := TailOptions{Kinds: []events.Kind{events.Conversion}}
		done <- Tail(within(t, 20*time.Second), js, opt, func(r events.Row) error {
			got = append(got, r.Kind.String()+r.Text("tx_id"))
			if r.Text("tx_id") == "3" {
				return stop
			}
			return nil
		})
	}()
	until(t, "consumer", func() bool {
		s, err := js.Stream(within(t, time.Second), Stream)
		return err == nil && s.CachedInfo().State.Consumers == 1
	})
	l.Append(events.Click, line(1))
	l.Append(events.Conversion, line(2))
	l.Append(events.Conversion, line(3))
	if err := <-done; !errors.Is(err, stop) {
		t.Fatalf("tail: %v", err)
	}
	if fmt.Sprint(got) != "[conversion2 conversion3]" {
		t.Errorf("rows %v", got)
	}
}

func TestTailOfAnEmptyLogEnds(t *testing.T) {
	js, _ := embedded(t, Config{})
	if n := len(read(t, js)); n != 0 {
		t.Errorf("%d rows in an empty log", n)
	}
}

func TestStoredFindsABlockWhoseIDTheServerForgot(t *testing.T) {
	_, p := embedded(t, Config{Duplicates: 100 * time.Millisecond})
	var last uint64
	for i := range 20 {
		m := &events.Message{ID: "n1.b." + strconv.Itoa(i), Lines: 1, Data: line(i), Born: time.Now()}
		acked := make(chan error, 1)
		p.Publish(m, func(seq uint64, err error) { last = seq; acked <- err })
		if err := <-acked; err != nil {
			t.Fatal(err)
		}
	}
	if last != 20 {
		t.Errorf("the last block has sequence %d, want 20", last)
	}
	for _, tc := range []struct {
		id    string
		after uint64
		want  bool
	}{
		{"n1.b.0", 0, true}, {"n1.b.19", 0, true}, {"n1.b.19", 19, true}, {"n1.b.7", 3, true},
		{"n1.b.20", 0, false}, {"n1.b.7", 8, false}, {"n1.b.7", 20, false}, {"n1.b.7", 1000, false},
	} {
		got, err := p.Stored(within(t, 5*time.Second), &events.Message{ID: tc.id, After: tc.after, Born: time.Now()})
		if got != tc.want || err != nil {
			t.Errorf("Stored(%s after %d) = %v, %v, want %v", tc.id, tc.after, got, err, tc.want)
		}
	}
}

func TestNodeNamesAreOneToken(t *testing.T) {
	for _, bad := range []string{"", "a.b", "*", "a b", ">"} {
		if err := checkNode(bad); err == nil {
			t.Errorf("node %q is accepted", bad)
		}
	}
	if err := checkNode("Edge-1_a"); err != nil {
		t.Error(err)
	}
}

// A full stream that refuses is an outage: nothing is lost, and all of it
// arrives when there is room.
func TestRefusingStreamLosesNothing(t *testing.T) {
	js, p := embedded(t, Config{MaxBytes: 20 << 10, RefuseWhenFull: true})
	l := events.New(p, events.Options{Node: "n1", SpoolAfter: 50 * time.Millisecond, Spool: openSpool(t)})
	const n = 3000
	for i := range n {
		l.Append(events.Click, line(i))
	}
	until(t, "spool", func() bool { return l.Stats().Spooled > 0 })
	if s := l.Stats(); s.Well || s.Lost > 0 {
		t.Errorf("stats with a full stream %+v", s)
	}
	if err := Ensure(within(t, 5*time.Second), js, Config{}); err != nil {
		t.Fatal(err)
	}
	until(t, "acknowledgements", func() bool { return l.Stats().Acknowledged == n })
	closeLog(t, l)
	wantOnce(t, js, n)
}

// A full stream drops its oldest blocks unless told otherwise.
func TestFullStreamKeepsTheNewest(t *testing.T) {
	js, p := embedded(t, Config{MaxBytes: 20 << 10})
	l := events.New(p, events.Options{Node: "n1", BlockBytes: 1000})
	const n = 3000
	for i := range n {
		l.Append(events.Click, line(i))
	}
	closeLog(t, l)
	count := read(t, js)
	if count[strconv.Itoa(n-1)] != 1 || count["0"] != 0 {
		t.Errorf("the newest line %d times, the oldest %d times, want 1 and 0", count[strconv.Itoa(n-1)], count["0"])
	}
	if s := l.Stats(); s.Acknowledged != n || s.Retries != 0 {
		t.Errorf("stats %+v, want all acknowledged", s)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// child is a server in a process of its own.
func child(t *testing.T, dir string, port int) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childPort+"="+strconv.Itoa(port))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("server: %s", out.String())
		}
	})
	return cmd
}

// dial connects to a child as soon as it listens.
func dial(t *testing.T, dir string, port int) *nats.Conn {
	t.Helper()
	var nc *nats.Conn
	until(t, "server", func() bool {
		probe, err := natsrv.Connect(dir, "probe")
		if err != nil {
			return false
		}
		probe.Close()
		token, err := os.ReadFile(dir + "/nats.token")
		if err != nil {
			return false
		}
		url := "nats://127.0.0.1:" + strconv.Itoa(port)
		nc, err = natsrv.Dial(natsrv.Remote{URLs: []string{url}, Token: string(bytes.TrimSpace(token))}, "test", nil)
		return err == nil
	})
	t.Cleanup(nc.Close)
	return nc
}

// The server is stopped, killed and started again while visitors click, with a
// duplicate window too short to be of help.
func TestServerRestartsLoseAndDoubleNothing(t *testing.T) {
	for name, end := range map[string]os.Signal{"stopped": syscall.SIGTERM, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			dir, port := t.TempDir(), freePort(t)
			srv := child(t, dir, port)
			nc := dial(t, dir, port)
			js := stream(t, nc, Config{Duplicates: 100 * time.Millisecond})
			p, err := NewPublisher(nc, "n1")
			if err != nil {
				t.Fatal(err)
			}
			l := events.New(p, events.Options{Node: "n1", SpoolAfter: 300 * time.Millisecond, Spool: openSpool(t)})
			stop := load(l, 8)
			for round := range 3 {
				before := l.Stats().Acknowledged
				until(t, "acknowledgements", func() bool { return l.Stats().Acknowledged > before+500 })
				srv.Process.Signal(end)
				srv.Wait()
				if round == 1 {
					spooled := l.Stats().Spooled
					until(t, "spool", func() bool { return l.Stats().Spooled > spooled })
				}
				srv = child(t, dir, port)
				until(t, "recovery", func() bool { s := l.Stats(); return s.Well && s.SpoolBytes == 0 && s.Acknowledged > before+500 })
			}
			n := stop()
			closeLog(t, l)
			p.Close()
			s := l.Stats()
			t.Logf("%d lines, %d blocks, %d retries, %d spooled, %d answered early", n, s.Blocks, s.Retries, s.Spooled, s.AnsweredBeforeAck)
			if s.Lost != 0 || s.Acknowledged != uint64(n) || s.AtRisk != 0 {
				t.Errorf("stats %+v, want %d acknowledged", s, n)
			}
			wantOnce(t, js, n)
		})
	}
}

// load appends lines from some visitors, each a few thousand a second at most.
// The function it returns ends that and tells how many lines there were.
func load(l *events.Log, visitors int) (stop func() int) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for range visitors {
		wg.Go(func() {
			pace := time.NewTicker(500 * time.Microsecond)
			defer pace.Stop()
			for ctx.Err() == nil {
				mu.Lock()
				i := n
				n++
				mu.Unlock()
				l.Append(events.Click, line(i)).Wait()
				<-pace.C
			}
		})
	}
	return func() int {
		cancel()
		wg.Wait()
		return n
	}
}
