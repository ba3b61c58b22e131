//go:build !race

package hints

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestHintsDoNotAllocate(t *testing.T) {
	var into click.Device
	if n := testing.AllocsPerRun(1000, func() {
		h := Parse(&everyHint)
		if h.Contradict(&onPhone) || h.Refine(&onPhone, &into) != &into {
			t.Error("the hints were not used")
		}
	}); n != 0 {
		t.Errorf("hints allocate %v times, want 0", n)
	}
}
