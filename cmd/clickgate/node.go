package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/events/spool"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
	"github.com/clickgate/clickgate/internal/natsrv"
	"github.com/clickgate/clickgate/internal/ops"
)

// node is one running process: its parts, and how they stop.
type node struct {
	settings boot.Settings
	name     string
	log      *zap.Logger

	geo      *geo.Service
	devices  *device.Parser
	state    *state.Memory
	clientIP *clientip.Resolver
	events   *events.Log
	ids      *clickid.Generator
	edge     *edge.Edge
	follower *store.Follower
	ops      *ops.Server

	js       natsjs.JetStream
	draining atomic.Bool
	// live is closed when the first config serves.
	live     chan struct{}
	liveOnce sync.Once
	cancel   context.CancelFunc
	tasks    sync.WaitGroup
	// closers run in reverse order when the node stops.
	closers []func()
}

// startNode starts everything but the listeners. It returns once a config
// serves, or there is none yet.
func startNode(ctx context.Context, s boot.Settings, logger *zap.Logger) (n *node, err error) {
	n = &node{settings: s, log: logger, live: make(chan struct{})}
	var background context.Context
	background, n.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			n.stop()
		}
	}()
	if err := n.openFiles(); err != nil {
		return nil, err
	}
	if err := n.openLog(ctx, background); err != nil {
		return nil, err
	}
	if err := n.openIDs(ctx, background); err != nil {
		return nil, err
	}
	n.edge = edge.New(n.edgeSettings(), edge.Parts{
		Geo: n.geo, Devices: n.devices, State: n.state, Log: n.events, IDs: n.ids,
		ClientIP: n.clientIP, Logger: logger, Now: time.Now,
	})
	if err := n.followConfig(ctx, background); err != nil {
		return nil, err
	}
	n.ops = n.newOps()
	n.addMetrics()
	return n, nil
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
	if n.geo, err = geo.Open(n.settings.Geo); err != nil {
		return fmt.Errorf("open address databases: %w", err)
	}
	if n.devices, err = device.New(device.Options{}); err != nil {
		return err
	}
	n.onStop(n.devices.Close)
	n.state = state.NewMemory(state.Options{Keys: n.settings.Filters.TrackedKeys})
	n.clientIP, err = clientip.New(n.settings.ClientIP)
	return err
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

// openLog opens NATS and the event log on it.
func (n *node) openLog(ctx, background context.Context) error {
	nc, err := n.connect()
	if err != nil {
		return err
	}
	if n.js, err = natsjs.New(nc); err != nil {
		return err
	}
	if err := n.ensureStream(ctx, background); err != nil {
		return err
	}
	publisher, err := jetstream.NewPublisher(nc, n.name)
	if err != nil {
		return err
	}
	n.onStop(publisher.Close)
	waiting, err := spool.Open(filepath.Join(n.settings.DataDir, "spool"), spool.Options{})
	if err != nil {
		return fmt.Errorf("open spool: %w", err)
	}
	n.events = events.New(publisher, events.Options{
		Node: n.name, Fast: n.settings.Events.FastMode, Spool: waiting, Logger: n.log,
	})
	n.onStop(func() { n.closeEvents() })
	return nil
}

// closeEvents closes the log of a node that stops before it served.
func (n *node) closeEvents() {
	if n.draining.Load() {
		return // drain has closed it
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := n.events.Close(ctx); err != nil {
		n.log.Error("close event log", zap.Error(err))
	}
}

// connect connects to the NATS server of the settings, or starts one.
func (n *node) connect() (*nats.Conn, error) {
	s := n.settings
	if s.NATS.URL != "" {
		nc, err := natsrv.Dial(natsrv.Remote{URLs: []string{s.NATS.URL}, Credentials: s.NATS.Credentials}, "clickgate "+n.name, n.log)
		if err == nil {
			n.onStop(nc.Close)
		}
		return nc, err
	}
	server, err := natsrv.Start(natsrv.Options{DataDir: s.DataDir, Name: n.name, Logger: n.log})
	if err != nil {
		return nil, err
	}
	n.onStop(server.Shutdown)
	nc, err := server.Connect("clickgate "+n.name, n.log)
	if err == nil {
		n.onStop(nc.Close)
	}
	return nc, err
}

// ensureStream makes the stream of the event log. Where the server is away it
// is made later: until then events wait.
func (n *node) ensureStream(ctx, background context.Context) error {
	ensure := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		e := n.settings.Events
		return jetstream.Ensure(ctx, n.js, jetstream.Config{MaxAge: e.MaxAge, MaxBytes: e.MaxBytes, Replicas: n.settings.NATS.Replicas})
	}
	err := ensure(ctx)
	if err == nil {
		return nil
	}
	if n.settings.NATS.URL == "" {
		return err
	}
	n.log.Error("the event log is away; events wait in memory and on disk", zap.Error(err))
	n.every(background, 2*time.Second, func() (done bool) { return ensure(background) == nil })
	return nil
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

// clickIDSecret is the name under which the keys of click ids are kept.
const clickIDSecret = "click_id"

// openIDs gets the keys of click ids, which all nodes share, and follows their
// rotation.
func (n *node) openIDs(ctx, background context.Context) error {
	secrets := store.NewSecrets(n.js, store.SecretsOptions{Dir: n.settings.DataDir, Replicas: n.settings.NATS.Replicas, Log: n.log})
	data, err := secrets.GetOrCreate(ctx, clickIDSecret, func() ([]byte, error) { return json.Marshal(clickid.NewKeys(time.Now())) })
	if err != nil {
		return fmt.Errorf("keys of click ids: %w", err)
	}
	var keys clickid.Keys
	if err := json.Unmarshal(data, &keys); err != nil {
		return fmt.Errorf("keys of click ids: %w", err)
	}
	number, err := nodeNumber(n.settings.DataDir)
	if err != nil {
		return err
	}
	if n.ids, err = clickid.NewGenerator(number, keys); err != nil {
		return err
	}
	n.tasks.Go(func() {
		secrets.Watch(background, clickIDSecret, func(data []byte) {
			var keys clickid.Keys
			if err := errors.Join(json.Unmarshal(data, &keys), n.ids.SetKeys(keys)); err != nil {
				n.log.Error("new keys of click ids are refused; the former ones stay", zap.Error(err))
			}
		})
	})
	return nil
}

// nodeNumber is the node's part of click ids: drawn at the first start and
// kept in the data folder, so that it differs between nodes.
func nodeNumber(dataDir string) (uint16, error) {
	path := filepath.Join(dataDir, "node-number")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		var drawn [2]byte
		rand.Read(drawn[:]) // never fails: it ends the process first
		text = strconv.AppendUint(nil, uint64(binary.BigEndian.Uint16(drawn[:])), 10)
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return 0, fmt.Errorf("node number: %w", err)
	}
	number, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 16)
	if err != nil {
		return 0, fmt.Errorf("node number in %s: %w", path, err)
	}
	return uint16(number), nil
}

func (n *node) edgeSettings() edge.Settings {
	s := n.settings.Edge.Settings
	s.Node = n.name
	return s
}

// firstConfigPatience is how long a start waits for the live config when there
// is one.
const firstConfigPatience = 10 * time.Second

// followConfig applies the documents of the settings and keeps the edge on the
// live config.
func (n *node) followConfig(ctx, background context.Context) error {
	exists, err := n.applyAtStart(ctx)
	if err != nil {
		return err
	}
	n.follower = store.NewFollower(n.js, store.FollowerOptions{Dir: n.settings.DataDir, Log: n.log}, n.takeOver)
	n.tasks.Go(func() { _ = n.follower.Run(background) }) // ends with background only
	n.tasks.Go(func() { n.geo.Watch(background, n.reportFile) })
	n.every(background, time.Minute, func() bool { n.state.Sweep(time.Now().UnixMilli()); return false })
	if !exists {
		return nil
	}
	select {
	case <-n.live:
	case <-time.After(firstConfigPatience):
		n.log.Error("no config serves yet", zap.Any("status", n.follower.Status()))
	case <-ctx.Done():
	}
	return nil
}

// applyAtStart applies the documents of the settings. It tells whether there
// is a config to wait for.
func (n *node) applyAtStart(ctx context.Context) (exists bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	live, err := n.openStore(ctx)
	if err != nil {
		// The documents must be right even when they cannot be applied now.
		if len(n.settings.Apply) > 0 {
			if _, err := readSet(n.settings.Apply); err != nil {
				return false, err
			}
		}
		n.log.Error("the config store is away; the last good config on disk serves", zap.Error(err))
		return true, nil
	}
	if len(n.settings.Apply) > 0 {
		plan, err := applyFiles(ctx, live, n.settings.Apply, store.ApplyOptions{Checks: checks, Author: n.name, Comment: "applied at start"})
		if err != nil {
			return false, err
		}
		n.log.Info("documents applied", zap.Uint64("version", plan.Version),
			zap.Int("created", plan.Count(store.Created)), zap.Int("updated", plan.Count(store.Updated)))
		return true, nil
	}
	snapshot, err := live.Load(ctx)
	return err == nil && snapshot.Version > 0, nil
}

func (n *node) openStore(ctx context.Context) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return store.Open(ctx, n.js, store.Options{Replicas: n.settings.NATS.Replicas})
}

// takeOver makes a version live on the edge.
func (n *node) takeOver(_ context.Context, u store.Update) error {
	if err := n.edge.Apply(u.Set, u.Version); err != nil {
		return err
	}
	n.liveOnce.Do(func() { close(n.live) })
	return nil
}

func (n *node) reportFile(c geo.Change) {
	if c.Err != nil {
		n.log.Error("a changed file is refused; its former content serves on", zap.String("file", c.Path), zap.Error(c.Err))
		return
	}
	n.log.Info("file reloaded", zap.String("file", c.Path))
}
