package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// write makes a file in a folder of the test and returns its path.
func write(tb testing.TB, name, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// publisher is a document that the demo lacks.
const publisher = "{kind: publisher, id: %s, organization: demo, incremental_id: %d, name: Another, active: true}\n"

// unreadable are documents with mistakes in their shape, a line each.
const unreadable = `{kind: publisher, id: one, organization: demo, incremental_id: 3, name: One, activ: true}
---
{kind: publisher, id: two, organization: demo, incremental_id: many, name: Two}
---
{kind: offer, id: shoes, organization: demo, integration: demo, incremental_id: 1, name: Shoes, advertiser_id: 1, active: maybe}
`

// wrong are documents with mistakes in what they say.
const wrong = `{kind: offer, id: hats, organization: demo, integration: nowhere, incremental_id: 7, name: Hats, advertiser_id: 1, active: true}
---
{kind: publisher, id: one, organization: demo, incremental_id: 9, name: One, active: true}
---
{kind: publisher, id: two, organization: demo, incremental_id: 9, name: Two, active: true}
---
kind: filter_group
id: strict
organization: demo
integration: demo
name: Strict
active: true
priority: 7
filters:
  - {type: BOTS, target: click}
  - {type: CLICK_FLOODING, target: click, settings: {max_duplicate_ip: 0, expires_in_seconds: 60}}
`

// mistakes are what must be said about each file: file, line and path of every
// mistake. Of a document of several lines its first line will do too.
var mistakes = map[string]struct {
	text string
	want []string
}{
	"unreadable.yaml": {unreadable, []string{
		`unreadable\.yaml:1: publisher/one: activ: `, `unreadable\.yaml:3: publisher/two: incremental_id: `, `unreadable\.yaml:5: offer/shoes: active: `,
	}},
	"wrong.yaml": {wrong, []string{
		`wrong\.yaml:1: offer/hats: integration: `, `wrong\.yaml:[35]: publisher/(one|two): incremental_id: `,
		`wrong\.yaml:(7|15): filter_group/strict: filters\[0\]\.`, `wrong\.yaml:(7|16): filter_group/strict: filters\[1\]\.settings\.max_duplicate_ip: `,
	}},
}

// wantMistakes checks that a command refused its input and named every mistake,
// each a regular expression.
func (r result) wantMistakes(tb testing.TB, what string, want []string) {
	tb.Helper()
	if r.status != 2 || r.crashed() {
		tb.Errorf("%s ends with status %d, want 2 and mistakes:\n%s", what, r.status, r.err)
		return
	}
	var missing []string
	for _, w := range want {
		if !regexp.MustCompile(w).MatchString(r.err) {
			missing = append(missing, w)
		}
	}
	if len(missing) > 0 {
		tb.Errorf("%s does not name the mistakes\n%s\nbut says\n%s", what, strings.Join(missing, "\n"), r.err)
	}
}

func TestBrokenDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	for name, m := range mistakes {
		file := write(t, name, m.text)
		n.run("apply", "-f", file).wantMistakes(t, "apply -f "+name, m.want)
		run(t, "serve", "--data-dir", t.TempDir(), "--edge-listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--control-listen", "127.0.0.1:0", "--apply", demoDocuments+","+file).
			wantMistakes(t, "serve --apply "+name, m.want)
		run(t, "check", "-f", demoDocuments, "-f", file).wantMistakes(t, "check -f "+name, m.want)
	}
	if plan := n.must("apply", "-f", demoDocuments); !strings.Contains(plan, "nothing changes, version 1 stays") {
		t.Errorf("after refused documents apply says %q, want the demo unchanged in version 1", plan)
	}
	n.visit(visitor{firefox, "81.0.0.1"}, goodLink).wantRedirect(t, landing)
}

func TestBrokenBootSettingsAreRefused(t *testing.T) {
	t.Parallel()
	unknown := write(t, "unknown.yaml", "edge: {lisen: 127.0.0.1:0}\nnode: [a, b]\n")
	run(t, "serve", "--config", unknown).wantMistakes(t, "serve", []string{"unknown.yaml:1: ", "lisen", "unknown.yaml:2: "})
	values := write(t, "values.yaml", "edge: {listen: nowhere}\nlog: {level: loud}\nevents: {max_age: 1s}\n")
	run(t, "serve", "--config", values).wantMistakes(t, "serve", []string{"edge.listen: ", "log.level: ", "events.max_age: "})
	run(t, "serve", "--config", filepath.Join(t.TempDir(), "none.yaml")).wantMistakes(t, "serve", []string{"none.yaml"})
	run(t, "serve", "--no-such-flag").wantMistakes(t, "serve", []string{"no-such-flag"})
}

func TestCheckTellsDocumentsAndDigest(t *testing.T) {
	t.Parallel()
	r := run(t, "check", "-f", demoDocuments)
	if r.status != 0 || !strings.Contains(r.out, " documents are valid, digest ") {
		t.Errorf("check of the demo ends with status %d and says %q%q", r.status, r.out, r.err)
	}
	more := run(t, "check", "-f", demoDocuments, "-f", write(t, "more.yaml", fmt.Sprintf(publisher, "new", 9)))
	if more.status != 0 || more.out == r.out {
		t.Errorf("check with one more document ends with status %d and says %q%q, want another digest", more.status, more.out, more.err)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	file := write(t, "new.yaml", fmt.Sprintf(publisher, "new", 9))
	for range 2 { // the second one still finds nothing there
		plan := n.must("apply", "-f", file, "--dry-run")
		if !strings.Contains(plan, "publisher/new created") || !strings.Contains(plan, "version 1 stays") {
			t.Errorf("the dry run says %q, want a publisher created and version 1", plan)
		}
	}
	if plan := n.must("apply", "-f", file); !strings.Contains(plan, "version 2 is live") {
		t.Errorf("apply says %q, want version 2", plan)
	}
	n.awaitVersion(2)
}

// TestApplyUnderLoad: no request fails while versions change, events tell by
// which of them they were judged, and a flooder stays one.
func TestApplyUnderLoad(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	flooder := visitor{firefox, "82.0.0.1"}
	for range 30 {
		n.visit(flooder, goodLink)
	}
	l := startLoad(n, usual)
	const versions = 5
	for version := 2; version <= versions; version++ {
		id := fmt.Sprintf("new%d", version)
		n.must("apply", "-f", write(t, "new.yaml", fmt.Sprintf(publisher, id, 10+version)))
		n.awaitVersion(float64(version))
		l.awaitMore(50)
		link := fmt.Sprintf("/click?offer_id=1&publisher_id=%d", 10+version)
		n.visit(visitor{firefox, fmt.Sprintf("82.0.1.%d", version)}, link).wantRedirect(t, landing)
	}
	outcomes := l.end()
	n.visit(flooder, goodLink+"&sub_id=after").wantRedirect(t, fallback, "reason=CLICK_FLOODING")
	wantAnswers(t, outcomes)
	log := n.events()
	wantInLog(t, log, outcomes)
	judged := map[string]int{}
	for _, e := range log {
		judged[e.Version]++
	}
	if len(judged) != versions {
		t.Errorf("the events were judged by the versions %v, want %d of them", judged, versions)
	}
}
