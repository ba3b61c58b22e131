package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var highConversionRate = Type{
	Code: "HIGH_CONVERSION_RATE", Name: "high_conversion_rate",
	Doc:     "Rejects the conversions of a publisher that has too many of them for its clicks, and its clicks too where wanted.",
	Example: `{"lookback_times": {"hourly": {"enabled": true, "min_click_count": 10, "min_conversion_count": 5, "max_conversion_rate": 40}}, "check_by_sub_id": false, "block_clicks": true}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.HighConversionRate},
	New: func(settings config.Raw, env Env) (Filter, config.Problems) {
		return newRate(settings, env, rateKind{
			reason: click.HighConversionRate, detail: "conversion rate above the maximum of the ", bound: "max_conversion_rate",
			of:  func(t *rateSettings) float64 { return t.MaxConversionRate },
			out: func(rate, bound float64) bool { return rate > bound },
		})
	},
}
