package boot

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeSettings loads the settings that the README shows.
func TestReadmeSettings(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for part := range strings.SplitSeq(string(readme), "```yaml\n") {
		block, _, ok := strings.Cut(part, "\n```")
		if !ok || !strings.HasPrefix(block, "geo:") {
			continue
		}
		found++
		s, err := load(t, block)
		if err != nil {
			t.Error(err)
		}
		if len(s.Geo.Databases) == 0 || len(s.Geo.Lists) == 0 || len(s.Categories.Lists) == 0 {
			t.Errorf("the README's settings have no databases, lists or categories: %+v", s.Geo)
		}
	}
	if found != 1 {
		t.Errorf("the README has %d blocks of settings for addresses, want 1", found)
	}
}
