package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/ops"
)

// The roles of serve in processes of their own, around a NATS server elsewhere.

func newEdge() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "edge",
		Short: "Serve visitors only, with the log and the config on a NATS server elsewhere",
		Long:  "Edge is serve without the control API. It needs nats.url: any number of edges share one.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSharedSettings(cmd)
			if err != nil {
				return err
			}
			return serveNode(cmd.Context(), s, roles{visitors: true})
		},
	}
	addSettingsFlags(cmd)
	return cmd
}

func newControl() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "control",
		Short: "Serve the control API only, with the config on a NATS server elsewhere",
		Long:  "Control is serve without visitors. It needs nats.url: several control nodes may run at once.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSharedSettings(cmd)
			if err != nil {
				return err
			}
			return serveControl(cmd.Context(), s)
		},
	}
	addSettingsFlags(cmd)
	return cmd
}

// loadSharedSettings are the settings of a process that works with others.
func loadSharedSettings(cmd *cobra.Command) (boot.Settings, error) {
	s, err := loadSettings(cmd)
	if err == nil && s.NATS.URL == "" {
		err = mistakeError{fmt.Errorf("nats.url: missing; %s works with a NATS server elsewhere, and serve runs everything in one process", cmd.Name())}
	}
	return s, err
}

// serveControl runs a control node until ctx ends.
func serveControl(ctx context.Context, s boot.Settings) error {
	logger, err := newLogger(s.Log)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }() // standard error cannot always be synced
	n, background := newNode(s, logger)
	defer n.stop()
	if n.name, err = nodeName(s.Node); err != nil {
		return err
	}
	nc, err := n.connect()
	if err != nil {
		return err
	}
	if n.js, err = natsjs.New(nc); err != nil {
		return err
	}
	control, err := n.listenControl(ctx, background)
	if err != nil {
		return err
	}
	operators, err := net.Listen("tcp", s.Ops.Listen)
	if err != nil {
		return fmt.Errorf("operators' listener: %w", err)
	}
	n.ops = ops.New(ops.Check{Name: "config_store", Probe: n.probeStore}, ops.Check{Name: "draining", Probe: n.probeDraining})
	failed := make(chan error, 2)
	go func() { failed <- n.ops.Serve(operators) }()
	go func() { failed <- control.Serve() }()
	logger.Info("serving", zap.Stringer("control", control.Addr()), zap.Stringer("ops", operators.Addr()), zap.String("version", version))
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	n.draining.Store(true)
	stopping, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	return errors.Join(err, control.Shutdown(stopping), n.ops.Shutdown(stopping))
}

// probeStore reports whether the store can be reached.
func (n *node) probeStore() (any, error) {
	if nc := n.js.Conn(); !nc.IsConnected() {
		return nil, fmt.Errorf("the connection to NATS is %s", nc.Status())
	}
	return nil, nil
}
