package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/serve"
	"github.com/clickgate/clickgate/edge/listen"
	"github.com/clickgate/clickgate/internal/boot"
)

func newServe() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve visitors: edge, live config and event log in one process",
		Long: "Serve starts the edge, the operators' listener and, unless nats.url names another,\n" +
			"an embedded NATS server that keeps the event log and the live config in the data folder.\n" +
			"SIGTERM drains and stops, SIGHUP reloads address databases and lists.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			return serveNode(cmd.Context(), s, true)
		},
	}
	addSettingsFlags(cmd)
	return cmd
}

// drainTime bounds how long a stop may take: requests under way, then the log.
const drainTime = 15 * time.Second

// serveNode runs a node until ctx ends.
func serveNode(ctx context.Context, s boot.Settings, withControl bool) error {
	logger, err := newLogger(s.Log)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }() // standard error cannot always be synced
	n, err := startNode(ctx, s, logger)
	if err != nil {
		return err
	}
	defer n.stop()

	visitors, err := listen.Listen(s.Edge.Listen, s.Edge.HTTP, n.clientIP.Trusts)
	if err != nil {
		return fmt.Errorf("visitors' listener: %w", err)
	}
	address := visitors.Addr().String()
	n.visitors.Store(&address)
	operators, err := net.Listen("tcp", s.Ops.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("operators' listener: %w", err), visitors.Close())
	}
	var control *serve.Server
	if withControl {
		if control, err = n.listenControl(ctx, n.background); err != nil {
			return errors.Join(err, visitors.Close(), operators.Close())
		}
	}
	server := listen.NewServer(n.edge.Handle, s.Edge.HTTP)
	failed := make(chan error, 3)
	go func() { failed <- server.Serve(visitors) }()
	go func() { failed <- n.ops.Serve(operators) }()
	if control != nil {
		go func() { failed <- control.Serve() }()
	}
	logger.Info("serving", zap.Stringer("edge", visitors.Addr()), controlField(control),
		zap.Stringer("ops", operators.Addr()), zap.String("version", version), zap.Uint64("config", n.edge.Version()))
	if s.Ops.DemoPages {
		printDemoLinks(os.Stdout, visitors.Addr(), control)
	}
	err = n.wait(ctx, failed)
	return errors.Join(err, n.drain(server, control))
}

// wait returns when ctx ends or a listener fails. SIGHUP reloads files.
func (n *node) wait(ctx context.Context, failed <-chan error) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case <-hangup:
			n.reloadFiles()
		}
	}
}

// drain stops taking connections, lets requests finish and brings the events
// to the log.
func (n *node) drain(server *fasthttp.Server, control *serve.Server) error {
	n.draining.Store(true)
	n.log.Info("draining")
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var errs []error
	if err := server.ShutdownWithContext(ctx); err != nil {
		errs = append(errs, fmt.Errorf("drain visitors: %w", err))
	}
	n.saveMemory()
	if control != nil {
		errs = append(errs, control.Shutdown(ctx))
	}
	if err := n.events.Close(ctx); err != nil {
		errs = append(errs, fmt.Errorf("drain event log: %w", err))
	}
	errs = append(errs, n.ops.Shutdown(ctx))
	n.log.Info("stopped")
	return errors.Join(errs...)
}

// controlField is the address of the control API, where it listens.
func controlField(control *serve.Server) zap.Field {
	if control == nil {
		return zap.Skip()
	}
	return zap.Stringer("control", control.Addr())
}
