//go:build !race

package link

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

func TestParseAllocatesNothing(t *testing.T) {
	m, c := NewMapping(config.ClickParameters{}), new(click.Click)
	if n := testing.AllocsPerRun(100, func() {
		c.Reset()
		m.Parse(c, typicalQuery)
	}); n != 0 {
		t.Errorf("Parse makes %v allocations a query once warm, want 0", n)
	}
}
