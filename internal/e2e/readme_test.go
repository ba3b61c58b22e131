package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// example is a command of the README with the output it promises.
type example struct{ command, output string }

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// blocks are the README's code blocks of a language.
func blocks(t *testing.T, language string) (all []string) {
	t.Helper()
	for _, m := range fence.FindAllStringSubmatch(readme(t), -1) {
		if m[1] == language {
			all = append(all, m[2])
		}
	}
	if len(all) == 0 {
		t.Fatalf("README.md has no %s blocks", language)
	}
	return all
}

func examples(t *testing.T) (all []example) {
	t.Helper()
	for line := range strings.Lines(strings.Join(blocks(t, "console"), "")) {
		command, is := strings.CutPrefix(line, "$ ")
		switch {
		case is:
			all = append(all, example{command: strings.TrimSpace(command)})
		case len(all) == 0:
			t.Fatalf("README.md promises the output %q of no command", line)
		default:
			all[len(all)-1].output += line
		}
	}
	return all
}

// TestReadme runs every command of the README, in its order, on a demo.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the README's commands need %s, which is not installed", tool)
		}
	}
	dir := t.TempDir()
	n := startDemo(t, dir)
	here := strings.NewReplacer(
		"localhost:8080", n.edge, "localhost:9090", n.ops, "bin/clickgate", quote(binary),
		"--config deploy/examples/demo.yaml", "--config deploy/examples/demo.yaml --data-dir "+quote(dir),
	)
	for _, e := range examples(t) {
		got := shell(t, here.Replace(e.command))
		if !promised(e.output).MatchString(got) {
			t.Errorf("$ %s\nprints\n%s\nREADME.md promises\n%s", e.command, got, e.output)
		}
	}
}

func quote(path string) string { return "'" + path + "'" }

// shell runs a command line in the repository and returns what it prints.
func shell(t *testing.T, line string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", line)
	cmd.Dir, cmd.Env = root, environment()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("$ %s\n%v\n%s", line, err, errs.String())
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n")
}

// promised matches an output in which "..." stands for anything.
func promised(output string) *regexp.Regexp {
	parts := strings.Split(strings.TrimSpace(output), "...")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(parts, ".*") + `\s*\z`)
}

var target = regexp.MustCompile(`\bmake ([a-z-]+)`)

// TestReadmeNamesTargets: what the README has one make can be made.
func TestReadmeNamesTargets(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(root + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	names := target.FindAllStringSubmatch(strings.Join(blocks(t, "sh"), ""), -1)
	if len(names) == 0 {
		t.Error("README.md tells nobody to make anything")
	}
	for _, m := range append(names, regexp.MustCompile("`make ([a-z-]+)`").FindAllStringSubmatch(readme(t), -1)...) {
		if !bytes.Contains(makefile, []byte("\n"+m[1]+":")) {
			t.Errorf("README.md says make %s, and the Makefile has no such target", m[1])
		}
	}
}
