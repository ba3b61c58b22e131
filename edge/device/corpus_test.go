package device

import (
	"bufio"
	"bytes"
	"encoding/json"
	"testing"

	"github.com/clickgate/clickgate/internal/testdata"
)

// row is one line of the data sets; most fill only a part of it.
type row struct {
	UA, Family, Major, Brand, Model string
}

// corpus reads the distinct user agents of a data set.
func corpus(tb testing.TB, name string) []row {
	tb.Helper()
	var rows []row
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(testdata.Read(tb, name)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			tb.Fatalf("%s: %v in %s", name, err, lines.Bytes())
		}
		if !seen[r.UA] {
			seen[r.UA] = true
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		tb.Fatalf("%s holds no user agents", name)
	}
	return rows
}

// The classifier must find nearly all programs and spare nearly all persons.
// The bounds leave room for what the sets disagree about: isbot's browsers hold
// libraries and broken strings, its crawlers a few that send a browser's exact
// string. Persons taken for programs are the worse mistake: it costs a publisher
// money.
func TestClassifierOnPublicSets(t *testing.T) {
	for _, tc := range []struct {
		set      string
		min, max float64 // share taken for programs, in percent
	}{
		{"bots/crawler-user-agents/instances.jsonl", 98, 100},
		{"bots/isbot/crawlers.jsonl", 95, 100},
		{"bots/isbot/browsers.jsonl", 0, 6},
		{"ua/browsers/fake-useragent.jsonl.gz", 0, 0.05},
		{"ua/browsers/top-user-agents.jsonl", 0, 2},
	} {
		rows := corpus(t, tc.set)
		programs := 0
		for _, r := range rows {
			if classify(r.UA[:min(len(r.UA), maxLen)]).class != person {
				programs++
			}
		}
		share := 100 * float64(programs) / float64(len(rows))
		t.Logf("%s: %d of %d taken for programs (%.2f %%)", tc.set, programs, len(rows), share)
		if share < tc.min || share > tc.max {
			t.Errorf("%s: %d of %d taken for programs (%.2f %%), want %v to %v %%", tc.set, programs, len(rows), share, tc.min, tc.max)
		}
	}
}
