package jetstream

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

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
				away := l.Stats().Acknowledged
				srv = child(t, dir, port)
				until(t, "recovery", func() bool { s := l.Stats(); return s.Well && s.SpoolBytes == 0 && s.Acknowledged > away+500 })
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
