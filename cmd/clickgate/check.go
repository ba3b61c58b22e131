package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
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
			set, err := readSet(files)
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
	cmd.Flags().StringSliceVarP(files, "file", "f", nil, "file or folder of documents, YAML or JSON (may repeat)")
	_ = cmd.MarkFlagRequired("file") // fails only for a flag that does not exist
}

// readSet reads documents that make a whole and valid set.
func readSet(files []string) (*config.Set, error) {
	read := config.Read(nil, files...)
	set, problems := config.NewSet(read.Documents...)
	problems = append(problems, set.Validate(checks)...)
	return set, read.Mistakes(problems, nil).Err()
}
