package clickid

import (
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	g, _ := newGenerator(f, 1)
	for _, s := range []string{"", next(g, someMS), strings.Repeat("f", Size), strings.Repeat("é", 16)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		info, err := g.Parse(id)
		if err != nil {
			return
		}
		// Whoever is accepted was made by the generator: it makes it again.
		again := &Generator{node: uint64(info.Node)}
		again.macs.Store(g.macs.Load())
		again.last.Store(uint64(info.TimeMS)<<16 | uint64(info.Seq) - 1)
		if got := next(again, 0); got != id {
			t.Errorf("Parse accepts %q, which says %+v, but the generator makes %q of it", id, info, got)
		}
	})
}
