package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// userFrequency is DUPLICATE_USER on impressions and shares its counts.
var userFrequency = Type{
	Code: "USER_FREQUENCY", Name: "user_frequency",
	Doc:     "Rejects impressions of visitors that saw more than allowed within a window, known by address, visitor id, fingerprint or device id.",
	Example: duplicatesExample,
	Planes:  []click.Plane{click.PlaneImpression},
	Reasons: duplicateReasons,
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newDuplicates(settings, env)
	},
}
