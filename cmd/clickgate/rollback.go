package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/control/store"
)

func newRollback() *cobra.Command {
	var opts store.ApplyOptions
	var exitCode bool
	cmd := &cobra.Command{
		Use:   "rollback VERSION",
		Short: "Make the documents of an earlier version live again",
		Long: "Rollback prints what changes and writes the documents of the version as a new one, all\n" +
			"or nothing and through the same validation as apply. Numbers handed out since then are\n" +
			"not handed out again. The versions are listed by history.",
		Args: oneVersion,
		RunE: func(cmd *cobra.Command, args []string) error {
			if exitCode && !opts.DryRun {
				return mistakeError{errors.New("--exit-code: needs --dry-run")}
			}
			version, err := parseVersion(args[0])
			if err != nil {
				return err
			}
			opts.Checks, opts.Author = checks, userName()
			var plan store.Plan
			err = withStore(cmd, func(ctx context.Context, live *store.Store) (err error) {
				plan, err = store.Rollback(ctx, live, version, opts)
				return asMistake(err)
			})
			return report(cmd, plan, err, opts.DryRun, exitCode)
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	addDryRunFlags(cmd, &opts.DryRun, &exitCode)
	cmd.Flags().StringVar(&opts.Comment, "comment", "", "kept with the version (default: which version was rolled back to)")
	return cmd
}

// oneVersion accepts one argument.
func oneVersion(cmd *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(cmd, args); err != nil {
		return mistakeError{err}
	}
	return nil
}

func parseVersion(arg string) (uint64, error) {
	version, err := strconv.ParseUint(arg, 10, 64)
	if err != nil || version == 0 {
		return 0, mistakeError{fmt.Errorf("version %q: must be a number from 1, as history lists them", arg)}
	}
	return version, nil
}

// asMistake marks the name of a version that is not there as a mistake.
func asMistake(err error) error {
	if errors.Is(err, store.ErrNoVersion) {
		return mistakeError{err}
	}
	return err
}
