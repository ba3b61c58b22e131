package api

import (
	"fmt"
	"maps"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// On impressions DUPLICATE_USER is another name of USER_FREQUENCY, which the
// documents use in updates only. Both are taken, and answers have one (D-15).
const (
	duplicateUser = "duplicate_user"
	userFrequency = "user_frequency"
)

// oneName returns an entity, or a body with some, with the filter of impressions
// under its one name. What is given stays as it is. An object form that has both
// names keeps them, for validation to refuse.
func oneName(value any) any {
	switch value := value.(type) {
	case []any:
		return each(value, oneName)
	case map[string]any:
		return oneNameIn(value)
	}
	return value
}

func oneNameIn(entity map[string]any) map[string]any {
	named := maps.Clone(entity)
	for field, value := range entity {
		switch value := value.(type) {
		case []any:
			switch field {
			case "data":
				named[field] = each(value, oneName)
			case "default_impression_filters":
				named[field] = each(value, func(f any) any { return oneNameOf(f, config.PlaneImpression) })
			case "filters":
				named[field] = each(value, func(f any) any { return oneNameOf(f, "") })
			}
		case map[string]any:
			if field == "fraud_impression_filter_settings" || field == "impression_filter_settings" {
				named[field] = oneNameAmong(value)
			}
		}
	}
	return named
}

// oneNameOf does it for a filter in list form, in a list of plane.
func oneNameOf(value any, plane config.Plane) any {
	filter, ok := value.(map[string]any)
	if !ok || filter["type"] != strings.ToUpper(duplicateUser) {
		return value
	}
	if plane == "" {
		plane = config.Plane(fmt.Sprint(filter["target"]))
	}
	if plane != config.PlaneImpression {
		return value
	}
	named := maps.Clone(filter)
	named["type"] = strings.ToUpper(userFrequency)
	return named
}

// oneNameAmong does it for filters in object form. A null, which resets a field,
// makes no second name: beside the other name it says nothing.
func oneNameAmong(settings map[string]any) map[string]any {
	known := speaksOf(settings, userFrequency)
	if known && speaksOf(settings, duplicateUser) {
		return settings
	}
	named := maps.Clone(settings)
	for _, suffix := range []string{"", "_enabled"} {
		value, there := settings[duplicateUser+suffix]
		delete(named, duplicateUser+suffix)
		if there && !known {
			named[userFrequency+suffix] = value
		}
	}
	return named
}

// speaksOf tells whether the object form says anything of a filter.
func speaksOf(settings map[string]any, name string) bool {
	return settings[name] != nil || settings[name+"_enabled"] != nil
}

func each(list []any, do func(any) any) []any {
	done := make([]any, len(list))
	for i, value := range list {
		done[i] = do(value)
	}
	return done
}
