package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var impressionFlooding = Type{
	Code: "IMPRESSION_FLOODING", Name: "impression_flooding",
	Doc:     "Rejects an address that causes more impressions than allowed within a window, and keeps it out while it goes on.",
	Example: floodingExample,
	Planes:  []click.Plane{click.PlaneImpression},
	Reasons: []click.Reason{click.ImpressionFlooding},
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newFlooding(settings, env, click.FilterImpressionFlooding, click.ImpressionFlooding)
	},
}
