package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// node is a running "clickgate serve".
type node struct {
	tb   testing.TB
	edge string // address of the visitors' listener
	ops  string // address of the operators' listener
	// at are the flags by which commands find the node.
	at  []string
	log *transcript // standard error
	out *transcript

	cmd  *exec.Cmd
	gone chan struct{} // closed when the process has ended
}

// startDemo starts the demo on a data folder.
func startDemo(tb testing.TB, dir string, args ...string) *node {
	tb.Helper()
	return start(tb, dir, append([]string{"--config", demoBoot}, args...)...)
}

// start starts a node and returns when it is ready. The node is killed at the
// end of the test.
func start(tb testing.TB, dir string, args ...string) *node {
	tb.Helper()
	n := launch(tb, nil, append(args, "--data-dir", dir)...)
	n.at = []string{"--data-dir", dir}
	n.awaitReady()
	return n
}

// launch starts a node without waiting for anything. The log tells which free
// ports it got.
func launch(tb testing.TB, env []string, args ...string) *node {
	tb.Helper()
	return launchAs(tb, "serve", env, args...)
}

// launchAs starts a node in a role: serve, edge or control.
func launchAs(tb testing.TB, role string, env []string, args ...string) *node {
	tb.Helper()
	args = append([]string{role, "--edge-listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--control-listen", "127.0.0.1:0", "--log-format", "json"}, args...)
	n := &node{tb: tb, log: new(transcript), out: new(transcript), cmd: exec.Command(binary, args...), gone: make(chan struct{})}
	n.cmd.Env, n.cmd.Stdout, n.cmd.Stderr = environment(env...), n.out, n.log
	if err := n.cmd.Start(); err != nil {
		tb.Fatalf("start clickgate: %v", err)
	}
	go func() {
		_ = n.cmd.Wait() // exitStatus has it
		close(n.gone)
	}()
	tb.Cleanup(n.bury)
	return n
}

// bury ends the process and looks for what no node may ever say.
func (n *node) bury() {
	n.kill()
	for _, sign := range []string{"DATA RACE", "BUG:", "panic:", "goroutine 1 ["} {
		if log := n.log.String(); strings.Contains(log, sign) {
			n.tb.Errorf("clickgate said %q:\n%s", sign, log)
		}
	}
}

// awaitReady waits until the node serves a config.
func (n *node) awaitReady() {
	n.tb.Helper()
	line := n.awaitLog("serving")
	n.edge, n.ops = line["edge"].(string), line["ops"].(string)
	last := ""
	eventually(n.tb, func() string { return "/readyz still answers " + last }, func() bool {
		a := n.operator("/readyz")
		last = a.body
		return a.status == http.StatusOK
	})
}

// awaitLog waits for a line of the node's log and returns its fields.
func (n *node) awaitLog(message string) (fields map[string]any) {
	n.tb.Helper()
	eventually(n.tb, func() string { return "clickgate's log lacks " + message + ":\n" + n.log.String() }, func() bool {
		fields = n.log.find(message)
		if fields == nil && n.ended() {
			n.tb.Fatalf("clickgate ended with status %d before it said %q:\n%s", n.exitStatus(), message, n.log)
		}
		return fields != nil
	})
	return fields
}

func (n *node) ended() bool {
	select {
	case <-n.gone:
		return true
	default:
		return false
	}
}

func (n *node) signal(s os.Signal) {
	n.tb.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.tb.Fatalf("send %v to clickgate: %v", s, err)
	}
}

// kill ends the process as a crash would.
func (n *node) kill() {
	_ = n.cmd.Process.Kill() // fails where it has ended
	<-n.gone
}

// stop ends the node in good order.
func (n *node) stop() {
	n.tb.Helper()
	n.signal(syscall.SIGTERM)
	if code := n.exitStatus(); code != 0 {
		n.tb.Errorf("clickgate ended with status %d after SIGTERM, want 0:\n%s", code, n.log)
	}
}

// exitStatus waits for the end of the process.
func (n *node) exitStatus() int {
	n.tb.Helper()
	select {
	case <-n.gone:
		return n.cmd.ProcessState.ExitCode()
	case <-time.After(patient):
		n.tb.Fatalf("clickgate has not ended within %s:\n%s", patient, n.log)
		return 0
	}
}
