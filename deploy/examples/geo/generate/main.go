// Command generate writes the demo's geo data: two small databases and the
// address lists. Run it from the root of the repository after changing the
// tables of networks:
//
//	go run ./deploy/examples/geo/generate
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

//go:generate go run . -out ..

func main() {
	out := flag.String("out", filepath.Join("deploy", "examples", "geo"), "folder to write into")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes every file into the folder out.
func run(out string) error {
	files, err := makeFiles(networks())
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(out, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
