package natsrv

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
)

// Connect connects to the server within the process: no socket, no TLS. Close
// the connection before Shutdown.
func (s *Server) Connect(name string, logger *zap.Logger) (*nats.Conn, error) {
	opts := append(lasting(name, logger), nats.InProcessServer(s), nats.Token(s.token))
	nc, err := nats.Connect("", opts...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to embedded nats server: %w", name, err)
	}
	return nc, nil
}

// ConnectLoopback connects to the server by TCP, as other processes do.
func (s *Server) ConnectLoopback(name string, logger *zap.Logger) (*nats.Conn, error) {
	opts := append(lasting(name, logger), nats.Token(s.token))
	nc, err := nats.Connect(s.URL(), opts...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to %s: %w", name, s.URL(), err)
	}
	return nc, nil
}

// Connect connects a command to the server that runs on a data folder, in
// another process as a rule. It does not wait for one to start, and the
// connection does not come back when the server stops.
func Connect(dataDir, name string) (*nats.Conn, error) {
	a, err := readAddress(dataDir)
	if err != nil {
		return nil, err
	}
	token, err := loadToken(dataDir)
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect(a.URL, nats.Name(name), nats.Token(token), nats.NoReconnect(), nats.Timeout(5*time.Second))
	if err != nil {
		return nil, fmt.Errorf("connect to the server on data folder %q (process %d, %s): %w", dataDir, a.PID, a.URL, err)
	}
	return nc, nil
}

// Remote is a server or cluster elsewhere.
type Remote struct {
	// URLs are its addresses; any of them will do.
	URLs []string
	// Credentials is a credentials file, or Token a token; both may be empty.
	Credentials, Token string
}

// Dial connects to a server elsewhere. It returns a connection even where the
// server is away: that connects as soon as it can, and meanwhile refuses to
// publish. An error is a mistake in the settings.
func Dial(remote Remote, name string, logger *zap.Logger) (*nats.Conn, error) {
	opts := append(lasting(name, logger), nats.RetryOnFailedConnect(true))
	opts = append(opts, remote.auth()...)
	nc, err := nats.Connect(strings.Join(remote.URLs, ","), opts...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to %s: %w", name, remote.shown(), err)
	}
	return nc, nil
}

// Reach connects a command to a server elsewhere. The error says why it cannot
// be reached now; the connection does not come back when the server stops.
func Reach(remote Remote, name string) (*nats.Conn, error) {
	opts := append(remote.auth(), nats.Name(name), nats.NoReconnect(), nats.Timeout(5*time.Second))
	nc, err := nats.Connect(strings.Join(remote.URLs, ","), opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", remote.shown(), err)
	}
	return nc, nil
}

// auth are the options that show who we are.
func (r Remote) auth() (opts []nats.Option) {
	if r.Credentials != "" {
		opts = append(opts, nats.UserCredentials(r.Credentials))
	}
	if r.Token != "" {
		opts = append(opts, nats.Token(r.Token))
	}
	return opts
}

// shown are the addresses without the secrets that a URL may hold.
func (r Remote) shown() string {
	hosts := make([]string, len(r.URLs))
	for i, address := range r.URLs {
		hosts[i] = address[strings.LastIndexByte(address, '@')+1:]
	}
	return strings.Join(hosts, ",")
}

// lasting are the options of a connection that comes back for ever. It keeps
// nothing to send while it is away: who publishes hears at once that it cannot.
func lasting(name string, logger *zap.Logger) []nats.Option {
	if logger == nil {
		logger = zap.NewNop()
	}
	log := logger.Named("nats").With(zap.String("connection", name))
	why := &complaint{log: log}
	return []nats.Option{
		nats.Name(name),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(200 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 500*time.Millisecond),
		nats.ReconnectBufSize(-1),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) {
			why.say(err)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil is our own Close
				log.Warn("disconnected", zap.Error(err))
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			log.Info("connected again", zap.String("server", nc.ConnectedUrlRedacted()))
		}),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) {
			log.Warn("asynchronous error", zap.Error(err))
		}),
	}
}

// complaint tells why a connection does not come back: at once when the reason
// is a new one, and every so often when it stays.
type complaint struct {
	log  *zap.Logger
	mu   sync.Mutex
	last string
	at   time.Time
}

// complainEvery is how often the same reason is repeated.
const complainEvery = 30 * time.Second

func (c *complaint) say(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if reason := err.Error(); reason != c.last || time.Since(c.at) >= complainEvery {
		c.last, c.at = reason, time.Now()
		c.log.Warn("cannot connect", zap.Error(err))
	}
}
