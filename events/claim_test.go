package events

import "testing"

func TestClaimKeysKnowTheirBorders(t *testing.T) {
	seen := map[string][]string{}
	for _, parts := range [][]string{{"a", "b", "c"}, {"a", "bc"}, {"ab", "c"}, {"abc"}, {"a", "b", "", "c"}, {"a"}, {"a", ""}} {
		key := ClaimKey(parts[0], parts[1:]...)
		if other, ok := seen[key]; ok || len(key) != 32 {
			t.Errorf("%q and %q have the key %s", parts, other, key)
		}
		seen[key] = parts
	}
	// Keys stay what they are: those of an earlier version are still claimed.
	if got, want := ClaimKey("click", "abc", ""), "c88cc2a24a3c8632c6ce1b2a732b1e44"; got != want {
		t.Errorf("a key is %s, want %s", got, want)
	}
}
