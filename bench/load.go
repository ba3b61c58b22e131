package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// measurement is what one load of one target showed.
type measurement struct {
	rate           float64 // requests a second at full load
	p50, p99, p999 time.Duration
	// The server's CPU time a request, at full load and at a rate that all
	// servers can hold.
	fullMicros, cpuMicros float64
}

// traffic is what is asked. request returns the bytes of the n-th request; seen
// is told where answers redirect to, and nil hears nothing. Both are called from
// all connections at once.
type traffic struct {
	request func(n int) []byte
	seen    func(location []byte)
}

// job is a load: count requests over keep-alive connections, one at a time on
// each, as fast as the answers come or at a rate a second. They are counted
// from first.
type job struct {
	traffic
	addr                            string
	connections, count, first, rate int
}

// load does a job and waits for all answers.
func load(ctx context.Context, j job) (measurement, error) {
	var next atomic.Int64
	latencies := make([]time.Duration, j.count)
	errs := make([]error, j.connections)
	var done sync.WaitGroup
	start := time.Now()
	for i := range j.connections {
		done.Go(func() {
			errs[i] = drive(ctx, j.addr, func() ([]byte, *time.Duration) {
				n := int(next.Add(1)) - 1
				if n >= j.count {
					return nil, nil
				}
				if j.rate > 0 {
					time.Sleep(time.Until(start.Add(time.Duration(n) * time.Second / time.Duration(j.rate))))
				}
				return j.request(j.first + n), &latencies[n]
			}, j.seen)
		})
	}
	done.Wait()
	took := time.Since(start)
	if err := errors.Join(errs...); err != nil {
		return measurement{}, err
	}
	slices.Sort(latencies)
	at := func(q float64) time.Duration { return latencies[int(q*float64(j.count-1))] }
	return measurement{rate: float64(j.count) / took.Seconds(), p50: at(.5), p99: at(.99), p999: at(.999)}, nil
}

// drive is one connection: it sends what next returns until that is nil.
func drive(ctx context.Context, addr string, next func() ([]byte, *time.Duration), seen func(location []byte)) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	r := bufio.NewReaderSize(conn, 16<<10)
	for {
		request, latency := next()
		if request == nil {
			return nil
		}
		start := time.Now()
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := readAnswer(r, seen); err != nil {
			return err
		}
		*latency = time.Since(start)
	}
}

var contentLength, locationName = []byte("content-length:"), []byte("location:")

// readAnswer reads one answer and tells where it redirects to. One that is no redirect, pixel or page of ours
// is an error: a server that fails fast must not look fast.
func readAnswer(r *bufio.Reader, seen func(location []byte)) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || line[9] != '3' && line[9] != '2' {
		return fmt.Errorf("answer %q", line)
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if seen != nil && len(line) > len(locationName) && bytes.EqualFold(line[:len(locationName)], locationName) {
			seen(line[len(locationName):])
		}
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):])))
			if err != nil {
				return err
			}
		}
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return err
}
