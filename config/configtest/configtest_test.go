package configtest

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestGoodHoldsEveryKind(t *testing.T) {
	set, problems := config.NewSet(Good()...)
	if problems = append(problems, set.Validate(config.Checks{})...); len(problems) > 0 {
		t.Error(problems)
	}
	held := map[config.Kind]bool{}
	for doc := range set.All() {
		held[doc.Key().Kind] = true
	}
	for _, kind := range config.Kinds() {
		if !held[kind] {
			t.Errorf("there is no %s", kind)
		}
	}
}

func TestBrokenIsRepeatable(t *testing.T) {
	one, two, other := Broken(Good(), 1, 300), Broken(Good(), 1, 300), Broken(Good(), 2, 300)
	if !reflect.DeepEqual(one, two) || reflect.DeepEqual(one, other) {
		t.Error("a seed does not decide on the mistakes")
	}
	for _, m := range one {
		if m.JSON != nil && bytes.Contains(m.JSON, []byte(`{"kind"`)) {
			t.Errorf("%s: the JSON holds the kind: %s", m.Name, m.JSON)
		}
	}
}

func TestToldBy(t *testing.T) {
	for _, c := range []struct {
		path, problem, message string
		want                   bool
	}{
		{"name", "offer/x: name", "missing", true},
		{"name", "offer/x: name", "", false},
		{"name", "offer/x: names", "missing", false},
		{"name", "offer/x: first.name", "missing", false},
		{"filters", "offer/x: filters[1].type", "missing", true},
		{"list[", "offer/x: list[1]", "missing", true},
		{"kind", "kind", "missing", true},
		{"offer/x", "offer/x", "twice", true},
		{"", "", "cut off", true},
	} {
		told := Mistake{Path: c.path}.ToldBy(config.Problems{{Path: c.problem, Message: c.message}})
		if told != c.want {
			t.Errorf("%q is told by %q %q: %t", c.path, c.problem, c.message, told)
		}
	}
}
