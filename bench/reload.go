package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
)

// The size of the config that reloads are measured on.
const (
	manyOffers = 100_000
	manyGroups = 10_000
)

// reloads measures what a change of a large config costs: a start with it, one
// changed offer, and a stream of changes under load.
func reloads(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "clickgate-reload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%s\n%d offers with a landing page each, %d filter groups; %s\n\n", machine(), manyOffers, manyGroups, pinSelf())
	r, err := newReload(ctx, dir, o)
	if err != nil {
		return err
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	defer func() { r.server.stop() }()
	if err := r.single(ctx); err != nil {
		return err
	}
	return r.stream(ctx, o)
}

// reload is a server with a large config, and the key to change it.
type reload struct {
	binary, home, boot string
	edge, control, ops string
	key                string
	server             *server
}

// newReload fills a data folder with the large config.
func newReload(ctx context.Context, dir string, o options) (*reload, error) {
	r := &reload{binary: o.binary, home: dir, boot: filepath.Join(dir, "boot.yaml")}
	for _, addr := range []*string{&r.edge, &r.control, &r.ops} {
		var err error
		if *addr, err = freeAddr(); err != nil {
			return nil, err
		}
	}
	if err := writeClickgateConfig(dir, r.boot, r.edge, false, manyDocuments()); err != nil {
		return nil, err
	}
	first, err := r.launch(ctx, "--apply", filepath.Join(dir, "documents.yaml"))
	if err != nil {
		return nil, err
	}
	defer first.stop()
	if err := r.awaitReady(ctx); err != nil {
		return nil, err
	}
	_, key, found := strings.Cut(first.log.String(), "admin API key: ")
	if !found {
		return nil, fmt.Errorf("no key in what clickgate printed:\n%s", first.log)
	}
	r.key = strings.Fields(key)[0]
	// From now on the documents are in the store.
	return r, writeClickgateConfig(dir, r.boot, r.edge, false, "")
}

func manyDocuments() string {
	var docs strings.Builder
	docs.WriteString(documents)
	writeOffers(&docs, manyOffers)
	for n := 1; n <= manyGroups; n++ {
		fmt.Fprintf(&docs, "---\n{kind: filter_group, id: group-%[1]d, organization: bench, integration: bench, name: Group %[1]d, active: true, priority: %[1]d, offer_ids: ['%[1]d'], filters: [{type: BOT, target: click}, {type: VPN, target: click}]}\n", n)
	}
	return docs.String()
}

func (r *reload) launch(ctx context.Context, more ...string) (*server, error) {
	args := append([]string{
		"serve", "--config", r.boot, "--data-dir", filepath.Join(r.home, "data"),
		"--ops-listen", r.ops, "--control-listen", r.control,
	}, more...)
	return startServer(ctx, r.edge, false, r.binary, args...)
}

// start measures a start with the config in the store.
func (r *reload) start(ctx context.Context) error {
	began := time.Now()
	s, err := r.launch(ctx)
	if err != nil {
		return err
	}
	r.server = s
	if err := r.awaitReady(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	resident, err := residentOf(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Printf("start to serving: %.2f s (target 3); memory then %d MiB\n", took.Seconds(), resident>>20)
	return nil
}

// awaitReady waits until the node serves a config.
func (r *reload) awaitReady(ctx context.Context) error {
	for ; ; time.Sleep(10 * time.Millisecond) {
		resp, err := http.Get("http://" + r.ops + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// changes counts the changes that were made.
var changes int

// change gives offer 1's landing page another target and waits for the answer.
func (r *reload) change(ctx context.Context) (target string, err error) {
	changes++
	target = "https://shop.example/changed/" + strconv.Itoa(changes)
	body, err := json.Marshal(map[string]string{"name": "Page 1", "redirect_url": target})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch,
		"http://"+r.control+"/api/v2/integrations/bench/offers/offer-1/landing-pages/page-1", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("API-KEY", r.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || resp.Header.Get("X-Config-Pending") != "") {
		err = fmt.Errorf("change: %s, pending %q: %s", resp.Status, resp.Header.Get("X-Config-Pending"), answer)
	}
	return target, err
}

var noRedirect = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// judged is where the edge sends a visitor of offer 1 now.
func (r *reload) judged(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.edge+"/click?offer_id=1&publisher_id=1", nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", uatest.Modern(rand.New(rand.NewPCG(1, 2))))
	req.Header.Set("Accept-Language", "de")
	resp, err := noRedirect.Do(req)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	return resp.Header.Get("Location"), nil
}

// single measures one change: from the request until the edge has answered a
// click by it.
func (r *reload) single(ctx context.Context) error {
	const times = 50
	var took []time.Duration
	for range times {
		began := time.Now()
		target, err := r.change(ctx)
		if err != nil {
			return err
		}
		got, err := r.judged(ctx)
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
		if !strings.HasPrefix(got, target) {
			return fmt.Errorf("after the answer to its change a click went to %q, want %q", got, target)
		}
	}
	slices.Sort(took)
	fmt.Printf("one change, from the request to a click judged by it: median %.1f ms, slowest %.1f ms (target 50)\n",
		ms(took[times/2]), ms(took[times-1]))
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// stream compares clicks with and without 20 changes a second.
func (r *reload) stream(ctx context.Context, o options) error {
	const pace, rate = time.Second / 20, 2000
	request := visitors()
	var quiet, busy, ratios []float64
	var cost []time.Duration
	for round := range o.rounds {
		for _, stream := range []bool{false, true} {
			before, err := r.server.cpu()
			if err != nil {
				return err
			}
			m, made, err := r.under(ctx, job{addr: r.edge, traffic: traffic{request: request}, connections: 16, count: 5 * rate, first: round * rate, rate: rate}, stream, pace)
			if err != nil {
				return err
			}
			after, err := r.server.cpu()
			if err != nil {
				return err
			}
			if !stream {
				quiet, cost = append(quiet, ms(m.p99)), append(cost, before-after)
				continue
			}
			busy = append(busy, ms(m.p99))
			ratios = append(ratios, busy[round]/quiet[round])
			fmt.Printf("round %d: p99 quiet %.2f ms, with %d changes %.2f ms (%.2f times); a change costs %.1f ms of CPU\n",
				round+1, quiet[round], made, busy[round], ratios[round], ms(cost[round]+after-before)/float64(made))
		}
	}
	slices.Sort(ratios)
	fmt.Printf("p99 with 20 changes a second: %.2f times that of quiet (median, target 1.1); no request failed\n", ratios[len(ratios)/2])
	return nil
}

// under does a job, with changes beside it when stream is set.
func (r *reload) under(ctx context.Context, j job, stream bool, pace time.Duration) (m measurement, made int, err error) {
	if !stream {
		m, err = load(ctx, j)
		return m, 0, err
	}
	streaming, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	var failed error
	wg.Go(func() {
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for {
			select {
			case <-streaming.Done():
				return
			case <-tick.C:
			}
			if _, err := r.change(ctx); err != nil {
				failed = err
				return
			}
			made++
		}
	})
	m, err = load(ctx, j)
	stop()
	wg.Wait()
	return m, made, errors.Join(err, failed)
}

func residentOf(pid int) (bytes int64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(status))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
