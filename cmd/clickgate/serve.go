package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/serve"
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
			return serveNode(cmd.Context(), s, roles{visitors: true, control: true, worker: true})
		},
	}
	addSettingsFlags(cmd)
	return cmd
}

// drainTime bounds how long a stop may take: requests under way, then the log.
const drainTime = 15 * time.Second

// roles are what a node does.
type roles struct{ visitors, control, worker bool }

// serveNode runs a node until ctx ends.
func serveNode(ctx context.Context, s boot.Settings, r roles) error {
	logger, err := newLogger(s.Log)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }() // standard error cannot always be synced
	n, err := startNode(ctx, s, r, logger)
	if err != nil {
		return err
	}
	defer n.stop()

	var open listeners
	if err := open.listen(ctx, n, r); err != nil {
		return errors.Join(err, open.close())
	}
	failed := open.serve(n)
	logger.Info("serving", open.field("edge", open.visitors), open.field("control", open.control), open.field("ops", open.operators),
		zap.String("version", version), zap.Uint64("config", n.edge.Version()))
	if s.Ops.DemoPages && r.visitors {
		printDemoLinks(os.Stdout, open.visitors.Addr(), open.control)
	}
	err = n.wait(ctx, failed)
	return errors.Join(err, n.drain(open.server, open.control))
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
	if server != nil {
		if err := server.ShutdownWithContext(ctx); err != nil {
			errs = append(errs, fmt.Errorf("drain visitors: %w", err))
		}
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
