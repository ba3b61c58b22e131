package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var clickFlooding = Type{
	Code: "CLICK_FLOODING", Name: "click_flooding",
	Doc:     "Rejects an address that clicks more often than allowed within a window, and keeps it out while it goes on.",
	Example: floodingExample,
	Planes:  []click.Plane{click.PlaneClick},
	Reasons: []click.Reason{click.ClickFlooding},
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newFlooding(settings, env, click.FilterClickFlooding, click.ClickFlooding)
	},
}
