package caps

import (
	"testing"
	"time"
)

func TestIncarnations(t *testing.T) {
	start := time.UnixMilli(noon)
	name, later := NewIncarnation("edge.1", start), NewIncarnation("edge.1", start.Add(time.Millisecond))
	if IncarnationOf(name) == IncarnationOf(later) || IncarnationOf(name) == 0 || IncarnationOf("") != 0 {
		t.Errorf("%s is %d, %s is %d", name, IncarnationOf(name), later, IncarnationOf(later))
	}
	node, first, ok := ParseIncarnation(name)
	if _, second, _ := ParseIncarnation(later); node != "edge.1" || !ok || second <= first {
		t.Errorf("%s is number %d of %q and %s number %d", name, first, node, later, second)
	}
	for _, name := range []string{"", "edge", "edge.", "edge.!"} {
		if _, _, ok := ParseIncarnation(name); ok {
			t.Errorf("%q is taken for an incarnation", name)
		}
	}
}
