package jetstream

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// BenchmarkClaim is the price of a recorded conversion in CPU time of the whole
// process, server and the log's sourcing included: a row of 2 KB under one key
// or two, 32 callers at a time.
func BenchmarkClaim(b *testing.B) {
	for _, keys := range []int{1, 2} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) { benchClaim(b, keys) })
	}
}

func benchClaim(b *testing.B, keys int) {
	srv := start(b, natsrv.Options{DataDir: b.TempDir()})
	defer srv.Shutdown()
	nc, err := srv.Connect("bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	js := stream(b, nc, Config{})
	c := newClaims(b, nc)
	ctx := b.Context()
	row := events.AppendRow(nil, benchClick(), events.Meta{ConfigVersion: "c1", Node: "n1"})
	var next atomic.Int64
	b.ResetTimer()
	cpu := processCPU(b)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				claim := &events.Claim{TxID: txID(int(i)), Kind: events.Conversion}
				claim.Line = fmt.Appendf(nil, "{\"tx_id\":%q,%s", claim.TxID, row[1:])
				for k := range keys {
					claim.Keys = append(claim.Keys, events.ClaimKey("bench", fmt.Sprint(i), fmt.Sprint(k)))
				}
				if recorded, _, err := c.Record(ctx, claim); !recorded || err != nil {
					b.Errorf("claim %d: %v, %v", i, recorded, err)
				}
			}
		})
	}
	wg.Wait()
	sourced(b, js)
	spent := processCPU(b) - cpu
	b.StopTimer()
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/1000, "cpu-us/claim")
}
