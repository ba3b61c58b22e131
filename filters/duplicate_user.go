package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// duplicateUser is called user_frequency on impressions, where both names stand
// for one filter (D-15).
var duplicateUser = Type{
	Code: "DUPLICATE_USER", Name: "duplicate_user",
	Doc:     "Rejects visitors that come more often than allowed within a window, known by address, visitor id, fingerprint or device id.",
	Example: duplicatesExample,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: duplicateReasons,
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newDuplicates(settings, env)
	},
}
