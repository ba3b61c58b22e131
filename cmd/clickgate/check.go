package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
)

// checks are what documents must pass beyond their own shape.
var checks = config.Checks{
	FilterTypes: filters.TypesOn, Filter: filters.Check, URL: redirect.Check, Domain: redirect.CheckDomain, Targeting: target.Check,
}

func newCheck() *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:   "check -f FILE|DIR",
		Short: "Validate documents without a server",
		Long: "Check reads documents, validates them as one whole set and prints their number\n" +
			"and digest, or every mistake with file, line, path and what is allowed.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := readSet(cmd.InOrStdin(), files)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d documents are valid, digest %s\n", set.Len(), set.Digest())
			return nil
		},
	}
	addFilesFlag(cmd, &files)
	return cmd
}

func addFilesFlag(cmd *cobra.Command, files *[]string) {
	cmd.Flags().StringSliceVarP(files, "file", "f", nil, "file or folder of documents, YAML or JSON, or - for standard input (may repeat)")
	_ = cmd.MarkFlagRequired("file") // fails only for a flag that does not exist
}

// readSet reads documents that make a whole and valid set. Those without an id
// get the one they would have on an empty system.
func readSet(stdin io.Reader, files []string) (*config.Set, error) {
	read := config.Read(stdin, files...)
	docs, problems := store.Resolve(store.Snapshot{Set: new(config.Set)}, read.Documents)
	set, doubled := config.NewSet(docs...)
	problems = append(append(problems, doubled...), set.Validate(checks)...)
	names := make([]config.Key, len(docs))
	for i, doc := range docs {
		names[i] = doc.Key()
	}
	return set, read.Mistakes(problems, names).Err()
}
