package main

import (
	"context"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/postback/match"
)

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
	n.reporter = fleet.NewReporter(n.js, n.settings.NATS.Replicas, n.report, n.log)
	n.tasks.Go(func() { _ = n.follower.Run(background) }) // ends with background only
	n.tasks.Go(func() { n.reporter.Run(background) })
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
			if _, err := readSet(nil, n.settings.Apply); err != nil {
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
	version, err := live.Version(ctx)
	return err == nil && version > 0, nil
}

func (n *node) openStore(ctx context.Context) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return store.Open(ctx, n.js, store.Options{Replicas: n.settings.NATS.Replicas})
}

// The attempts to make a version live, by their result.
var (
	configApplied = metrics.NewCounter(`clickgate_config_attempts_total{result="applied"}`)
	configRefused = metrics.NewCounter(`clickgate_config_attempts_total{result="refused"}`)
)

// takeOver makes a version live on the edge and tells the control nodes.
func (n *node) takeOver(_ context.Context, u store.Update) error {
	defer n.reporter.Report()
	if err := n.edge.Apply(u.Set, u.Version, u.Changed); err != nil {
		configRefused.Inc()
		return err
	}
	if concernsWorkers(u.Changed) {
		n.tellWorkers(u.Set)
	}
	configApplied.Inc()
	n.liveOnce.Do(func() { close(n.live) })
	return nil
}

// concernsWorkers tells whether a change may alter what is called or counted.
// Those who ask walk all documents of some kinds, which most changes need not
// wait for.
func concernsWorkers(changed []config.Key) bool {
	return changed == nil || slices.ContainsFunc(changed, func(key config.Key) bool {
		switch key.Kind {
		case config.KindIntegration, config.KindOffer, config.KindOfferEvent, config.KindPublisher, config.KindPostbackManager, config.KindPublisherPostback:
			return true
		}
		return false
	})
}

// tellWorkers hands the config to what works behind the edge.
func (n *node) tellWorkers(set *config.Set) {
	if n.postbacks != nil {
		n.postbacks.SetConfig(set)
	} else {
		n.calls.Store(match.Compile(set, n.calls.Load()))
	}
	if n.counter == nil {
		return
	}
	if err := n.counter.SetConfig(set); err != nil {
		n.log.Error("caps are counted by the former config", zap.Error(err)) // the edge has refused the config before
	}
}

// managers are the postback managers that a conversion's row fires.
func (n *node) managers(row events.Row) []string {
	if n.postbacks != nil {
		return n.postbacks.Managers(row)
	}
	if rules := n.calls.Load(); rules != nil {
		return rules.Managers(row)
	}
	return nil
}
