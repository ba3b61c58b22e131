package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

func newExport() *cobra.Command {
	e := export{}
	cmd := &cobra.Command{
		Use:   "export [-o FILE|DIR]",
		Short: "Write the live documents as files",
		Long: "Export writes the live documents so that applying them to an empty system gives the same\n" +
			"config; their digest is printed to standard error. Into a folder it writes one file a\n" +
			"kind and removes the files of those names that it does not write. Files are readable by\n" +
			"their owner only, since documents hold secrets.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := e.check(); err != nil {
				return mistakeError{err}
			}
			return withStore(cmd, func(ctx context.Context, live *store.Store) error {
				snap, err := live.Load(ctx)
				if err != nil {
					return err
				}
				return e.run(cmd, snap)
			})
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().StringVarP(&e.output, "output", "o", config.Stdin, "file or folder to write; - is standard output")
	cmd.Flags().StringVar(&e.format, "format", "", "yaml or json (default: what the file's name says, else yaml)")
	cmd.Flags().StringVar(&e.label, "label", "", "only documents of this label")
	cmd.Flags().StringSliceVar(&e.kinds, "kind", nil, "only documents of this kind (may repeat)")
	return cmd
}

// export is what the flags say.
type export struct {
	output, format, label string
	kinds                 []string
}

// formats are how documents are written, by the end of a file's name.
var formats = map[string]func(io.Writer, iter.Seq[config.Document]) error{
	"yaml": config.WriteYAML,
	"json": config.WriteJSON,
}

// check completes the flags.
func (e *export) check() error {
	if e.format == "" {
		e.format = "yaml"
		if strings.EqualFold(filepath.Ext(e.output), ".json") {
			e.format = "json"
		}
	}
	if formats[e.format] == nil {
		return fmt.Errorf("--format: must be yaml or json, found %q", e.format)
	}
	var known []string
	for _, kind := range config.Kinds() {
		known = append(known, string(kind))
	}
	for _, kind := range e.kinds {
		if !slices.Contains(known, kind) {
			return fmt.Errorf("--kind: there is no kind %q%s; allowed are %s", kind, config.DidYouMean(kind, known), strings.Join(known, ", "))
		}
	}
	if len(e.kinds) == 0 {
		e.kinds = known
	}
	return nil
}

func (e *export) run(cmd *cobra.Command, snap store.Snapshot) error {
	var docs []config.Document
	for doc := range snap.Set.All() {
		if slices.Contains(e.kinds, string(doc.Key().Kind)) && (e.label == "" || config.MetaOf(doc).Label == e.label) {
			docs = append(docs, doc)
		}
	}
	if err := e.write(cmd.OutOrStdout(), docs); err != nil {
		return err
	}
	set, _ := config.NewSet(docs...)
	fmt.Fprintf(cmd.ErrOrStderr(), "%d documents of version %d, digest %s\n", set.Len(), snap.Version, set.Digest())
	return nil
}

// write writes to standard output, to one file, or to a folder.
func (e *export) write(stdout io.Writer, docs []config.Document) error {
	if e.output == config.Stdin {
		return formats[e.format](stdout, slices.Values(docs))
	}
	info, err := os.Stat(e.output)
	if err == nil && info.IsDir() || strings.HasSuffix(e.output, string(filepath.Separator)) {
		return e.writeDir(docs)
	}
	return e.writeFile(e.output, docs)
}

// writeDir writes one file a kind, and removes what an earlier export may have
// left of kinds that are gone, or in the other format.
func (e *export) writeDir(docs []config.Document) error {
	if err := os.MkdirAll(e.output, 0o700); err != nil {
		return err
	}
	for _, kind := range e.kinds {
		var some []config.Document
		for _, doc := range docs {
			if string(doc.Key().Kind) == kind {
				some = append(some, doc)
			}
		}
		for format := range formats {
			if err := e.writeKind(filepath.Join(e.output, kind+"."+format), format, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *export) writeKind(path, format string, docs []config.Document) error {
	if format == e.format && len(docs) > 0 {
		return e.writeFile(path, docs)
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// writeFile replaces a file at once or leaves it as it was.
func (e *export) writeFile(path string, docs []config.Document) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // there no more when all went well
	err = formats[e.format](file, slices.Values(docs))
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(file.Name(), path)
}
