package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/natsrv"
)

// elsewhere is a NATS server outside the node, in this process. It stops and
// comes back on its port and folder.
type elsewhere struct {
	t    *testing.T
	dir  string
	port int
	*natsrv.Server
}

func startNATS(t *testing.T) *elsewhere {
	t.Helper()
	s := &elsewhere{t: t, dir: t.TempDir()}
	s.up()
	t.Cleanup(s.down)
	return s
}

func (s *elsewhere) up() {
	s.t.Helper()
	server, err := natsrv.Start(natsrv.Options{DataDir: s.dir, Port: s.port})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Server = server
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL(), "nats://"), ":")
	if s.port, err = strconv.Atoi(port); err != nil {
		s.t.Fatalf("the server's address is %s: %v", server.URL(), err)
	}
}

// down stops the server if it runs.
func (s *elsewhere) down() {
	if s.Server != nil {
		s.Shutdown()
		s.Server = nil
	}
}

// host is the server's address.
func (s *elsewhere) host() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

// url is an address with the server's token.
func (s *elsewhere) url(host string) string {
	s.t.Helper()
	token, err := os.ReadFile(filepath.Join(s.dir, "nats.token"))
	if err != nil {
		s.t.Fatal(err)
	}
	u := url.URL{Scheme: "nats", User: url.User(strings.TrimSpace(string(token))), Host: host}
	return u.String()
}

// startAt starts a demo whose event log and config are elsewhere, behind host.
func (s *elsewhere) startAt(dir, host string) *node {
	s.t.Helper()
	n := startDemo(s.t, dir, "--nats-url", s.url(host))
	n.at = append(n.at, "--nats-url", s.url(s.host()))
	return n
}
