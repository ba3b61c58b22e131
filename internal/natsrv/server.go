// Package natsrv runs a NATS server with JetStream inside the process, in the
// data folder, and connects to it: within the process, from another process
// that knows the data folder, or to a server elsewhere.
package natsrv

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
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

// Server is a running server. It is the only one on its data folder.
type Server struct {
	nats *server.Server
	dir  string
	lock *os.File
	// token is what clients of the loopback listener must show.
	token string
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
	s := &Server{dir: opt.DataDir, lock: lock}
	if err := s.start(opt); err != nil {
		lock.Close()
		return nil, fmt.Errorf("start embedded nats server: %w", err)
	}
	return s, nil
}

func (s *Server) start(opt Options) (err error) {
	if s.token, err = loadToken(opt.DataDir); err != nil {
		return err
	}
	conf, err := s.config(opt)
	if err != nil {
		return err
	}
	if s.nats, err = server.NewServer(conf); err != nil {
		return err
	}
	log := logger{to: opt.Logger.Named("nats").Sugar(), fatal: make(chan string, 1)}
	s.nats.SetLoggerV2(log, false, false, false)
	s.nats.Start()
	err = s.ready(log.fatal)
	if err == nil {
		err = writeAddress(opt.DataDir, s.nats.ClientURL())
	}
	if err != nil {
		s.nats.Shutdown()
		s.nats.WaitForShutdown()
	}
	return err
}

// ready waits until the server takes connections or gives up.
func (s *Server) ready(fatal <-chan string) error {
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); {
		select {
		case reason := <-fatal:
			return errors.New(reason)
		default:
		}
		if s.nats.ReadyForConnections(100 * time.Millisecond) {
			return nil
		}
	}
	return fmt.Errorf("not ready after %v", startPatience)
}

// noLimit is more than any disk holds: streams are bounded one by one, and a
// server-wide bound would refuse to make a stream on a small disk.
const noLimit = 1 << 60

func (s *Server) config(opt Options) (*server.Options, error) {
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
func (s *Server) URL() string { return s.nats.ClientURL() }

// Shutdown stops the server, waits until its streams are closed and frees the
// data folder.
func (s *Server) Shutdown() {
	os.Remove(filepath.Join(s.dir, addressFile))
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	s.lock.Close()
}
