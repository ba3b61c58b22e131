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
	only                          string
	binary                        string
	floor                         string
	profiles                      string
}

func main() {
	var o options
	flag.IntVar(&o.requests, "requests", 60_000, "requests a measurement")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds; every target is measured once in each")
	flag.IntVar(&o.connections, "connections", 64, "connections at once")
	flag.StringVar(&o.only, "only", "", "measure only targets whose name contains one of these words (comma-separated)")
	flag.StringVar(&o.binary, "clickgate", "bin/clickgate", "the binary to measure")
	flag.StringVar(&o.profiles, "profiles", "", "folder for CPU profiles of clickgate, one a measurement")
	flag.StringVar(&o.floor, "floor", "", "be a bare server: fasthttp or nethttp (used by the bench itself)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if o.floor != "" {
		err = serveFloor(o.floor)
	} else {
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
	fmt.Printf("%s\n%d connections, %d requests a measurement, %d rounds; %s\n\n",
		machine(), o.connections, o.requests, o.rounds, pinned)
	t := newTable(targets)
	for round := range o.rounds {
		for _, target := range targets {
			m, err := measure(ctx, target, o)
			if err != nil {
				return fmt.Errorf("%s: %w", target.name, err)
			}
			t.add(target.name, m)
			fmt.Fprintf(os.Stderr, "round %d: %-34s %7.0f req/s %6.2f us CPU\n", round+1, target.name, m.rate, m.cpuMicros)
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

// measure starts a target, warms it up, loads it and stops it.
func measure(ctx context.Context, t target, o options) (measurement, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	server, err := t.start(ctx)
	if err != nil {
		return measurement{}, err
	}
	defer server.stop()
	if _, err := load(ctx, server.addr, t.request, o.connections, o.requests/4, 0); err != nil {
		return measurement{}, fmt.Errorf("warm-up: %w", err)
	}
	before, err := server.cpu()
	if err != nil {
		return measurement{}, err
	}
	defer server.profile(o.profiles, t.name)()
	m, err := load(ctx, server.addr, t.request, o.connections, o.requests, o.requests/4)
	if err != nil {
		return measurement{}, err
	}
	after, err := server.cpu()
	if err != nil {
		return measurement{}, err
	}
	m.cpuMicros = float64((after - before).Nanoseconds()) / 1e3 / float64(o.requests)
	return m, nil
}
