package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/natsrv"
)

func newApply() *cobra.Command {
	var files []string
	var dryRun bool
	var comment string
	cmd := &cobra.Command{
		Use:   "apply -f FILE|DIR",
		Short: "Make documents part of the live config",
		Long: "Apply validates the whole config as it would be, prints what changes, and writes it as\n" +
			"one change set: all or nothing. With mistakes nothing is written, every mistake is listed\n" +
			"and the exit status is 2. The server is found through --config and --data-dir.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			live, closeStore, err := dialStore(ctx, s)
			if err != nil {
				return err
			}
			defer closeStore()
			plan, err := applyFiles(ctx, live, files, store.ApplyOptions{
				Checks: checks, DryRun: dryRun, Author: userName(), Comment: comment,
			})
			if err != nil {
				return err
			}
			fmt.Fprint(cmd.OutOrStdout(), plan)
			fmt.Fprintln(cmd.OutOrStdout(), outcome(plan, dryRun))
			return nil
		},
	}
	addFilesFlag(cmd, &files)
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only show what would change")
	cmd.Flags().StringVar(&comment, "comment", "", "kept with the version")
	return cmd
}

func outcome(plan store.Plan, dryRun bool) string {
	switch {
	case plan.Empty():
		return fmt.Sprintf("nothing changes, version %d stays", plan.Base)
	case dryRun:
		return fmt.Sprintf("dry run: version %d stays", plan.Base)
	}
	return fmt.Sprintf("version %d is live", plan.Version)
}

// applyFiles reads documents and applies them. With mistakes nothing is
// applied, and all of them are told together.
func applyFiles(ctx context.Context, s *store.Store, files []string, opts store.ApplyOptions) (store.Plan, error) {
	read := config.Read(nil, files...)
	opts.DryRun = opts.DryRun || len(read.Problems) > 0
	plan, err := store.Apply(ctx, s, read.Documents, opts)
	var problems config.Problems
	if err != nil && !errors.As(err, &problems) {
		return plan, err
	}
	return plan, read.Mistakes(problems, nil).Err()
}

// dialNATS connects a command to the server of the settings: the one elsewhere,
// or the one embedded in the process that runs on the data folder.
func dialNATS(s boot.Settings, name string) (*nats.Conn, error) {
	if s.NATS.URL == "" {
		return natsrv.Connect(s.DataDir, name)
	}
	return natsrv.Reach(natsrv.Remote{URLs: []string{s.NATS.URL}, Credentials: s.NATS.Credentials}, name)
}

func dialStore(ctx context.Context, s boot.Settings) (*store.Store, func(), error) {
	nc, err := dialNATS(s, "clickgate apply")
	if err != nil {
		return nil, nil, err
	}
	js, err := natsjs.New(nc)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	live, err := store.Open(ctx, js, store.Options{Replicas: s.NATS.Replicas})
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return live, nc.Close, nil
}

// userName is who applies, for the log of versions.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
