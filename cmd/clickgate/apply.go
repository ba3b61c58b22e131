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
	var opts store.ApplyOptions
	var exitCode bool
	var last string
	cmd := &cobra.Command{
		Use:   "apply -f FILE|DIR|-",
		Short: "Make documents part of the live config",
		Long: "Apply validates the whole config as it would be, prints what changes, and writes it as\n" +
			"one change set: all or nothing. With mistakes nothing is written, every mistake is listed\n" +
			"and the exit status is 2. The server is found through --config and --data-dir.\n\n" +
			"Documents may leave out id and incremental_id. A document without an id is the live one\n" +
			"of its kind and owner with its external_id or, where it has none, its name; if there is\n" +
			"none it is new. So the same files applied again change nothing.\n\n" +
			"With --label every document is marked as kept in these files, and --prune deletes the\n" +
			"marked ones that have left them. A document that is marked otherwise is taken over only\n" +
			"if it carries the new label in its file.",
		Example: "  clickgate apply -f documents/ --label team-a --prune\n" +
			"  clickgate apply -f documents/ --dry-run --replay 24h",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (exitCode || last != "") && !opts.DryRun {
				return mistakeError{errors.New("--exit-code and --replay: need --dry-run")}
			}
			opts.Checks, opts.Author = checks, userName()
			read := config.Read(cmd.InOrStdin(), files...)
			var plan store.Plan
			err := withStore(cmd, func(ctx context.Context, live *store.Store) (err error) {
				plan, err = applyRead(ctx, live, read, opts)
				return err
			})
			if err == nil && last != "" {
				err = replayPlan(cmd, plan, last)
			}
			return report(cmd, plan, err, opts.DryRun, exitCode)
		},
	}
	addFilesFlag(cmd, &files)
	addSettingsFlags(cmd, "data-dir", "nats-url")
	addDryRunFlags(cmd, &opts.DryRun, &exitCode)
	cmd.Flags().StringVar(&last, "replay", "", "with --dry-run, judge the log's last 90m, 24h, or 5000 events by the config as it is and as it would be, and print what differs")
	cmd.Flags().StringVar(&opts.Label, "label", "", "mark every document: 1 to 64 letters, digits, '-', '_' or '.'")
	cmd.Flags().BoolVar(&opts.Prune, "prune", false, "delete the documents of the label that are not in the files")
	cmd.Flags().StringVar(&opts.Comment, "comment", "", "kept with the version")
	return cmd
}

// addDryRunFlags lets a CI job ask what would change.
func addDryRunFlags(cmd *cobra.Command, dryRun, exitCode *bool) {
	cmd.Flags().BoolVar(dryRun, "dry-run", false, "only show what would change")
	cmd.Flags().BoolVar(exitCode, "exit-code", false, "end a dry run with status 3 when something would change")
}

// report prints a plan that was carried out.
func report(cmd *cobra.Command, plan store.Plan, err error, dryRun, exitCode bool) error {
	if err != nil {
		return err
	}
	fmt.Fprint(cmd.OutOrStdout(), plan)
	fmt.Fprintln(cmd.OutOrStdout(), outcome(plan, dryRun))
	if exitCode && !plan.Empty() {
		return errWouldChange
	}
	return nil
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

// applyFiles reads documents and applies them.
func applyFiles(ctx context.Context, s *store.Store, files []string, opts store.ApplyOptions) (store.Plan, error) {
	return applyRead(ctx, s, config.Read(nil, files...), opts)
}

// applyRead applies documents. With mistakes nothing is applied, and all of
// them are told together.
func applyRead(ctx context.Context, s *store.Store, read *config.Files, opts store.ApplyOptions) (store.Plan, error) {
	opts.DryRun = opts.DryRun || len(read.Problems) > 0
	plan, err := store.Apply(ctx, s, read.Documents, opts)
	var problems config.Problems
	if err != nil && !errors.As(err, &problems) {
		return plan, err
	}
	return plan, read.Mistakes(problems, plan.Names()).Err()
}

// commandTime bounds a command that talks to the store.
const commandTime = time.Minute

// withStore runs do on the store of the settings of cmd.
func withStore(cmd *cobra.Command, do func(context.Context, *store.Store) error) error {
	s, err := loadSettings(cmd)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), commandTime)
	defer cancel()
	live, closeStore, err := dialStore(ctx, s, "clickgate "+cmd.Name())
	if err != nil {
		return err
	}
	defer closeStore()
	return do(ctx, live)
}

// dialNATS connects a command to the server of the settings: the one elsewhere,
// or the one embedded in the process that runs on the data folder.
func dialNATS(s boot.Settings, name string) (*nats.Conn, error) {
	if s.NATS.URL == "" {
		return natsrv.Connect(s.DataDir, name)
	}
	return natsrv.Reach(natsrv.Remote{URLs: []string{s.NATS.URL}, Credentials: s.NATS.Credentials}, name)
}

// dialJetStream is dialNATS for its JetStream. Close its Conn.
func dialJetStream(s boot.Settings, name string) (natsjs.JetStream, error) {
	nc, err := dialNATS(s, name)
	if err != nil {
		return nil, err
	}
	js, err := natsjs.New(nc)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return js, nil
}

func dialStore(ctx context.Context, s boot.Settings, name string) (*store.Store, func(), error) {
	js, err := dialJetStream(s, name)
	if err != nil {
		return nil, nil, err
	}
	live, err := store.Open(ctx, js, store.Options{Replicas: s.NATS.Replicas})
	if err != nil {
		js.Conn().Close()
		return nil, nil, err
	}
	return live, js.Conn().Close, nil
}

// userName is who applies, for the log of versions.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
