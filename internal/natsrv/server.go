// Package natsrv runs a NATS server with JetStream inside the process, in the
// data folder, and connects to it: within the process, from another process
// that knows the data folder, or to a server elsewhere.
package natsrv

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

// Options set up an embedded server.
type Options struct {
	// DataDir is the data folder. Streams live in its folder nats, the token
	// of the loopback listener in nats.token, its address in nats.json.
	DataDir string
	// Port is the loopback TCP port; 0 is any free one.
	Port int
	// SyncInterval is how often streams are flushed to the disk itself: what a
	// power failure may cost. A crash of the process costs nothing. 1 s.
	SyncInterval time.Duration
	// Name is the server's name, Domain its JetStream domain where it is a
	// leaf of a cluster. Both may be empty without a hub.
	Name, Domain string
	// Hub are the leaf node URLs of a cluster that this server joins,
	// HubCredentials a credentials file for it.
	Hub            []string
	HubCredentials string
	// Logger gets warnings and errors of the server.
	Logger *zap.Logger
}

// Server is a running server. It is the only one on its data folder. When a
// write fails, as on a full disk, it starts itself again as soon as the folder
// takes writes; connections come back by themselves.
type Server struct {
	nats atomic.Pointer[server.Server] // the present one
	opt  Options
	lock *os.File
	// token is what clients of the loopback listener must show.
	token string

	once   sync.Once
	quit   chan struct{} // closed by Shutdown
	mended chan struct{} // closed when nobody mends any more
}

// startPatience is how long a server may take to recover its streams.
const startPatience = time.Minute

// Start starts a server and returns when it takes connections. The error is
// ErrInUse where another process runs on the data folder.
func Start(opt Options) (*Server, error) {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if err := os.MkdirAll(opt.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	lock, err := lockDir(opt.DataDir)
	if err != nil {
		return nil, err
	}
	s := &Server{opt: opt, lock: lock, quit: make(chan struct{}), mended: make(chan struct{})}
	s.token, err = loadToken(opt.DataDir)
	if err == nil {
		err = s.start()
	}
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("start embedded nats server: %w", err)
	}
	go s.mend()
	return s, nil
}

// start starts a server, which from the second on listens where the first did.
func (s *Server) start() error {
	conf, err := s.config()
	if err != nil {
		return err
	}
	n, err := server.NewServer(conf)
	if err != nil {
		return err
	}
	log := logger{to: s.opt.Logger.Named("nats").Sugar(), fatal: make(chan string, 1)}
	n.SetLoggerV2(log, false, false, false)
	n.Start()
	err = s.ready(n, log.fatal)
	if err == nil {
		err = writeAddress(s.opt.DataDir, n.ClientURL())
	}
	if err != nil {
		n.Shutdown()
		n.WaitForShutdown()
		return err
	}
	s.opt.Port = n.Addr().(*net.TCPAddr).Port
	s.nats.Store(n)
	return nil
}

// ready waits until a server takes connections or gives up.
func (s *Server) ready(n *server.Server, fatal <-chan string) error {
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); {
		select {
		case reason := <-fatal:
			return errors.New(reason)
		case <-s.quit:
			return errors.New("shut down meanwhile")
		default:
		}
		if n.ReadyForConnections(100 * time.Millisecond) {
			return nil
		}
	}
	return fmt.Errorf("not ready after %v", startPatience)
}

// noLimit is more than any disk holds: streams are bounded one by one, and a
// server-wide bound would refuse to make a stream on a small disk.
const noLimit = 1 << 60

func (s *Server) config() (*server.Options, error) {
	opt := &s.opt
	conf := &server.Options{
		ServerName:         opt.Name,
		Host:               "127.0.0.1",
		Port:               opt.Port,
		Authorization:      s.token,
		NoSigs:             true,
		JetStream:          true,
		JetStreamDomain:    opt.Domain,
		JetStreamMaxMemory: 256 << 20,
		JetStreamMaxStore:  noLimit,
		StoreDir:           filepath.Join(opt.DataDir, "nats"),
		SyncInterval:       opt.SyncInterval,
	}
	if conf.Port == 0 {
		conf.Port = server.RANDOM_PORT
	}
	if conf.SyncInterval == 0 {
		conf.SyncInterval = time.Second
	}
	if len(opt.Hub) == 0 {
		return conf, nil
	}
	leaf := &server.RemoteLeafOpts{Credentials: opt.HubCredentials}
	for _, raw := range opt.Hub {
		u, err := url.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("hub %q: %w", raw, err)
		}
		leaf.URLs = append(leaf.URLs, u)
	}
	conf.LeafNode.Remotes = []*server.RemoteLeafOpts{leaf}
	return conf, nil
}

// URL is the address of the loopback listener, without the token.
func (s *Server) URL() string { return s.nats.Load().ClientURL() }

// InProcessConn is a connection within the process, as the client library asks
// for each time it connects.
func (s *Server) InProcessConn() (net.Conn, error) { return s.nats.Load().InProcessConn() }

// Shutdown stops the server, waits until its streams are closed and frees the
// data folder. It may be called again.
func (s *Server) Shutdown() {
	s.once.Do(func() { close(s.quit) })
	<-s.mended
	os.Remove(filepath.Join(s.opt.DataDir, addressFile))
	s.stop()
	s.lock.Close()
}

func (s *Server) stop() {
	n := s.nats.Load()
	n.Shutdown()
	n.WaitForShutdown()
}
