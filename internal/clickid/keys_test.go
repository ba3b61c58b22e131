package clickid

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestKeysJSON(t *testing.T) {
	keys := Keys{Current: Key{Secret: Secret{0: 0xab, 15: 1}, Created: time.Unix(1_700_000_000, 0).UTC()}}
	const want = `{"current":{"key":"ab000000000000000000000000000001","created":"2023-11-14T22:13:20Z"}}`
	got, err := json.Marshal(keys)
	if err != nil || string(got) != want {
		t.Fatalf("keys are stored as %s, %v; want %s", got, err, want)
	}
	for _, k := range []Keys{keys, keys.Rotate(time.Unix(1_800_000_000, 5))} {
		text, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		var back Keys
		if err := json.Unmarshal(text, &back); err != nil || back != k {
			t.Errorf("%s reads back as %s, %v; want the same keys", text, mustJSON(back), err)
		}
	}
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

func TestSecretRefuses(t *testing.T) {
	for _, text := range []string{"", "ab", strings.Repeat("g", 32), strings.Repeat("0", 33), strings.Repeat("0", 64)} {
		if err := new(Secret).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("secret %q is accepted, want 32 hex digits only", text)
		}
	}
}

func TestSecretStaysOutOfLogs(t *testing.T) {
	keys := Keys{Current: Key{Secret: Secret{0xab, 0xcd}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, keys); !strings.Contains(text, "[secret]") || strings.Contains(text, "171") || strings.Contains(text, "abcd") {
			t.Errorf("printed with %s the keys read %s, want [secret] in place of the secret", verb, text)
		}
	}
}

func TestRotate(t *testing.T) {
	keys := NewKeys(time.Unix(1, 0))
	rotated := keys.Rotate(time.Unix(2, 0))
	if rotated.Previous != keys.Current {
		t.Error("after a rotation the previous key is not the one that was current")
	}
	if rotated.Current.Secret == keys.Current.Secret {
		t.Error("a rotation keeps the secret")
	}
	if keys.Current.IsZero() || !keys.Previous.IsZero() {
		t.Error("new keys have no current key, or a previous one")
	}
}

// A new key accepts ids at once and makes them a little later, when all edges
// know it.
func TestNewKeySettles(t *testing.T) {
	made := time.UnixMilli(someMS)
	old := NewKeys(made.Add(-time.Hour))
	keys := old.Rotate(made)
	behind, err := NewGenerator(1, old)
	if err != nil {
		t.Fatal(err)
	}
	ahead, err := NewGenerator(2, keys)
	if err != nil {
		t.Fatal(err)
	}
	settled := keys.Current.Created.Add(SettleTime).UnixMilli()
	if err := parseErr(behind, next(ahead, settled-1)); err != nil {
		t.Errorf("an edge that has not heard of the new key refuses what others make: %v", err)
	}
	id := next(ahead, settled)
	if err := parseErr(behind, id); err == nil {
		t.Error("the new key is never used")
	}
	if err := behind.SetKeys(keys); err != nil {
		t.Fatal(err)
	}
	if err := parseErr(behind, id); err != nil {
		t.Errorf("the new key's id is refused: %v", err)
	}
	first, err := NewGenerator(3, NewKeys(made))
	if err != nil {
		t.Fatal(err)
	}
	if err := parseErr(first, next(first, someMS)); err != nil {
		t.Errorf("a first key waits for nothing: %v", err)
	}
}

func TestNoCurrentKey(t *testing.T) {
	if _, err := NewGenerator(1, Keys{}); err == nil {
		t.Error("NewGenerator works without a key, want an error")
	}
	g, _ := newGenerator(t, 1)
	id := next(g, someMS)
	if err := g.SetKeys(Keys{}); err == nil {
		t.Error("SetKeys accepts empty keys, want an error")
	}
	if err := parseErr(g, id); err != nil {
		t.Errorf("after refused keys the old ones no longer work: %v", err)
	}
}
