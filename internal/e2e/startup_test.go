package e2e

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
)

func TestSecondServeOnAFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startDemo(t, dir)
	r := run(t, "serve", "--config", demoBoot, "--data-dir", dir, "--edge-listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--control-listen", "127.0.0.1:0")
	if r.status != 1 || r.crashed() {
		t.Fatalf("the second serve ends with status %d, want 1 and the reason:\n%s", r.status, r.err)
	}
	for _, want := range []string{"data folder is in use", dir, strconv.Itoa(n.cmd.Process.Pid)} {
		if !strings.Contains(r.err, want) {
			t.Errorf("the second serve does not say %q:\n%s", want, r.err)
		}
	}
	n.visit(visitor{firefox, "81.0.0.1"}, goodLink).wantRedirect(t, landing)
}

// TestTakenPortIsAnError: a start that fails half-way gives the reason.
func TestTakenPortIsAnError(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	for _, taken := range [][2]string{{n.edge, "127.0.0.1:0"}, {"127.0.0.1:0", n.ops}} {
		r := run(t, "serve", "--config", demoBoot, "--data-dir", t.TempDir(), "--edge-listen", taken[0], "--ops-listen", taken[1])
		if r.status != 1 || !strings.Contains(r.err, "address already in use") || r.crashed() {
			t.Errorf("serve on taken %q ends with status %d, want 1 and the reason:\n%s", taken, r.status, r.err)
		}
	}
}

// TestCommandsWithoutAServer: a person who forgot to start it is told so.
func TestCommandsWithoutAServer(t *testing.T) {
	t.Parallel()
	dir, away := t.TempDir(), closedPort(t)
	for _, where := range []struct{ flag, value, want string }{
		{"--data-dir", dir, fmt.Sprintf("no server runs on data folder %q", dir)},
		{"--nats-url", "nats://" + away, away},
	} {
		for _, args := range [][]string{{"tail"}, {"apply", "-f", demoDocuments}} {
			r := run(t, append(args, where.flag, where.value)...)
			if r.status != 1 || !strings.Contains(r.err, where.want) {
				t.Errorf("%s %s without a server ends with status %d and says %q, want 1 and %q", args[0], where.flag, r.status, r.err, where.want)
			}
		}
	}
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

// TestPrecedence: flags win over the environment, which wins over the file.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	boot, _ := writeOwnBoot(t)
	appendTo(t, boot, "node: file\n")
	tests := []struct {
		want string
		env  []string
		args []string
	}{
		{want: "file"},
		{want: "environment", env: []string{"CLICKGATE_NODE=environment"}},
		{want: "flag", env: []string{"CLICKGATE_NODE=environment"}, args: []string{"--node", "flag"}},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		n := launch(t, append(tt.env, "CLICKGATE_CONFIG="+boot, "CLICKGATE_DATA_DIR="+dir), tt.args...)
		n.at = []string{"--data-dir", dir}
		n.awaitReady()
		n.visit(visitor{firefox, "81.0.0.1"}, goodLink)
		if got := n.logged(t).Node; got != tt.want {
			t.Errorf("with the environment %q and the flags %q the node is called %q, want %q", tt.env, tt.args, got, tt.want)
		}
	}
}
