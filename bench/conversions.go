package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/service"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// conversions measures the click store: how fast it takes clicks, what they
// cost on disk, and how long the look-up of a click among all of them takes.
func conversions(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp(o.storeDir, "clickgate-clicks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%s\n%d clicks\n\n", machine(), o.clicks)
	b := &clickBench{dir: dir, rows: newClickRows(time.Now().Add(-100*24*time.Hour).UnixMilli(), max(1, o.clicks/(90*24*3600*1000))), clicks: o.clicks}
	if err := b.fill(ctx); err != nil {
		return err
	}
	return b.ask(ctx)
}

type clickBench struct {
	dir    string
	rows   *clickRows
	clicks int
}

// linesPerBlock and blocksPerBatch are those of a busy edge and its worker.
const (
	linesPerBlock  = 64
	blocksPerBatch = 128
)

// fill stores all clicks.
func (b *clickBench) fill(ctx context.Context) error {
	s, err := store.Open(store.Options{Dir: filepath.Join(b.dir, "clicks")})
	if err != nil {
		return err
	}
	var bytes, sequence int
	var took, cpu time.Duration
	for n := 0; n < b.clicks && ctx.Err() == nil; {
		var batch []store.Block
		for len(batch) < blocksPerBatch && n < b.clicks {
			block := store.Block{Kind: events.Click, Sequence: uint64(sequence + 1), LoggedMS: time.Now().UnixMilli()}
			for i := 0; i < linesPerBlock && n < b.clicks; i++ {
				block.Data = b.rows.append(block.Data, n)
				n++
			}
			bytes += len(block.Data)
			sequence++
			batch = append(batch, block)
		}
		start, busy := time.Now(), cpuTime()
		if err := s.Apply(batch); err != nil {
			return err
		}
		took, cpu = took+time.Since(start), cpu+cpuTime()-busy
	}
	start, busy := time.Now(), cpuTime()
	if err := s.Close(); err != nil {
		return err
	}
	took, cpu = took+time.Since(start), cpu+cpuTime()-busy
	disk, files, err := folderSize(filepath.Join(b.dir, "clicks"))
	if err != nil {
		return err
	}
	n := float64(b.clicks)
	fmt.Printf("fill:   %.0f clicks a second, %.1f us CPU a click; rows of %.0f bytes\n", n/took.Seconds(), float64(cpu.Microseconds())/n, float64(bytes)/n)
	fmt.Printf("disk:   %.2f GB in %d files, %.0f bytes a click\n", float64(disk)/1e9, files, float64(disk)/n)
	return ctx.Err()
}

// ask looks up random clicks as an edge does, first with nothing in memory.
func (b *clickBench) ask(ctx context.Context) error {
	s, err := store.Open(store.Options{Dir: filepath.Join(b.dir, "clicks")})
	if err != nil {
		return err
	}
	defer s.Close()
	client, stop, err := b.serve(s)
	if err != nil {
		return err
	}
	defer stop()
	if err := dropFromMemory(b.dir); err != nil {
		return err
	}
	for i, round := range []string{"cold", "next", "warm"} {
		// The last round asks for the same clicks as the one before it.
		if err := b.round(ctx, round, client, min(i, 1)); err != nil {
			return err
		}
	}
	fmt.Printf("memory: %.0f MB resident, edge, server and worker together\n", residentMB())
	return nil
}

// serve answers from a store over NATS, in this process.
func (b *clickBench) serve(s *store.Store) (attribution.Finder, func(), error) {
	server, err := natsrv.Start(natsrv.Options{DataDir: filepath.Join(b.dir, "server")})
	if err != nil {
		return nil, nil, err
	}
	worker, err := server.Connect("worker", nil)
	if err != nil {
		return nil, nil, err
	}
	edge, err := server.Connect("edge", nil)
	if err != nil {
		return nil, nil, err
	}
	answers, err := service.Serve(worker, s, service.ServerOptions{})
	if err != nil {
		return nil, nil, err
	}
	return service.NewClient(edge), func() {
		answers.Close()
		worker.Close()
		edge.Close()
		server.Shutdown()
	}, worker.Flush()
}

// lookups is how many clicks a round asks for, one after the other.
const lookups = 10_000

func (b *clickBench) round(ctx context.Context, name string, f attribution.Finder, seed int) error {
	r := rand.New(rand.NewPCG(3, uint64(seed)))
	n := min(b.clicks, lookups)
	times := make([]time.Duration, n)
	busy := cpuTime()
	for i := range times {
		id := b.rows.id(r.IntN(b.clicks))
		start := time.Now()
		a, err := find(ctx, f, attribution.Query{ClickID: string(id[:]), Keys: []string{"0123456789abcdef0123456789abcdef"}})
		times[i] = time.Since(start)
		if err != nil {
			return err
		}
		if a.Row == nil {
			return fmt.Errorf("click %s is not found", id)
		}
	}
	cpu := (cpuTime() - busy) / time.Duration(n)
	slices.Sort(times)
	at := func(q float64) time.Duration { return times[int(q*float64(n-1))].Round(time.Microsecond) }
	fmt.Printf("%s:   p50 %v, p99 %v, p99.9 %v, most %v; %v CPU a look-up\n", name, at(.5), at(.99), at(.999), at(1), cpu.Round(time.Microsecond))
	return nil
}

// find waits longer than an edge would, so that slow answers are measured.
func find(ctx context.Context, f attribution.Finder, q attribution.Query) (attribution.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return f.Find(ctx, q)
}
