// Package natstest has what tests with a NATS server share.
package natstest

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Server is an embedded server with JetStream, open to everybody on the
// loopback, that can be stopped and started again on its port and folder.
type Server struct {
	tb      testing.TB
	options server.Options
	nats    *server.Server
}

// Start starts a server that stops with the test. Settings may change its
// options.
func Start(tb testing.TB, settings ...func(*server.Options)) *Server {
	tb.Helper()
	s := &Server{tb: tb, options: server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT,
		JetStream: true, StoreDir: filepath.Join(tb.TempDir(), "js"), NoLog: true, NoSigs: true,
	}}
	for _, set := range settings {
		set(&s.options)
	}
	s.Start()
	tb.Cleanup(s.Stop)
	return s
}

// Start starts a server that was stopped.
func (s *Server) Start() {
	s.tb.Helper()
	options := s.options
	n, err := server.NewServer(&options)
	if err != nil {
		s.tb.Fatal(err)
	}
	n.Start()
	if !n.ReadyForConnections(10 * time.Second) {
		s.tb.Fatal("the NATS server does not start")
	}
	s.nats, s.options.Port = n, n.Addr().(*net.TCPAddr).Port
}

// Stop stops the server and waits for its end.
func (s *Server) Stop() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
}

// Connect returns a client of its own, which comes back soon after the server
// does and ends with the test.
func (s *Server) Connect() *nats.Conn {
	s.tb.Helper()
	nc, err := nats.Connect(fmt.Sprintf("nats://127.0.0.1:%d", s.options.Port),
		nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(0, 0),
		nats.RetryOnFailedConnect(true))
	if err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(nc.Close)
	return nc
}

// JetStream returns the JetStream of a client of its own.
func (s *Server) JetStream() jetstream.JetStream {
	s.tb.Helper()
	js, err := jetstream.New(s.Connect())
	if err != nil {
		s.tb.Fatal(err)
	}
	return js
}

// Remake makes a stream that was just deleted. The server refuses that while
// it still clears the old one's folder away.
func Remake(tb testing.TB, remake func() error) {
	tb.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); ; <-tick.C {
		err := remake()
		if err == nil {
			return
		}
		var refused *jetstream.APIError
		if !errors.As(err, &refused) || refused.ErrorCode != storeRefused || time.Now().After(deadline) {
			tb.Fatal(err)
		}
	}
}

// storeRefused is the server's JSStreamCreateErrF.
const storeRefused = 10049
