//go:build !race

// One goroutine and thousands of regular expressions: the race detector would
// find nothing here and take a minute.

package device

import (
	"testing"

	"github.com/clickgate/clickgate/internal/testdata"
	"github.com/ua-parser/uap-go/uaparser"
	"go.yaml.in/yaml/v3"
)

// upstreamParser is the package as it comes, to compare with.
func upstreamParser(tb testing.TB) *uaparser.Parser {
	tb.Helper()
	p, err := uaparser.New(uaparser.WithCacheSize(1))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// look walks the rules itself; it must answer as the package does.
func TestLookEqualsUpstream(t *testing.T) {
	up := upstreamParser(t)
	sets := []struct {
		name string
		step int // the rules are slow, so only every step-th
	}{{"ua/uap-core/test_ua.jsonl", 4}, {"ua/uap-core/test_os.jsonl", 2}, {"ua/uap-core/test_device.jsonl.gz", 60}}
	compared := 0
	for _, set := range sets {
		for i, r := range corpus(t, set.name) {
			if i%set.step != 0 {
				continue
			}
			want := up.Parse(r.UA)
			if want.Device.Family == "Spider" {
				continue
			}
			compared++
			got := look(up.RegexDefinitions, r.UA)
			if got.BrowserName != want.UserAgent.Family || got.OSName != want.Os.Family ||
				got.Brand != want.Device.Brand || got.Model != want.Device.Model {
				t.Errorf("%s: %q\n got %+v\nwant %+v %+v %+v", set.name, r.UA, *got, *want.UserAgent, *want.Os, *want.Device)
			}
		}
	}
	if compared < 300 {
		t.Errorf("compared only %d user agents", compared)
	}
}

// With uap-core's newest rules the families are those its own tests want. (The
// package's built-in rules are older than the test data.)
func TestFamiliesOfUapCore(t *testing.T) {
	var newest uaparser.RegexDefinitions
	if err := yaml.Unmarshal(testdata.Read(t, "ua/uap-core/regexes.yaml.gz"), &newest); err != nil {
		t.Fatal(err)
	}
	up, err := uaparser.New(uaparser.WithRegexDefinitions(newest))
	if err != nil {
		t.Fatal(err)
	}
	rules := up.RegexDefinitions
	for _, tc := range []struct {
		set  string
		step int
		same func(row) bool
	}{
		{"ua/uap-core/test_ua.jsonl", 2, func(r row) bool { return lookBrowser(rules, r.UA).Family == r.Family }},
		{"ua/uap-core/test_os.jsonl", 1, func(r row) bool { return lookOS(rules, r.UA).Family == r.Family }},
		{"ua/uap-core/test_device.jsonl.gz", 40, func(r row) bool {
			d := look(rules, r.UA)
			return d.Brand == r.Brand && d.Model == r.Model
		}},
	} {
		tried := 0
		for i, r := range corpus(t, tc.set) {
			if i%tc.step != 0 || classify(r.UA[:min(len(r.UA), maxLen)]).class != person {
				continue
			}
			tried++
			if !tc.same(r) {
				t.Errorf("%s: the rules disagree with %+v", tc.set, r)
			}
		}
		if tried < 100 {
			t.Errorf("%s: only %d persons to compare", tc.set, tried)
		}
	}
}

// The sketch stands in for the rules when a flood comes, so it must name the
// everyday browsers and systems as they do.
func TestSketchAgreesWithRules(t *testing.T) {
	rules := upstreamParser(t).RegexDefinitions
	for _, set := range []struct {
		name string
		step int
	}{{"ua/browsers/top-user-agents.jsonl", 1}, {"ua/browsers/fake-useragent.jsonl.gz", 20}} {
		tried, same := 0, 0
		for i, r := range corpus(t, set.name) {
			if i%set.step != 0 {
				continue
			}
			tried++
			got, want := sketch(r.UA), look(rules, r.UA)
			want.Brand, want.Model = "", ""
			if *got == *want {
				same++
			} else {
				t.Logf("%s: %q\nsketch %+v\nrules  %+v", set.name, r.UA, *got, *want)
			}
		}
		t.Logf("%s: sketch and rules agree on %d of %d", set.name, same, tried)
		if float64(same) < 0.9*float64(tried) {
			t.Errorf("%s: sketch and rules agree on %d of %d, want 90 %%", set.name, same, tried)
		}
	}
}
