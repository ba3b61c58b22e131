package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// team are documents without ids. The blocked sub id makes a good click a bad
// one.
const team = `kind: publisher
organization: demo
name: A magazine
active: true
---
kind: blocked_sub_id
organization: demo
publisher_incremental_id: 1
offer_incremental_id: 1
sub_id: spoiled
`

// wantParts checks what a command printed.
func wantParts(t *testing.T, what, out string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(out, part) {
			t.Errorf("%s prints\n%s\nwhich lacks %q", what, out, part)
		}
	}
}

// TestConfigAsCode takes a team's files through their life: tried, applied,
// applied again, shortened, and brought back.
func TestConfigAsCode(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	file := write(t, "team.yaml", team)
	spoiled := func(address string, blocked bool) {
		t.Helper()
		a := n.visit(visitor{firefox, address}, goodLink+"&sub_id=spoiled")
		if blocked {
			a.wantRedirect(t, fallback, "reason=SUB_ID_BLOCKED")
			return
		}
		a.wantRedirect(t, landing)
	}
	apply := func(args ...string) string { return n.must("apply", append([]string{"--label", "team"}, args...)...) }

	r := n.run("apply", "-f", file, "--dry-run", "--exit-code")
	if r.status != 3 {
		t.Errorf("a dry run that would change something ends with status %d: %s", r.status, r.err)
	}
	wantParts(t, "the dry run", r.out, "publisher/a-magazine created", "+ incremental_id: 3", "blocked_sub_id/blocked-sub-id-1-1-spoiled created", "version 1 stays")
	spoiled("83.0.0.1", false)

	wantParts(t, "apply", apply("-f", file, "--comment", "our files"), "2 created", `+ label: "team"`, "version 2 is live")
	n.awaitVersion(2)
	spoiled("83.0.0.2", true)
	wantParts(t, "apply again", apply("-f", file, "--prune"), "nothing changes, version 2 stays")
	wantParts(t, "apply from standard input", n.feed(team, "apply", "-f", "-"), "nothing changes, version 2 stays")
	n.must("apply", "-f", file, "--dry-run", "--exit-code")

	shorter, _, _ := strings.Cut(strings.Replace(team, "A magazine\n", "A magazine\nwebsite: https://magazine.example/\n", 1), "---")
	wantParts(t, "the shorter file", apply("-f", write(t, "team.yaml", shorter), "--prune"),
		"publisher/a-magazine updated (\"A magazine\")\n  + website: \"https://magazine.example/\"\n", "blocked_sub_id/blocked-sub-id-1-1-spoiled deleted", "version 3 is live")
	n.awaitVersion(3)
	spoiled("83.0.0.3", false)

	wantParts(t, "rollback --dry-run", n.must("rollback", "2", "--dry-run"), "- website:", "blocked-sub-id-1-1-spoiled created", "version 3 stays")
	wantParts(t, "rollback", n.must("rollback", "2"), "version 4 is live")
	n.awaitVersion(4)
	spoiled("83.0.0.4", true)

	history := n.must("history")
	if versions := regexp.MustCompile(`(?m)^\d+`).FindAllString(history, -1); !slices.Equal(versions, []string{"4", "3", "2", "1"}) {
		t.Errorf("history lists the versions %v:\n%s", versions, history)
	}
	wantParts(t, "history", history, "rollback to version 2", "our files", "applied at start")
	wantParts(t, "history 3", n.must("history", "3"), "publisher/a-magazine updated", "+ website:", "deleted")
	wantParts(t, "history 1 --json", n.must("history", "1", "--json"), `"key": "offer/shoes"`, `"action": "created"`)
	if strings.Contains(n.must("history", "1"), "demo-secret") {
		t.Error("history shows the secure code")
	}
	for _, args := range [][]string{{"rollback", "99"}, {"rollback", "0"}, {"rollback", "x"}, {"rollback"}, {"history", "99"}, {"apply", "-f", file, "--prune"}, {"apply", "-f", file, "--exit-code"}} {
		if r := n.run(args[0], args[1:]...); r.status != 2 || r.out != "" || r.err == "" || r.crashed() {
			t.Errorf("%q ends with status %d and prints %q, %q; want a mistake", args, r.status, r.out, r.err)
		}
	}
}

// feed runs a command that must succeed with text on standard input.
func (n *node) feed(text, command string, args ...string) string {
	n.tb.Helper()
	cmd := exec.CommandContext(n.tb.Context(), binary, slices.Concat([]string{command}, n.at, args)...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environment(), strings.NewReader(text), &out, &errs
	if err := cmd.Run(); err != nil {
		n.tb.Fatalf("clickgate %s %q: %v\n%s", command, args, err, errs.String())
	}
	return out.String()
}

var digest = regexp.MustCompile(`digest ([0-9a-f]{64})`)

// digestIn is the digest that a command printed.
func digestIn(t *testing.T, text string) string {
	t.Helper()
	m := digest.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("there is no digest in %q", text)
	}
	return m[1]
}

// export exports and returns the digest that the command tells.
func (n *node) export(t *testing.T, args ...string) string {
	t.Helper()
	r := n.run("export", args...)
	if r.status != 0 {
		t.Fatalf("export %q ends with status %d: %s", args, r.status, r.err)
	}
	return digestIn(t, r.err)
}

// TestExportMovesEverything: what one system exports, another, empty one takes
// over to the same digest, in either format and as files or a folder.
func TestExportMovesEverything(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	n.must("apply", "-f", write(t, "team.yaml", team), "--label", "team")
	dir := t.TempDir()
	folder, yaml, json := filepath.Join(dir, "folder"), filepath.Join(dir, "all.yaml"), filepath.Join(dir, "all.json")
	want := n.export(t, "-o", yaml)
	for _, to := range []string{json, folder + "/"} {
		if got := n.export(t, "-o", to); got != want {
			t.Errorf("export to %s has digest %s, export to %s %s", to, got, yaml, want)
		}
	}
	for _, from := range []string{yaml, json, folder} {
		if got := digestIn(t, run(t, "check", "-f", from).out); got != want {
			t.Errorf("check of %s tells digest %s, want %s", from, got, want)
		}
		other := launch(t, nil, "--data-dir", t.TempDir())
		other.at = []string{"--data-dir", other.cmd.Args[len(other.cmd.Args)-1]}
		other.awaitLog("serving")
		wantParts(t, "apply", other.must("apply", "-f", from), "0 updated, 0 deleted, 0 unchanged", "version 1 is live")
		if got := other.export(t); got != want {
			t.Errorf("after %s the other system has digest %s, want %s", from, got, want)
		}
		other.stop()
	}

	// A second export into the folder leaves nothing of the first.
	n.must("rollback", "1")
	n.export(t, "-o", folder, "--format", "json", "--kind", "advertiser")
	if _, err := os.Stat(filepath.Join(folder, "advertiser.yaml")); !os.IsNotExist(err) {
		t.Errorf("advertiser.yaml is still beside advertiser.json: %v", err)
	}
	if got, all := n.export(t, "-o", folder, "--format", "json"), digestIn(t, run(t, "check", "-f", folder).out); got != all {
		t.Errorf("the folder has digest %s, the export %s", all, got)
	}
	if info, err := os.Stat(filepath.Join(folder, "integration.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a file with secrets has mode %v, %v", info.Mode(), err)
	}
	wantParts(t, "export of a label", n.must("export", "--label", "nobody", "--format", "json"), "[]\n")
	if r := n.run("export", "--kind", "ofer"); r.status != 2 || !strings.Contains(r.err, "did you mean offer?") {
		t.Errorf("export of an unknown kind ends with status %d: %s", r.status, r.err)
	}
}
