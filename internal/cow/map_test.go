package cow

import (
	"maps"
	"math/rand/v2"
	"testing"
)

// Random changes do to a Map what they do to a plain map, and the maps that
// came before stay as they were.
func TestMapIsPersistent(t *testing.T) {
	type version struct {
		m    Map[int, int]
		want map[int]int
	}
	r := rand.New(rand.NewPCG(1, 2))
	all := []version{{want: map[int]int{}}}
	for range 300 {
		last := all[len(all)-1]
		e, want := last.m.Edit(), maps.Clone(last.want)
		for range r.IntN(20) {
			k, v := r.IntN(1000), r.Int()
			if r.IntN(3) == 0 {
				e.Delete(k)
				delete(want, k)
				continue
			}
			e.Put(k, v)
			want[k] = v
		}
		all = append(all, version{e.Map(), want})
	}
	for i, v := range all {
		if got := maps.Collect(v.m.All()); !maps.Equal(got, v.want) || v.m.Len() != len(v.want) {
			t.Fatalf("version %d has %d entries (Len %d), want %d, or others", i, len(got), v.m.Len(), len(v.want))
		}
		for k, want := range v.want {
			if got, ok := v.m.Get(k); !ok || got != want {
				t.Fatalf("version %d: Get(%d) = %d, %v, want %d", i, k, got, ok, want)
			}
		}
	}
	if last := all[len(all)-1].m; last.Len() <= fewEntries {
		t.Fatalf("the last map has %d entries only: shards were not tested", last.Len())
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	e := Map[string, int]{}.Edit()
	for i := range 1000 {
		e.Put(string(rune('a'+i)), i)
	}
	m := e.Map()
	if n := testing.AllocsPerRun(100, func() { m.Get("a"); m.Get("nobody") }); n != 0 {
		t.Errorf("Get allocates %v times", n)
	}
}
