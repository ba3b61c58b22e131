// Package serve is the listener of the control API: HTTP with sane limits, and
// TLS whose certificate may be renewed while it runs.
package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Settings say where to listen and with which certificate.
type Settings struct {
	// Listen is host:port.
	Listen string
	// Cert and Key are PEM files; empty serves without TLS.
	Cert, Key string
}

// The time a client may take.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = time.Minute
	idleTime   = 2 * time.Minute
	largest    = 64 << 10 // bytes of headers
)

// Server serves one handler on one address.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// Listen opens the listener: a certificate that cannot be read or a port that
// is taken is told at once.
func Listen(s Settings, handler http.Handler, log *zap.Logger) (*Server, error) {
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, err
	}
	server := &Server{listener: l, http: &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: largest, ErrorLog: zap.NewStdLog(log),
	}}
	if s.Cert == "" {
		return server, nil
	}
	c := &certificate{cert: s.Cert, key: s.Key, log: log}
	if err := c.load(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	server.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
	server.listener = tls.NewListener(l, server.http.TLSConfig)
	return server, nil
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Loopback tells whether only this machine reaches the server.
func (s *Server) Loopback() bool {
	a, ok := s.listener.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// Serve answers until Shutdown; its error says why it could not go on.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown takes no new requests and lets those under way finish, as long as
// ctx lasts.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

// certificate is a pair of files that is read again when one of them changes.
type certificate struct {
	cert, key string
	log       *zap.Logger

	mu      sync.Mutex
	current *tls.Certificate
	// stamp is the state of the files that current or the last failure came
	// from, looked at when checked.
	stamp   [2]time.Time
	checked time.Time
}

// checkEvery bounds how often the files are looked at.
const checkEvery = time.Second

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("control.tls_cert %q with control.tls_key %q: %w", c.cert, c.key, err)
	}
	c.current, c.stamp = &pair, c.times()
	return nil
}

func (c *certificate) times() (t [2]time.Time) {
	for i, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			t[i] = info.ModTime()
		}
	}
	return t
}

// get is the certificate for a handshake. A pair that cannot be read is told
// once, and the former one serves on.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if now.Sub(c.checked) < checkEvery {
		return c.current, nil
	}
	c.checked = now
	stamp := c.times()
	if stamp == c.stamp {
		return c.current, nil
	}
	if err := c.load(); err != nil {
		c.stamp = stamp
		c.log.Error("the changed certificate is refused; the former one serves on", zap.Error(err))
		return c.current, nil
	}
	c.log.Info("certificate reloaded", zap.String("file", c.cert))
	return c.current, nil
}
