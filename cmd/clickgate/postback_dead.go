package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/internal/outgoing"
)

func newPostbackDead() *cobra.Command {
	cmd := newDeadList("dead")
	cmd.Long = "Dead letters are calls that failed for good: they wait on the workers until somebody fires\n" +
		"them again or discards them, or they are too old. Without a command they are listed."
	cmd.AddCommand(newDeadList("list"), newDeadShow(), newDeadFire(), newDeadDiscard())
	return cmd
}

func newDeadList(name string) *cobra.Command {
	var before string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   name,
		Short: "List the calls that were given up, the last first",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 || limit > outgoing.MaxLetters {
				return mistakeError{fmt.Errorf("--limit: %d is not between 1 and %d", limit, outgoing.MaxLetters)}
			}
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error {
				page, err := p.Letters(ctx, before, limit)
				if err != nil {
					return err
				}
				return errors.Join(printLetters(cmd.OutOrStdout(), page, asJSON), absent(page.Missing))
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().StringVar(&before, "before", "", "id of a dead letter: list those that died earlier")
	cmd.Flags().IntVar(&limit, "limit", 20, fmt.Sprintf("how many to list, up to %d", outgoing.MaxLetters))
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newDeadShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a call that was given up, with header and body",
		Args:  oneLetter,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error {
				l, err := p.Letter(ctx, args[0])
				if err != nil {
					return err
				}
				return printLetter(cmd.OutOrStdout(), &l, asJSON)
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newDeadFire() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "fire ID | --all",
		Short: "Send a call again that was given up, or all of them",
		Long:  "The call has its old idempotency key and as many attempts as a new one.",
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return noArgs(cmd, args)
			}
			return oneLetter(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error {
				if all {
					return fireAll(ctx, cmd, p)
				}
				return p.Fire(ctx, args[0])
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().BoolVar(&all, "all", false, "all that were given up until now")
	return cmd
}

func fireAll(ctx context.Context, cmd *cobra.Command, p *fleet.Postbacks) error {
	fired, failed, err := p.FireAll(ctx)
	fmt.Fprintf(cmd.OutOrStdout(), "%d fired again\n", fired)
	for _, why := range failed {
		err = errors.Join(err, errors.New(why))
	}
	return err
}

func newDeadDiscard() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "discard ID",
		Short: "Remove a call that was given up",
		Args:  oneLetter,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPostbacks(cmd, func(ctx context.Context, p *fleet.Postbacks) error { return p.Discard(ctx, args[0]) })
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	return cmd
}

// oneLetter wants the id of a dead letter.
func oneLetter(cmd *cobra.Command, args []string) error {
	if err := exactArgs(1)(cmd, args); err != nil {
		return err
	}
	if !outgoing.IsLetterID(args[0]) {
		return mistakeError{fmt.Errorf("%q is no id of a dead letter: 48 lower-case hex digits, as clickgate postback dead lists them", args[0])}
	}
	return nil
}
