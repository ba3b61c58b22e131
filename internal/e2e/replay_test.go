package e2e

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/testdata"
)

// TestReplay judges a public access log, twice with the same result.
func TestReplay(t *testing.T) {
	t.Parallel()
	log := testdata.Path(t, "clicks/elastic-apache_logs.log.gz")
	replay := func() string {
		r := run(t, "replay", log, "--config", demoBoot, "--link", goodLink)
		if r.status != 0 {
			t.Fatalf("replay ends with status %d: %s", r.status, r.err)
		}
		return r.out
	}
	first := replay()
	if want := "9999 clicks judged, 1 lines unreadable\n"; !strings.HasPrefix(first, want) {
		t.Errorf("replay prints\n%s\nwant %s", first, want)
	}
	for _, want := range []string{"Approved\n", "Rejected\n", "BOT\n", "CLICK_FLOODING\n"} {
		if !strings.Contains(first, want) {
			t.Errorf("replay knows nothing of %s:\n%s", want, first)
		}
	}
	if second := replay(); second != first {
		t.Errorf("the same log is judged differently: first\n%s\nthen\n%s", first, second)
	}
}
