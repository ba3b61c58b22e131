package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/internal/outgoing"
)

func newPostback() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "postback",
		Short: "Try postbacks, and look after those that were given up",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPostbackTest(), newPostbackDead(), newPostbackStats())
	return cmd
}

// withPostbacks runs do with what asks the workers of the running server.
func withPostbacks(cmd *cobra.Command, do func(ctx context.Context, p *fleet.Postbacks) error) error {
	s, err := loadSettings(cmd)
	if err != nil {
		return err
	}
	js, err := dialJetStream(s, "clickgate postback")
	if err != nil {
		return err
	}
	defer js.Conn().Close()
	err = do(cmd.Context(), fleet.NewPostbacks(js))
	if errors.Is(err, outgoing.ErrUnfit) {
		return mistakeError{err}
	}
	return err
}

// errNotTaken ends a test whose call did not arrive.
var errNotTaken = errors.New("the server did not take the call")

func newPostbackTest() *cobra.Command {
	var test outgoing.Test
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "test ID",
		Short: "Show the request that a postback makes, and send it if asked to",
		Long: "Test asks a worker of the running server, found through --config and --data-dir, for the\n" +
			"request of a postback manager, a publisher's postback, an integration (its third-party\n" +
			"sync) or an offer (its impression forwarding or parallel tracking). ID is theirs, or\n" +
			"kind/ID. The request is for the event of --event, else for the latest event in the log\n" +
			"that would fire it, else for one that is made up. Nothing is sent without --send; then\n" +
			"the exit status is 1 where the server does not take it.",
		Example: "  clickgate postback test 0190a1b2c3d4e5f60718293a4b5c6d7e\n" +
			"  clickgate postback test publisher_postback/blog --send",
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			test.Document = args[0]
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error {
				r, err := p.Test(ctx, test)
				if err != nil {
					return err
				}
				if err := printTest(cmd.OutOrStdout(), &r, asJSON); err != nil {
					return err
				}
				if r.Result != nil && r.Result.Outcome != "sent" {
					return errNotTaken
				}
				return nil
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().StringVar(&test.Event, "event", "", "tx_id of an event in the log to make the request for")
	cmd.Flags().StringVar(&test.Source, "source", "", "of an offer: impression_forwarding or parallel_tracking")
	cmd.Flags().BoolVar(&test.Send, "send", false, "send it, once and at once")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// exactArgs refuses any other number of arguments as a mistake of the command
// line.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return mistakeError{err}
		}
		return nil
	}
}

func newPostbackStats() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Tell what waits to be sent on each worker",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error {
				all, missing, err := p.Stats(ctx)
				if err != nil {
					return err
				}
				return errors.Join(printStats(cmd.OutOrStdout(), all, asJSON), absent(missing))
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// absent is the error of an answer that lacks some workers'.
func absent(missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("these workers did not answer, and theirs are left out: %q", missing)
}
