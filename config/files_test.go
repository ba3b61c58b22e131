package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"b.yaml":         "kind: landing_page\nid: b",
		"a.json":         `[{"kind":"landing_page","id":"a"}]`,
		"sub/c.yml":      "kind: landing_page\nid: c",
		"readme.md":      "not: [a document",
		".hidden.yaml":   "not: [a document",
		".git/d.yaml":    "not: [a document",
		"empty/note.txt": "nothing",
		"other.conf":     "kind: landing_page\nid: other",
		"bad/1.yaml":     "kind: landing_page\nid: x\nnme: y\n",
		"bad/2.json":     "{",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name  string
		paths []string
		keys  string
		err   string
	}{
		{"nothing", nil, "", ""},
		{"files in the order given", []string{"b.yaml", "a.json"}, "b a", ""},
		{"a file of another name is YAML", []string{"other.conf"}, "other", ""},
		{"a directory, without what is hidden", []string{"."}, "a b c",
			"DIR/bad/1.yaml:3: landing_page/x: nme: unknown field; did you mean name?\nDIR/bad/2.json:1: text ends in the middle of a value"},
		{"a directory without documents", []string{"empty"}, "", "DIR/empty: directory holds no *.yaml, *.yml or *.json file"},
		{"what is not there, and the rest", []string{"missing.yaml", "b.yaml"}, "b", "DIR/missing.yaml: stat DIR/missing.yaml: no such file or directory"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var paths, keys []string
			for _, path := range tc.paths {
				paths = append(paths, filepath.Join(dir, path))
			}
			documents, err := ReadFiles(paths...)
			for _, d := range documents {
				keys = append(keys, d.Key().ID)
			}
			if !slices.Equal(keys, strings.Fields(tc.keys)) {
				t.Errorf("documents %q, want %q", keys, tc.keys)
			}
			var got string
			if err != nil {
				got = strings.ReplaceAll(err.Error(), dir, "DIR")
			}
			if got != tc.err {
				t.Errorf("error:\n%s\nwant:\n%s", got, tc.err)
			}
		})
	}
}
