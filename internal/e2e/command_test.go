package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// result is how a command ended.
type result struct {
	status   int
	out, err string
}

// crashed tells whether a command ended in a panic, whose exit status is that
// of a mistake.
func (r result) crashed() bool { return strings.Contains(r.err, "goroutine 1 [") }

// run runs a command of clickgate to its end.
func run(tb testing.TB, args ...string) result {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(), &out, &errs
	_ = cmd.Run() // the status says it
	if ctx.Err() != nil || cmd.ProcessState == nil {
		tb.Fatalf("clickgate %q did not end within %s: %s", args, patient, errs.String())
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// run runs a command that looks for the node.
func (n *node) run(command string, args ...string) result {
	n.tb.Helper()
	return run(n.tb, slices.Concat([]string{command}, n.at, args)...)
}

// must runs a command that has to succeed and returns its output.
func (n *node) must(command string, args ...string) string {
	n.tb.Helper()
	r := n.run(command, args...)
	if r.status != 0 {
		n.tb.Fatalf("clickgate %s %q ended with status %d:\n%s", command, args, r.status, r.err)
	}
	return r.out
}

// event is what these tests look at in a row of the log.
type event struct {
	TxID    string   `json:"tx_id"`
	Status  string   `json:"status"`
	Reason  string   `json:"rejected_primary_reason"`
	All     []string `json:"rejections"`
	SubID   string   `json:"sub_id"`
	Offer   string   `json:"offer_id"`
	IP      string   `json:"click_ip"`
	Country string   `json:"country"`
	Node    string   `json:"node"`
	Version string   `json:"config_version"`
}

// events reads the log from its start to its end.
func (n *node) events(args ...string) []event {
	n.tb.Helper()
	out := n.must("tail", append([]string{"--from-start", "--no-follow", "--json"}, args...)...)
	var all []event
	for line := range bytes.Lines([]byte(out)) {
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			n.tb.Fatalf("tail --json printed %q: %v", line, err)
		}
		all = append(all, e)
	}
	return all
}
