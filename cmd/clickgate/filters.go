package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/filters"
)

func newFilters() *cobra.Command {
	return &cobra.Command{
		Use:   "filters",
		Short: "List the filters with their planes, reasons and an example of their settings",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			for _, t := range filters.Types() {
				fmt.Fprintf(w, "%s\t%s\n", t.Code, t.Doc)
				fmt.Fprintf(w, "\tplanes: %s\n", list(t.Planes))
				fmt.Fprintf(w, "\treasons: %s\n", list(t.Reasons))
				fmt.Fprintf(w, "\tsettings: %s\n", t.Example)
			}
			return w.Flush()
		},
	}
}

func list[T fmt.Stringer](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.String()
	}
	return strings.Join(names, ", ")
}
