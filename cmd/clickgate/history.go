package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

func newHistory() *cobra.Command {
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history [VERSION]",
		Short: "List the versions of the live config, or what one of them changed",
		Long: "History lists versions, the newest first: when, by whom, how many documents changed and\n" +
			"why. With a version it shows what that version changed, as far as the documents from\n" +
			"before and after are still kept.",
		Args: atMostOneVersion,
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return mistakeError{fmt.Errorf("--limit: must be at least 1, found %d", limit)}
			}
			return withStore(cmd, func(ctx context.Context, live *store.Store) error {
				heads, err := live.History(ctx)
				switch {
				case err != nil:
					return err
				case len(args) == 1:
					return showVersion(ctx, cmd.OutOrStdout(), live, heads, args[0], asJSON)
				case asJSON:
					return printJSON(cmd.OutOrStdout(), versionsOf(heads[:min(limit, len(heads))]))
				}
				return listVersions(cmd.OutOrStdout(), heads[:min(limit, len(heads))])
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().IntVar(&limit, "limit", 20, "how many versions to list")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func atMostOneVersion(cmd *cobra.Command, args []string) error {
	if err := cobra.MaximumNArgs(1)(cmd, args); err != nil {
		return mistakeError{err}
	}
	return nil
}

func listVersions(w io.Writer, heads []store.Head) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VERSION\tTIME\tAUTHOR\tCHANGES\tCOMMENT")
	for _, h := range heads {
		fmt.Fprintf(table, "%d\t%s\t%s\t%d\t%s\n", h.Version, timeText(h), oneLine(h.Author), h.Changed, oneLine(h.Comment))
	}
	return table.Flush()
}

func timeText(h store.Head) string { return h.Time.UTC().Format("2006-01-02 15:04:05Z") }

// oneLine keeps what others wrote from breaking a table or a terminal.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, s)
}

// showVersion prints what one version changed.
func showVersion(ctx context.Context, w io.Writer, live *store.Store, heads []store.Head, arg string, asJSON bool) error {
	version, err := parseVersion(arg)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(heads, func(h store.Head) bool { return h.Version == version })
	if i < 0 {
		_, err := live.At(ctx, version) // says which versions there are
		return asMistake(err)
	}
	steps, lost := stepsOf(ctx, live, version)
	if lost != nil && !errors.Is(lost, store.ErrNoVersion) {
		return lost
	}
	if asJSON {
		return printJSON(w, withChanges(versionsOf(heads[i : i+1])[0], steps))
	}
	h := heads[i]
	fmt.Fprintf(w, "version %d, %s", h.Version, timeText(h))
	if h.Author != "" {
		fmt.Fprintf(w, ", by %s", oneLine(h.Author))
	}
	if h.Comment != "" {
		fmt.Fprintf(w, ": %s", oneLine(h.Comment))
	}
	fmt.Fprintln(w)
	if lost == nil {
		fmt.Fprint(w, store.Plan{Steps: steps})
		return nil
	}
	fmt.Fprintf(w, "what it changed in them is not kept any more (%s); documents:\n  %s\n", lost, strings.Join(h.Keys, "\n  "))
	if more := h.Changed - len(h.Keys); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
	return nil
}

// stepsOf rebuilds what a version changed.
func stepsOf(ctx context.Context, live *store.Store, version uint64) ([]store.Step, error) {
	after, err := live.At(ctx, version)
	if err != nil {
		return nil, err
	}
	before := store.Snapshot{Set: new(config.Set)}
	if version > 1 {
		if before, err = live.At(ctx, version-1); err != nil {
			return nil, err
		}
	}
	return store.Difference(before.Set, after.Set)
}
