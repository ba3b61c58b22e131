package main

import (
	"bufio"
	"errors"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
)

func newTail() *cobra.Command {
	var opt jetstream.TailOptions
	var asJSON bool
	var filters, kinds []string
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Print events as they happen",
		Long: "Tail follows the event log of the server that --config and --data-dir name and prints a\n" +
			"line an event: a table, or with --json the event itself with all its fields.",
		Example: "  clickgate tail --from-start --no-follow --filter status=Rejected --filter publisher_db_id=blog\n" +
			"  clickgate tail --kind conversion,event,received,postback",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if opt.Filters, err = parseAll(filters, events.ParseFilter); err != nil {
				return mistakeError{err}
			}
			if opt.Kinds, err = parseAll(kinds, events.ParseKind); err != nil {
				return mistakeError{err}
			}
			js, err := dialJetStream(s, "clickgate tail")
			if err != nil {
				return err
			}
			defer js.Conn().Close()
			return jetstream.Tail(cmd.Context(), js, opt, newPrinter(cmd, asJSON))
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().BoolVar(&opt.FromStart, "from-start", false, "begin with the oldest event; otherwise with the next one")
	cmd.Flags().BoolVar(&opt.NoFollow, "no-follow", false, "end with the newest event there is")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print whole events, one JSON object a line")
	cmd.Flags().StringArrayVar(&filters, "filter", nil, "only events with field=value (may repeat; all must match)")
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only these kinds: click, impression, conversion, event, postback, received")
	return cmd
}

func parseAll[T any](texts []string, parse func(string) (T, error)) ([]T, error) {
	values := make([]T, 0, len(texts))
	for _, text := range texts {
		v, err := parse(text)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// newPrinter returns what prints one event on the command's output.
func newPrinter(cmd *cobra.Command, asJSON bool) func(events.Row) error {
	out := bufio.NewWriter(cmd.OutOrStdout())
	print := func(r events.Row) error { return events.WriteRow(out, events.Columns(), r) }
	if asJSON {
		print = func(r events.Row) error {
			_, err := out.Write(append(r.Line, '\n'))
			return err
		}
	} else {
		_ = events.WriteHeading(out, events.Columns()) // shown by the next Flush
	}
	return func(r events.Row) error { return errors.Join(print(r), out.Flush()) }
}
