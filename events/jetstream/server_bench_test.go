package jetstream

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// driveAddr and driveCount make the test binary a load driver: 64 connections
// to an address, so many requests in all.
const (
	driveAddr  = "CLICKGATE_TEST_DRIVE_ADDR"
	driveCount = "CLICKGATE_TEST_DRIVE_COUNT"
)

func drive(addr, count string) {
	n, _ := strconv.Atoi(count)
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() { driveOne(addr, &left) })
	}
	wg.Wait()
}

func driveOne(addr string, left *atomic.Int64) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for left.Add(-1) >= 0 {
		fmt.Fprintf(conn, "GET /click?offer_id=1 HTTP/1.1\r\nHost: go.example\r\nUser-Agent: Mozilla/5.0\r\n\r\n")
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			panic(err)
		}
		resp.Body.Close()
	}
}

// BenchmarkServer is the CPU time of a server for one click over HTTP: a bare
// handler, the log and the embedded NATS server, with 64 connections from
// another process. Safe mode is meant to cost at most 1.25 times fast mode.
func BenchmarkServer(b *testing.B) {
	for _, work := range []time.Duration{0, 10 * time.Microsecond} {
		for _, fast := range []bool{true, false} {
			b.Run(fmt.Sprintf("work=%v/fast=%v", work, fast), func(b *testing.B) { overHTTP(b, work, fast) })
		}
	}
}

func overHTTP(b *testing.B, work time.Duration, fast bool) {
	srv := start(b, natsrv.Options{DataDir: b.TempDir()})
	defer srv.Shutdown()
	nc, err := srv.Connect("bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	stream(b, nc, Config{})
	p, err := NewPublisher(nc, "n1")
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	l := events.New(p, events.Options{Node: "n1", Fast: fast})

	bufs := sync.Pool{New: func() any { return new([]byte) }}
	c := benchClick()
	web := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		spin(work)
		buf := bufs.Get().(*[]byte)
		*buf = events.AppendRow((*buf)[:0], c, events.Meta{ConfigVersion: "c1", Node: "n1"})
		t := l.Append(events.Click, *buf)
		bufs.Put(buf)
		t.Wait()
		ctx.Redirect("https://offer.example/", fasthttp.StatusFound)
	}}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(ln) }()

	b.ResetTimer()
	cpu := processCPU(b)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), driveAddr+"="+ln.Addr().String(), driveCount+"="+strconv.Itoa(b.N))
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("driver: %v: %s", err, out)
	}
	spent := processCPU(b) - cpu
	b.StopTimer()
	if err := web.Shutdown(); err != nil {
		b.Error(err)
	}
	<-served
	closeLog(b, l)
	s := l.Stats()
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/1000, "cpu-us/click")
	b.ReportMetric(float64(b.N)/float64(max(s.Blocks, 1)), "clicks/block")
	b.ReportMetric(float64(s.AnsweredBeforeAck), "early")
}
