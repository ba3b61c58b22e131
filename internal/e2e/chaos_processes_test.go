package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/natsrv"
)

// process is one of several that make up a network. It can be killed and comes
// back as what it was.
type process interface {
	// up starts it; ready waits until it works.
	up()
	ready()
	kill()
}

// natsFolder names a folder and a port, in the environment of a process that is
// to be a NATS server on them.
const natsFolder = "E2E_NATS_FOLDER"

// init makes this program a NATS server where somebody wants one, which can be
// killed. It ends with whoever holds its standard input.
func init() {
	port, dir, wanted := strings.Cut(os.Getenv(natsFolder), " ")
	if !wanted {
		return
	}
	number, err := strconv.Atoi(port)
	if err == nil {
		_, err = natsrv.Start(natsrv.Options{DataDir: dir, Port: number})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// natsProcess is a NATS server in a process of its own, always on the same port.
type natsProcess struct {
	elsewhere
	cmd *exec.Cmd
	log *transcript
}

func newNATSProcess(t *testing.T) *natsProcess {
	t.Helper()
	first := startNATS(t) // chooses the port and makes the token
	p := &natsProcess{elsewhere: elsewhere{t: t, dir: first.dir, port: first.port}, log: new(transcript)}
	first.down()
	t.Cleanup(p.kill)
	return p
}

func (p *natsProcess) up() {
	p.t.Helper()
	program, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(program)
	p.cmd.Env, p.cmd.Stderr = environment(fmt.Sprintf("%s=%d %s", natsFolder, p.port, p.dir)), p.log
	if _, err = p.cmd.StdinPipe(); err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		p.t.Fatalf("start NATS: %v", err)
	}
}

func (p *natsProcess) ready() {
	p.t.Helper()
	eventually(p.t, func() string { return "NATS takes no connections: " + p.log.String() }, func() bool {
		c, err := net.Dial("tcp", p.host())
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func (p *natsProcess) kill() {
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Kill() // fails where it has ended
		_ = p.cmd.Wait()
	}
}

// roleProcess is a clickgate of one role: edge or worker.
type roleProcess struct {
	tb   testing.TB
	role string
	args []string
	// before is done before each start but the first.
	before func()
	*node
}

func newRole(tb testing.TB, role, boot, url string) *roleProcess {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), role)
	return &roleProcess{tb: tb, role: role, args: []string{"--config", boot, "--nats-url", url, "--data-dir", dir, "--node", role}}
}

// dir is its data folder.
func (p *roleProcess) dir() string { return p.args[5] }

func (p *roleProcess) up() {
	p.tb.Helper()
	if p.node != nil && p.before != nil {
		p.before()
	}
	p.node = launchAs(p.tb, p.role, nil, p.args...)
}

func (p *roleProcess) ready() {
	p.tb.Helper()
	line := p.awaitLog("serving")
	p.ops = line["ops"].(string)
	p.edge, _ = line["edge"].(string) // a worker has none
	last := ""
	eventually(p.tb, func() string { return p.role + " still answers " + last + "\n" + p.log.String() }, func() bool {
		a := p.operator("/readyz")
		last = a.body
		return a.status == http.StatusOK
	})
}
