// Command bench measures what a click costs: clickgate with its full work
// against bare servers, in one run on one machine. It prints rates, latencies
// and the server's CPU time a request, and the ratios to the bare servers:
// ratios hold where a machine's speed drifts, absolute figures do not.
//
//	go run ./bench [-requests N] [-rounds N] [-only NAME,...]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

type options struct {
	requests, rounds, connections int
	rate                          int
	only                          string
	binary                        string
	floor                         string
	profiles                      string
	reload                        bool
	judgement, verbose, heldOut   bool
	data, sets, botPatterns       string
	conversions                   bool
	clicks                        int
	storeDir                      string
}

func main() {
	var o options
	flag.IntVar(&o.requests, "requests", 60_000, "requests a measurement")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds; every target is measured once in each")
	flag.IntVar(&o.connections, "connections", 64, "connections at once")
	flag.IntVar(&o.rate, "rate", 15_000, "requests a second at which CPU time is compared")
	flag.StringVar(&o.only, "only", "", "measure only targets whose name contains one of these words (comma-separated)")
	flag.StringVar(&o.binary, "clickgate", "bin/clickgate", "the binary to measure")
	flag.StringVar(&o.profiles, "profiles", "", "folder for CPU profiles of clickgate, one a measurement")
	flag.StringVar(&o.floor, "floor", "", "be a bare server: fasthttp or nethttp (used by the bench itself)")
	flag.BoolVar(&o.reload, "reload", false, "measure changes of a large config instead")
	flag.BoolVar(&o.judgement, "judgement", false, "judge labelled user agents instead, and print who was taken for whom")
	flag.StringVar(&o.data, "data", "../shared/data", "folder of the public data sets, for -judgement")
	flag.StringVar(&o.sets, "sets", "", "judge every .jsonl and .jsonl.gz file of this folder instead of the public sets: lines with ua and label (bot or human)")
	flag.StringVar(&o.botPatterns, "patterns", "", "files of bot patterns to judge with (comma-separated)")
	flag.BoolVar(&o.conversions, "conversions", false, "measure the click store instead: a synthetic one, and look-ups in it")
	flag.IntVar(&o.clicks, "clicks", 100_000_000, "clicks in the store, for -conversions")
	flag.StringVar(&o.storeDir, "store-dir", "", "folder for the store, for -conversions; empty is the system's for temporary files")
	flag.BoolVar(&o.verbose, "v", false, "print the misjudged user agents, of the tune part only")
	flag.BoolVar(&o.heldOut, "held-out", false, "with -v, those of the hold-out as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case o.floor != "":
		err = serveFloor(o.floor)
	case o.judgement:
		err = judgement(os.Stdout, o)
	case o.conversions:
		err = conversions(ctx, o)
	case o.reload:
		err = reloads(ctx, o)
	default:
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures every target once a round, in turn, so that a drift of the
// machine's speed meets all of them alike.
func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "clickgate-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	targets, err := allTargets(dir, o)
	if err != nil {
		return err
	}
	pinned := pinSelf()
	fmt.Printf("%s\n%d connections, %d requests a measurement, %d rounds; %s\nCPU time and its ratios at %d requests a second\n\n",
		machine(), o.connections, o.requests, o.rounds, pinned, o.rate)
	t := newTable(targets)
	for round := range o.rounds {
		for _, target := range targets {
			m, err := measure(ctx, target, o)
			if err != nil {
				return fmt.Errorf("%s: %w", target.name, err)
			}
			t.add(target.name, m)
			fmt.Fprintf(os.Stderr, "round %d: %-34s %7.0f req/s %6.2f us CPU, %6.2f at %d req/s\n", round+1, target.name, m.rate, m.fullMicros, m.cpuMicros, o.rate)
		}
	}
	t.print(os.Stdout)
	return nil
}

func wanted(name, only string) bool {
	if only == "" {
		return true
	}
	for _, word := range strings.Split(only, ",") {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// measure starts a target, warms it up, loads it and stops it. The load is
// first as fast as the server answers, for rate and latency, and then at one
// rate for all servers, for the CPU time a request: what sending and receiving
// cost depends on how busy both sides are, so only equal loads can be compared.
func measure(ctx context.Context, t target, o options) (measurement, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	asked := t.requests()
	server, err := t.start(ctx)
	if err != nil {
		return measurement{}, err
	}
	defer server.stop()
	j := job{addr: server.addr, traffic: asked, connections: o.connections, count: o.requests / 4}
	if _, err := load(ctx, j); err != nil {
		return measurement{}, fmt.Errorf("warm-up: %w", err)
	}
	j.first, j.count = j.count, o.requests
	m, full, err := server.costOf(ctx, j)
	if err != nil {
		return m, err
	}
	defer server.profile(o.profiles, t.name, max(1, o.requests/o.rate))()
	j.first, j.rate = j.first+j.count, o.rate
	_, paced, err := server.costOf(ctx, j)
	m.fullMicros, m.cpuMicros = full, paced
	return m, err
}

// costOf does a job and returns the server's CPU time a request in
// microseconds.
func (s *server) costOf(ctx context.Context, j job) (measurement, float64, error) {
	before, err := s.cpu()
	if err != nil {
		return measurement{}, 0, err
	}
	m, err := load(ctx, j)
	if err != nil {
		return m, 0, err
	}
	after, err := s.cpu()
	return m, float64((after - before).Nanoseconds()) / 1e3 / float64(j.count), err
}
