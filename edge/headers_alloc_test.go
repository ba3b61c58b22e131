//go:build !race

package edge

import "testing"

func TestSignalsDoNotAllocate(t *testing.T) {
	h, j := parseHead(t, chromeRequest), new(judged)
	if n := testing.AllocsPerRun(1000, func() { j.judge(h) }); n != 0 {
		t.Errorf("reading and judging Chrome's headers allocates %v times, want 0", n)
	}
}
