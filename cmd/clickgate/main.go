// Command clickgate is a tracking edge proxy: it resolves, judges, redirects
// and logs the clicks of affiliate traffic. Its roles are sub-commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	// Schedules name time zones, and containers often have no zone database.
	_ "time/tzdata"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
)

// version is set by the build.
var version = "dev"

// Exit statuses.
const (
	exitFailure = 1 // it was tried and did not work
	exitMistake = 2 // settings, documents or the command line are wrong
	exitChanges = 3 // a dry run with --exit-code would change something
)

// errWouldChange ends a dry run whose caller asks by exit status.
var errWouldChange = errors.New("something would change")

// mistakeError is an error of the user's input.
type mistakeError struct{ error }

func (e mistakeError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newRoot().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitStatus(err))
	}
}

func exitStatus(err error) int {
	var mistake mistakeError
	var problems config.Problems
	switch {
	case errors.Is(err, errWouldChange):
		return exitChanges
	case errors.As(err, &mistake) || errors.As(err, &problems):
		return exitMistake
	}
	return exitFailure
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "clickgate",
		Short:         "Tracking edge proxy: resolves, judges, redirects and logs clicks",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return mistakeError{err} })
	root.AddCommand(
		newServe(), newEdge(), newControl(), newWorker(), newApply(), newCheck(), newExport(), newHistory(), newRollback(), newAdminKey(), newRotateClickKey(), newTail(),
		newReplay(), newExplain(), newPostback(), newFilters(), newVersion(),
	)
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		Run:   func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), version) },
	}
}

// noArgs refuses arguments as a mistake of the command line.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return mistakeError{err}
	}
	return nil
}
