package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

// TestHistory: the versions with who and why on a line each, what a version
// changed while that is known, and which documents it changed when it is not.
func TestHistory(t *testing.T) {
	s := openTestStore(t)
	const versions = 25
	for i := range versions {
		doc := &config.Advertiser{Meta: config.Meta{ID: "acme", Organization: "org"}, Name: fmt.Sprint("name ", i+1)}
		opts := store.ApplyOptions{Author: "ann\n\x1b[31m", Comment: fmt.Sprint("number ", i+1)}
		if _, err := store.Apply(t.Context(), s, []config.Document{doc}, opts); err != nil {
			t.Fatal(err)
		}
	}
	heads, err := s.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	show := func(version string, asJSON bool) string {
		t.Helper()
		var out strings.Builder
		if err := showVersion(t.Context(), &out, s, heads, version, asJSON); err != nil {
			t.Fatalf("version %s: %v", version, err)
		}
		return out.String()
	}
	var list strings.Builder
	if err := listVersions(&list, heads); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(list.String(), "\n"); len(lines) != versions+2 || !strings.HasPrefix(lines[1], "25 ") || !strings.HasSuffix(lines[1], "  ann  [31m  1        number 25") {
		t.Errorf("the list is\n%s", &list)
	}
	if got := show("24", false); !strings.Contains(got, ": number 24\nadvertiser/acme updated (\"name 24\")\n  ~ name: \"name 23\" -> \"name 24\"\n") {
		t.Errorf("version 24 is shown as\n%s", got)
	}
	if got := show("2", false); !strings.Contains(got, "not kept any more") || !strings.HasSuffix(got, "documents:\n  advertiser/acme\n") {
		t.Errorf("version 2 is shown as\n%s", got)
	}
	var v versionJSON
	if err := json.Unmarshal([]byte(show("24", true)), &v); err != nil {
		t.Fatal(err)
	}
	if v.Version != 24 || len(v.Changes) != 1 || len(v.Changes[0].Fields) != 1 || string(v.Changes[0].Fields[0].New) != `"name 24"` {
		t.Errorf("version 24 is %+v", v)
	}
	if err := showVersion(t.Context(), &list, s, heads, "26", false); exitStatus(err) != exitMistake {
		t.Errorf("a version that never was: %v", err)
	}
}
