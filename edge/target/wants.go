package target

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// mostNamed is how many values an explanation names.
const mostNamed = 20

// wantsOf says in words what maps of values ask for: "Chrome or Safari; not
// Opera".
func wantsOf(ms ...map[string]bool) string {
	var admitted, refused []string
	for _, m := range ms {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if m[name] {
				admitted = append(admitted, name)
			} else {
				refused = append(refused, name)
			}
		}
	}
	var parts []string
	if len(admitted) > 0 {
		parts = append(parts, Names(admitted))
	}
	if len(refused) > 0 {
		parts = append(parts, "not "+Names(refused))
	}
	return strings.Join(parts, "; ")
}

// Names lists values in words, the first ones where they are many.
func Names(list []string) string {
	if len(list) > mostNamed {
		return fmt.Sprintf("%s or %d more", strings.Join(list[:mostNamed], ", "), len(list)-mostNamed)
	}
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// wantsVersions says in words what ranges of versions ask for: "iOS from 14 to
// 16; not Android up to 7".
func wantsVersions(m map[string]config.TargetOSVersion) string {
	var parts []string
	for _, system := range slices.Sorted(maps.Keys(m)) {
		part, v := system, m[system]
		if v.MinVersion != "" {
			part += " from " + v.MinVersion
		}
		if v.MaxVersion != "" {
			part += " to " + v.MaxVersion
		}
		if !v.IsAllowed {
			part = "not " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}
