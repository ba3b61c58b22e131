package jetstream

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// BenchmarkEndToEnd is the price of an event in CPU time of the whole process,
// server included: row, block, JetStream. 64 visitors at a time; each does the
// given work of his own for an event, as a request handler would.
func BenchmarkEndToEnd(b *testing.B) {
	for _, work := range []time.Duration{0, 20 * time.Microsecond} {
		for _, fast := range []bool{true, false} {
			for _, tcp := range []bool{false, true} {
				name := fmt.Sprintf("work=%v/fast=%v/tcp=%v", work, fast, tcp)
				b.Run(name, func(b *testing.B) { endToEnd(b, work, events.Options{Node: "n1", Fast: fast}, tcp) })
			}
		}
	}
}

func endToEnd(b *testing.B, work time.Duration, opt events.Options, tcp bool) {
	srv := start(b, natsrv.Options{DataDir: b.TempDir()})
	defer srv.Shutdown()
	connect := srv.Connect
	if tcp {
		connect = srv.ConnectLoopback
	}
	nc, err := connect("bench", nil)
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
	l := events.New(p, opt)

	var left, waited atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	cpu := processCPU(b)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			c := benchClick()
			var buf []byte
			for left.Add(-1) >= 0 {
				runtime.Gosched() // as a read from the network would
				spin(work)
				buf = events.AppendRow(buf[:0], c, events.Meta{ConfigVersion: "c1", Node: "n1"})
				begin := time.Now()
				l.Append(events.Click, buf).Wait()
				waited.Add(int64(time.Since(begin)))
			}
		})
	}
	wg.Wait()
	closeLog(b, l)
	spent := processCPU(b) - cpu
	b.StopTimer()
	s := l.Stats()
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/1000, "cpu-us/event")
	b.ReportMetric(float64(b.N)/float64(max(s.Blocks, 1)), "events/block")
	b.ReportMetric(float64(waited.Load())/float64(b.N)/1000, "wait-us/event")
	b.ReportMetric(float64(s.AnsweredBeforeAck), "early")
}

func benchClick() *click.Click {
	c := &click.Click{
		TimeMS: 1767225599042, UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
		Referer: "https://blog.example/article", AcceptLanguage: "de-DE,de;q=0.9,en;q=0.8", Offer: "1", Publisher: "1",
		Link: click.Link{IntegrationID: "demo", OrganizationID: "org", OfferID: "o1", OfferName: "Demo", OfferNumber: "1", PublisherName: "Blog"},
		Geo:  click.Geo{Country: "DE", City: "Berlin", ISP: "Example", ASN: 64500},
	}
	c.SubID[0] = "campaign-7"
	copy(c.TxID[:], "0190a1b2c3d4e5f60718293a4b5c6d7e")
	return c
}

// spin uses the processor for about d.
func spin(d time.Duration) {
	for end := time.Now().Add(d); d > 0 && time.Now().Before(end); {
	}
}

func processCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
