//go:build !race

package events

import "testing"

func TestAppendRowAllocatesNothing(t *testing.T) {
	c := fullClick()
	buf := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { buf = AppendRow(buf[:0], c, fullMeta) }); n != 0 {
		t.Errorf("AppendRow allocates %v times", n)
	}
}
