package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps/service"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
	"github.com/clickgate/clickgate/internal/disk"
	"github.com/clickgate/clickgate/internal/fetch"
	"github.com/clickgate/clickgate/internal/ops"
	"github.com/clickgate/clickgate/postback/match"
	"github.com/clickgate/clickgate/postback/worker"
	"github.com/clickgate/clickgate/site"
)

// node is one running process: its parts, and how they stop.
type node struct {
	settings boot.Settings
	name     string
	log      *zap.Logger

	sources  *fetch.Fetcher
	geo      *geo.Service
	sites    *site.Service
	devices  *device.Parser
	state    *state.Memory
	clientIP *clientip.Resolver
	room     *disk.Room
	events   *events.Log
	ids      *clickid.Generator
	edge     *edge.Edge
	follower *store.Follower
	ops      *ops.Server
	fleet    *fleet.Fleet
	reporter *fleet.Reporter
	// postbacks is nil where others fire them.
	postbacks *worker.Worker
	// applying keeps the kinds of events from asking for calls at once.
	applying sync.Mutex
	// calls are those that the live config asks for, where others fire them.
	calls atomic.Pointer[match.Rules]
	// counter is nil where others count for caps.
	counter *service.Counter

	// instance tells this process from every other, started when it began.
	instance string
	started  time.Time
	// visitors is the address of their listener, once it listens.
	visitors atomic.Pointer[string]

	js       natsjs.JetStream
	draining atomic.Bool
	// savedMS is when the filters' memory was saved last, in unix milliseconds.
	savedMS atomic.Int64
	// live is closed when the first config serves.
	live     chan struct{}
	liveOnce sync.Once
	// background ends when the node stops.
	background context.Context
	cancel     context.CancelFunc
	tasks      sync.WaitGroup
	// closers run in reverse order when the node stops.
	closers []func()
}

// startNode starts everything but the listeners. It returns once a config
// serves, or there is none yet.
func startNode(ctx context.Context, s boot.Settings, r roles, logger *zap.Logger) (*node, error) {
	n, background := newNode(s, logger)
	if err := n.start(ctx, background, r); err != nil {
		n.stop()
		return nil, err
	}
	return n, nil
}

// newNode returns a node that has nothing yet. What it will do behind requests
// ends with background.
func newNode(s boot.Settings, logger *zap.Logger) (n *node, background context.Context) {
	n = &node{settings: s, log: logger, live: make(chan struct{}), instance: accounts.NewID(), started: time.Now().UTC()}
	background, n.cancel = context.WithCancel(context.Background())
	n.background = background
	return n, background
}

// start opens the parts in the order in which they need each other. What goes
// on behind visitors ends with background.
func (n *node) start(ctx, background context.Context, r roles) error {
	if err := n.openFiles(); err != nil {
		return err
	}
	if err := n.openLog(ctx, background); err != nil {
		return err
	}
	if err := n.openIDs(ctx, background); err != nil {
		return err
	}
	n.edge = edge.New(n.edgeSettings(), edge.Parts{
		Geo: n.geo, Sites: n.sites, Devices: n.devices, State: n.state, Log: n.events, IDs: n.ids,
		ClientIP: n.clientIP, Logger: n.log,
	})
	if err := n.openConversions(); err != nil {
		return err
	}
	n.openCaps(background)
	if r.worker {
		if err := n.openWorker(background); err != nil {
			return err
		}
	}
	if err := n.followConfig(ctx, background); err != nil {
		return err
	}
	n.keepFresh(background)
	n.answerQuestions(background)
	n.answerPostbacks(background)
	n.ops = n.newOps()
	n.addMetrics()
	return nil
}

// stop ends the node's tasks and closes its parts, the last opened first.
func (n *node) stop() {
	n.cancel()
	n.tasks.Wait()
	for _, closer := range slices.Backward(n.closers) {
		closer()
	}
}

func (n *node) onStop(closer func()) { n.closers = append(n.closers, closer) }

// openFiles opens what the node knows without the network.
func (n *node) openFiles() (err error) {
	if err := os.MkdirAll(n.settings.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if n.name, err = nodeName(n.settings.Node); err != nil {
		return err
	}
	if err := n.openSources(); err != nil {
		return err
	}
	if n.devices, err = device.New(n.settings.Devices.Options()); err != nil {
		return err
	}
	n.onStop(n.devices.Close)
	n.openMemory()
	n.clientIP, err = clientip.New(n.settings.ClientIP)
	return err
}

// keepFresh takes over files that change, and keeps the counts.
func (n *node) keepFresh(background context.Context) {
	n.watchSources(background)
	n.tasks.Go(func() { n.devices.Watch(background, n.reportFile) })
	n.keepMemory(background)
}

// nodeName is the node's name as one token of a subject.
func nodeName(name string) (string, error) {
	if name == "" {
		host, err := os.Hostname()
		if err != nil {
			return "", fmt.Errorf("no node name is set and the host has none: %w", err)
		}
		name = host
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r
		}
		return '-'
	}, name), nil
}

// every calls do after each interval until it says that it is done or ctx
// ends.
func (n *node) every(ctx context.Context, interval time.Duration, do func() (done bool)) {
	n.tasks.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if do() {
				return
			}
		}
	})
}

func (n *node) edgeSettings() edge.Settings {
	s := n.settings.Edge.Settings
	s.Node = n.name
	return s
}
