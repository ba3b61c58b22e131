package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// builtin lists the filters. A new one is a file and a line here.
var builtin = []Type{
	bot,
	vpn,
	isp,
	clickFlooding,
	duplicateUser,
}

// Types lists the filters there are.
func Types() []Type { return slices.Clone(builtin) }

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
	i, problem := find(p, code)
	if problem != "" {
		return config.Problems{{Message: problem}}
	}
	_, problems := builtin[i].New(settings, Env{Plane: p, Scope: "check", State: new(state.Memory)})
	return problems
}

// find returns the index of a type that judges a plane, or what is wrong.
func find(p click.Plane, code string) (int, string) {
	i := slices.IndexFunc(builtin, func(t Type) bool { return t.Code == code })
	if i < 0 {
		return 0, fmt.Sprintf("unknown filter type %q; for %ss there are %s", code, planes[p], strings.Join(codes(p), ", "))
	}
	if !slices.Contains(builtin[i].Planes, p) {
		return 0, fmt.Sprintf("%s does not judge %ss; for them there are %s", code, planes[p], strings.Join(codes(p), ", "))
	}
	return i, ""
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
