package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var lowConversionRate = Type{
	Code: "LOW_CONVERSION_RATE", Name: "low_conversion_rate",
	Doc:     "Rejects the conversions of a publisher that has too few of them for its clicks, and its clicks too where wanted.",
	Example: `{"lookback_times": {"daily": {"enabled": true, "min_click_count": 40, "min_conversion_count": 1, "min_conversion_rate": 5}}, "check_by_sub_id": false, "block_clicks": true}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.LowConversionRate},
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newRate(settings, env, rateKind{
			reason: click.LowConversionRate, detail: "conversion rate below the minimum of the ", bound: "min_conversion_rate",
			of:  func(t *rateSettings) float64 { return t.MinConversionRate },
			out: func(rate, bound float64) bool { return rate < bound },
		})
	},
}
