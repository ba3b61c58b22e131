package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

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

// url is the server's address with the token.
func (s *elsewhere) url() string {
	s.t.Helper()
	token, err := os.ReadFile(filepath.Join(s.dir, "nats.token"))
	if err != nil {
		s.t.Fatal(err)
	}
	u := url.URL{Scheme: "nats", User: url.User(strings.TrimSpace(string(token))), Host: "127.0.0.1:" + strconv.Itoa(s.port)}
	return u.String()
}

// startAt starts a demo whose event log and config are elsewhere.
func (s *elsewhere) startAt(dir string) *node {
	s.t.Helper()
	n := startDemo(s.t, dir, "--nats-url", s.url())
	n.at = append(n.at, "--nats-url", s.url())
	return n
}

// awaitSpooling waits until events wait on disk.
func (n *node) awaitSpooling() {
	n.tb.Helper()
	n.awaitMetric("clickgate_events_spool_bytes", "above 0", func(v float64) bool { return v > 0 })
}

func TestLogAway(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	n := s.startAt(t.TempDir())
	l := startLoad(n, usual)
	l.awaitMore(200)

	s.down()
	away := time.Now()
	l.awaitMore(200)
	n.awaitSpooling()
	l.awaitMore(200)
	back := time.Now()
	s.up()

	l.awaitMore(200)
	n.awaitDelivery()
	l.awaitMore(50)
	outcomes := l.end()
	wantAnswers(t, outcomes)
	n.awaitDelivery()
	if took := median(during(outcomes, away, back)); took >= answerWithin {
		t.Errorf("while the log was away half of the answers took %s or more, want less than %s: visitors do not wait for it", took, answerWithin)
	}
	if lost := n.metric("clickgate_events_lost_total"); lost != 0 {
		t.Errorf("clickgate_events_lost_total is %v, want 0", lost)
	}
	wantInLog(t, n.events(), outcomes)
}

// TestStartWhileLogIsAway: a node comes up from its own disk, twice, and what
// happened meanwhile is delivered once NATS is back.
func TestStartWhileLogIsAway(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	dir := t.TempDir()
	n := s.startAt(dir)
	l := startLoad(n, usual)
	l.awaitMore(50)
	outcomes := l.end()
	n.stop()
	s.down()

	for range 2 {
		n = s.startAt(dir)
		if version := n.metric("clickgate_config_version"); version != 1 {
			t.Errorf("without NATS version %v serves, want the last good one, 1", version)
		}
		l = startLoad(n, usual)
		l.awaitMore(200)
		outcomes = append(outcomes, l.end()...)
		n.awaitSpooling()
		n.stop()
	}
	n = s.startAt(dir)
	n.awaitSpooling() // what the last run left
	s.up()
	n.awaitDelivery()
	wantAnswers(t, outcomes)
	log := n.events()
	wantInLog(t, log, outcomes)
	if len(log) != len(outcomes) {
		t.Errorf("the log holds %d events, want one for each of %d clicks", len(log), len(outcomes))
	}
}
