package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var metricName = regexp.MustCompile(`[\x60"]clickgate_([a-z0-9]+)_([a-z0-9_]+)`)

// subsystems are the packages, and the parts of the product, that count.
var subsystems = []string{"attribution", "caps", "config", "control", "device", "disk", "edge", "events", "fetch", "filters", "geo", "listen", "postback", "site"}

// units are the endings of metric names: what a number means. State is 0 or 1.
var units = []string{
	"_total", "_seconds", "_bytes", "_lines", "_blocks", "_ratio", "_version", // amounts
	"_calls", "_hosts", // what waits, is kept or is left alone
	"_at_risk",                       // events that only memory holds
	"_well", "_connected", "_failed", // states
}

// TestMetricNames: clickgate_<package>_<what>_<unit or total>.
func TestMetricNames(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range metricName.FindAllStringSubmatch(string(source), -1) {
			found++
			checkMetric(t, path, m[1], m[2])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 20 {
		t.Fatalf("found %d metrics only: the test looks in the wrong place", found)
	}
}

func checkMetric(t *testing.T, path, subsystem, rest string) {
	t.Helper()
	if !slices.Contains(subsystems, subsystem) {
		t.Errorf("%s: clickgate_%s_%s: %q is no subsystem", path, subsystem, rest, subsystem)
	}
	if !slices.ContainsFunc(units, func(unit string) bool { return strings.HasSuffix("_"+rest, unit) }) {
		t.Errorf("%s: clickgate_%s_%s ends in none of %v", path, subsystem, rest, units)
	}
}
