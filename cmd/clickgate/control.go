package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/service"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/api"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/serve"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// listenControl opens the listener of the control API and what stands behind
// it. Where the store is away, the API answers 503 until it is back.
func (n *node) listenControl(ctx, background context.Context) (*serve.Server, error) {
	s := n.settings.Control
	door := &door{}
	server, err := serve.Listen(serve.Settings{Listen: s.Listen, Cert: s.TLSCert, Key: s.TLSKey}, door, n.log)
	if err != nil {
		return nil, fmt.Errorf("control listener: %w", err)
	}
	if s.TLSCert == "" && !server.Loopback() {
		n.log.Warn("the control API listens beyond this machine without TLS: keys travel in the clear",
			zap.Stringer("address", server.Addr()))
	}
	n.fleet = fleet.New(n.js, n.settings.NATS.Replicas)
	n.tasks.Go(func() { n.fleet.Run(background) })
	if err := n.openControl(ctx, door); err != nil {
		n.log.Error("the control API waits for the config store", zap.Error(err))
		n.every(background, 2*time.Second, func() (done bool) { return n.openControl(background, door) == nil })
	}
	return server, nil
}

// openControl opens the stores and lets requests in.
func (n *node) openControl(ctx context.Context, door *door) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	live, err := n.openStore(ctx)
	if err != nil {
		return err
	}
	live.StartFrom(n.follower)
	people, err := store.Open(ctx, n.js, store.Options{Bucket: accounts.Bucket, Replicas: n.settings.NATS.Replicas})
	if err != nil {
		return err
	}
	directory := accounts.New(people, live, nil)
	s := n.settings.Control
	key, created, err := directory.Bootstrap(ctx, s.Organization)
	if err != nil {
		return err
	}
	if created {
		fmt.Fprintf(os.Stdout, "admin API key: %s\n", key)
	}
	claims, err := jetstream.NewClaims(n.js.Conn())
	if err != nil {
		return err
	}
	var h http.Handler = api.New(api.Parts{
		Live: live, Accounts: directory, Fleet: n.fleet, Checks: checks, Labels: labels(), Logger: n.log,
		Finder: service.NewClient(n.js.Conn()), Recorder: claims, Postbacks: fleet.NewPostbacks(n.js),
		Settings: api.Settings{
			Organization: s.Organization, RateLimit: s.RateLimit, RateBurst: s.RateBurst, BodyLimit: s.BodyLimit,
			AllowedOrigins: s.AllowedOrigins, WaitForEdges: s.WaitForEdges, Version: version,
		},
	})
	door.handler.Store(&h)
	return nil
}

// door lets requests in once there is something behind it.
type door struct{ handler atomic.Pointer[http.Handler] }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "2")
	problem.Write(w, r, problem.New(http.StatusServiceUnavailable, "the config store is out of reach; nothing was changed"))
}

// labels are the names of filters and reasons (A5).
func labels() api.Labels {
	l := api.Labels{
		Clicks: map[string][]api.Label{}, Common: map[string][]api.Label{},
		Conversions: map[string][]api.Label{}, Impression: map[string][]api.Label{},
	}
	groups := map[config.Plane]map[string][]api.Label{
		config.PlaneClick: l.Clicks, config.PlaneConversion: l.Conversions, config.PlaneImpression: l.Impression,
	}
	for _, t := range filters.Types() {
		for plane, group := range groups {
			if !judges(t, plane) {
				continue
			}
			for _, reason := range t.Reasons {
				group[t.Code] = append(group[t.Code], api.Label{Label: reason.Label(), Value: reason.String()})
			}
		}
	}
	for _, reason := range click.Reasons() {
		l.Common[reason.Kind()] = append(l.Common[reason.Kind()], api.Label{Label: reason.Label(), Value: reason.String()})
	}
	return l
}

func judges(t filters.Type, plane config.Plane) bool {
	for _, code := range filters.TypesOn(plane) {
		if code == t.Code {
			return true
		}
	}
	return false
}

// report is what this edge tells control nodes.
func (n *node) report() fleet.Report {
	r := fleet.Report{
		Node: n.name, Instance: n.instance, Region: n.settings.Edge.Region, Program: version, Address: n.address(), StartedAt: n.started,
		Worker: n.postbacks != nil,
	}
	s := n.follower.Status()
	r.Live = fleet.Live{Version: s.Live.Version, Digest: s.Live.Digest, Source: string(s.Live.Source), At: s.Live.At}
	r.Attempt = fleet.Attempt{Version: s.Attempt.Version, At: s.Attempt.At, Error: text(s.Attempt.Err)}
	r.Connected = s.Connected
	// The edge serves a version a moment before the follower has noted it.
	if v := n.edge.Version(); v > r.Live.Version {
		r.Live.Version = v
	}
	return r
}

// address is the visitors' listener; empty until it listens.
func (n *node) address() string {
	if a := n.visitors.Load(); a != nil {
		return *a
	}
	return ""
}
