package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// builtin lists the filters. A new one is a file, a line here and one in
// click.Filter.
var builtin = [click.FilterCount]Type{
	click.FilterBot:                          bot,
	click.FilterVPN:                          vpn,
	click.FilterOldBrowser:                   oldBrowser,
	click.FilterOldOS:                        oldOS,
	click.FilterDeviceID:                     deviceID,
	click.FilterParameter:                    parameter,
	click.FilterSubIDValidityCheck:           subIDValidityCheck,
	click.FilterDuplicateUser:                duplicateUser,
	click.FilterUserFrequency:                userFrequency,
	click.FilterClickFlooding:                clickFlooding,
	click.FilterImpressionFlooding:           impressionFlooding,
	click.FilterISP:                          isp,
	click.FilterKeyword:                      keyword,
	click.FilterReferer:                      referer,
	click.FilterSiteURL:                      siteURL,
	click.FilterConversionRejectionThreshold: conversionRejectionThreshold,
	click.FilterHighConversionRate:           highConversionRate,
	click.FilterLowConversionRate:            lowConversionRate,
	click.FilterClickSpam:                    clickSpam,
	click.FilterLowSessionTimeAnomaly:        lowSessionTimeAnomaly,
	click.FilterMinimumSessionTime:           minimumSessionTime,
	click.FilterMaximumSessionTime:           maximumSessionTime,
	click.FilterThirdPartyRejection:          thirdPartyRejection,
	click.FilterWrongInstallTime:             wrongInstallTime,
}

// Types lists the filters there are.
func Types() []Type { return slices.Clone(builtin[:]) }

// TypesOn lists the codes of the filters that judge a plane. It fits config's
// checks.
func TypesOn(plane config.Plane) []string {
	p, ok := planeOf(plane)
	if !ok {
		return nil
	}
	return codes(p)
}

// Check tells what is wrong with a filter of a document: an unknown type, one
// that does not judge the plane, or wrong settings. Paths are relative to the
// settings; a mistake of the type itself has none. It fits config's checks.
func Check(plane config.Plane, code string, settings config.Raw) config.Problems {
	p, ok := planeOf(plane)
	if !ok {
		return config.Problems{{Message: fmt.Sprintf("unknown plane %q; there are click, impression and conversion", plane)}}
	}
	kind, problem := find(p, code)
	if problem != "" {
		return config.Problems{{Message: problem}}
	}
	_, problems := builtin[kind].New(settings, Env{Plane: p, Scope: "check", State: new(state.Memory)})
	return problems
}

// find returns the type that judges a plane under a code, or what is wrong. On
// impressions DUPLICATE_USER is USER_FREQUENCY (D-15).
func find(p click.Plane, code string) (click.Filter, string) {
	i := slices.IndexFunc(builtin[:], func(t Type) bool { return t.Code == code })
	if i < 0 {
		return 0, fmt.Sprintf("unknown filter type %q; for %ss there are %s", code, planes[p], strings.Join(codes(p), ", "))
	}
	kind := click.Filter(i)
	switch {
	case p == click.PlaneImpression && kind == click.FilterDuplicateUser:
		kind = click.FilterUserFrequency
	case p == click.PlaneClick && (kind == click.FilterHighConversionRate || kind == click.FilterLowConversionRate):
		return 0, fmt.Sprintf("%s is read-only on clicks; set block_clicks of the conversion filter %s, which then rejects clicks too", code, code)
	case !slices.Contains(builtin[i].Planes, p):
		return 0, fmt.Sprintf("%s does not judge %ss; for them there are %s", code, planes[p], strings.Join(codes(p), ", "))
	}
	return kind, ""
}

// codes names the filters that judge a plane.
func codes(p click.Plane) (names []string) {
	for _, t := range builtin {
		if slices.Contains(t.Planes, p) {
			names = append(names, t.Code)
		}
	}
	return names
}

// planes are config's names of the planes.
var planes = [...]config.Plane{
	click.PlaneClick:      config.PlaneClick,
	click.PlaneImpression: config.PlaneImpression,
	click.PlaneConversion: config.PlaneConversion,
}

func planeOf(name config.Plane) (click.Plane, bool) {
	i := slices.Index(planes[:], name)
	return click.Plane(max(i, 0)), i >= 0
}
