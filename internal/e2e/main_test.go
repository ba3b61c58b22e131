// Package e2e tests the product as its users have it: the binary, built once,
// started as a process on free ports with a data folder of its own, and used
// through HTTP, its commands and its signals.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	root          = "../.." // of the repository
	demoBoot      = root + "/deploy/examples/demo.yaml"
	demoDocuments = root + "/deploy/examples/demo-documents.yaml"
)

// binary is the path of the built clickgate.
var binary string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "clickgate-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "clickgate")
	// The optimisation by profile doubles the time of a build and is no part of
	// what is tested.
	args := []string{"build", "-pgo=off", "-o", binary}
	if raceEnabled {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, root+"/cmd/clickgate")...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("build clickgate: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// environment is this process's, without settings for a clickgate that the
// developer runs himself.
func environment(extra ...string) []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "CLICKGATE_") {
			env = append(env, e)
		}
	}
	return append(env, extra...)
}
