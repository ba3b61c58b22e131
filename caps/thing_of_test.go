package caps

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// That rows count as their clicks do is tested where rows are read
// (caps/service); a trial has no row.
func TestTrialsDoNotCount(t *testing.T) {
	for _, plane := range []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion} {
		c := &click.Click{Plane: plane}
		if _, ok := ThingOf(c); !ok {
			t.Errorf("%s: does not count", plane)
		}
		c.Trial = true
		if _, ok := ThingOf(c); ok {
			t.Errorf("%s: a trial counts", plane)
		}
	}
}
