package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/internal/testdata"
)

// TestReplay judges a public access log, twice with the same result.
func TestReplay(t *testing.T) {
	t.Parallel()
	log, want := accessLog(t)
	first := replay(t, log)
	if !strings.HasPrefix(first, want) {
		t.Errorf("replay prints\n%s\nwant %s", first, want)
	}
	for _, want := range []string{"Approved\n", "Rejected\n", "BOT\n", "CLICK_FLOODING\n"} {
		if !strings.Contains(first, want) {
			t.Errorf("replay knows nothing of %s:\n%s", want, first)
		}
	}
	if second := replay(t, log); second != first {
		t.Errorf("the same log is judged differently: first\n%s\nthen\n%s", first, second)
	}
}

// accessLog is the path of the log and what a replay of it begins with. Under
// the race detector, which makes reading user agents many times slower, it is
// the beginning of the log only.
func accessLog(t *testing.T) (path, want string) {
	t.Helper()
	const name = "clicks/elastic-apache_logs.log.gz"
	if !raceEnabled {
		return testdata.Path(t, name), "9999 clicks judged, 1 lines unreadable\n"
	}
	lines := strings.SplitAfterN(string(testdata.Read(t, name)), "\n", 1001)[:1000]
	return write(t, "access.log", strings.Join(lines, "")), "1000 clicks judged, 0 lines unreadable\n"
}

func replay(t *testing.T, log string) string {
	t.Helper()
	r := run(t, "replay", log, "--config", demoBoot, "--link", goodLink)
	if r.status != 0 {
		t.Fatalf("replay ends with status %d: %s", r.status, r.err)
	}
	return r.out
}

// TestReplayGoesByTheLogsTime: clicks of one visitor are a flood when they come
// at once, and none when they are minutes apart.
func TestReplayGoesByTheLogsTime(t *testing.T) {
	t.Parallel()
	for apart, want := range map[time.Duration]string{0: "1  CLICK_FLOODING\n", 2 * time.Minute: "31  Approved\n"} {
		var log strings.Builder
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		for range 31 {
			fmt.Fprintf(&log, "81.0.0.1 - - [%s] \"GET / HTTP/1.1\" 200 1 \"-\" %q\n", at.Format("02/Jan/2006:15:04:05 -0700"), firefox)
			at = at.Add(apart)
		}
		if out := replay(t, write(t, "access.log", log.String())); !strings.Contains(out, " "+want) {
			t.Errorf("31 clicks %s apart are judged\n%s\nwant %s", apart, out, want)
		}
	}
}
