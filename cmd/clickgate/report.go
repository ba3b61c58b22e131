package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/internal/ops"
)

// newOps returns the operators' server with what this node has to say.
func (n *node) newOps() *ops.Server {
	s := ops.New(
		ops.Check{Name: "config", Probe: n.probeConfig},
		ops.Check{Name: "event_log", Probe: n.probeLog},
		ops.Check{Name: "files", Probe: n.probeFiles},
		ops.Check{Name: "draining", Probe: n.probeDraining},
	)
	if n.settings.Ops.DemoPages {
		addDemoPages(s)
	}
	return s
}

// configReport tells the live version and the last attempt as separate facts.
type configReport struct {
	Version     uint64    `json:"version"`
	Digest      string    `json:"digest,omitempty"`
	Source      string    `json:"source,omitempty"`
	AppliedAt   time.Time `json:"applied_at,omitzero"`
	Connected   bool      `json:"store_connected"`
	StoreError  string    `json:"store_error,omitempty"`
	LastAttempt struct {
		Version uint64    `json:"version"`
		At      time.Time `json:"at,omitzero"`
		Error   string    `json:"error,omitempty"`
	} `json:"last_attempt"`
}

func (n *node) probeConfig() (any, error) {
	status := n.follower.Status()
	r := configReport{
		Version: status.Live.Version, Digest: status.Live.Digest, Source: string(status.Live.Source),
		AppliedAt: status.Live.At, Connected: status.Connected, StoreError: text(status.StoreErr),
	}
	r.LastAttempt.Version, r.LastAttempt.At, r.LastAttempt.Error = status.Attempt.Version, status.Attempt.At, text(status.Attempt.Err)
	if status.Live.Version == 0 {
		return r, errors.New("no config serves yet: apply documents")
	}
	return r, nil
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// probeLog reports the event log. A log that is away does not make the node
// unready: visitors are served and events wait.
func (n *node) probeLog() (any, error) {
	s := n.events.Stats()
	detail := map[string]any{
		"well": s.Well, "acknowledged": s.Acknowledged, "at_risk": s.AtRisk,
		"pending_lines": s.PendingLines, "spool_bytes": s.SpoolBytes, "lost": s.Lost,
	}
	if s.Lost > 0 {
		return detail, fmt.Errorf("%d events are lost: neither the log nor the disk took them", s.Lost)
	}
	return detail, nil
}

func (n *node) probeDraining() (any, error) {
	if n.draining.Load() {
		return nil, errors.New("the node is stopping")
	}
	return nil, nil
}

// addMetrics registers the gauges of the node's parts.
func (n *node) addMetrics() {
	metrics.AddWriter(n.events.WriteMetrics)
	metrics.SetGauge("clickgate_config_version", func() float64 { return float64(n.edge.Version()) })
	metrics.SetGauge("clickgate_config_age_seconds", func() float64 { return since(n.follower.Status().Live.At) })
	metrics.SetGauge("clickgate_config_connected", func() float64 { return flag(n.follower.Status().Connected) })
	metrics.SetGauge("clickgate_config_attempt_version", func() float64 { return float64(n.follower.Status().Attempt.Version) })
	metrics.SetGauge("clickgate_config_attempt_age_seconds", func() float64 { return since(n.follower.Status().Attempt.At) })
	metrics.SetGauge("clickgate_config_attempt_failed", func() float64 { return flag(n.follower.Status().Attempt.Err != nil) })
	n.addMemoryMetrics()
	metrics.SetGauge(`clickgate_device_parsed_total{from="cache"}`, func() float64 { return float64(n.devices.Stats().Hits) })
	metrics.SetGauge(`clickgate_device_parsed_total{from="classifier"}`, func() float64 { return float64(n.devices.Stats().Classified) })
	metrics.SetGauge(`clickgate_device_parsed_total{from="rules"}`, func() float64 { return float64(n.devices.Stats().Parsed) })
	n.addSourceMetrics()
}

// since is the age of t in seconds; 0 when t is not known.
func since(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return time.Since(t).Seconds()
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
