// Package testdata finds the large public data sets (user agents, address
// lists, databases, logs) that some tests read. They are not part of the
// repository: a test that wants one is skipped where it is absent.
package testdata

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Path returns the path of a file or folder of the data sets, named from their
// root ("geo/test-data"). The root is $CLICKGATE_TESTDATA, or else the folder
// shared/data beside the repository. The test is skipped when it is not there.
func Path(tb testing.TB, name string) string {
	tb.Helper()
	root := os.Getenv("CLICKGATE_TESTDATA")
	if root == "" {
		_, file, _, _ := runtime.Caller(0)
		root = filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("data set %s is absent (set CLICKGATE_TESTDATA to the folder that holds it)", name)
	}
	return path
}

// Read returns the content of a file of the data sets, unpacked when its name
// ends in .gz. The test is skipped when the file is not there.
func Read(tb testing.TB, name string) []byte {
	tb.Helper()
	f, err := os.Open(Path(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
