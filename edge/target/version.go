package target

import (
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

// versionRule is an inclusive range of versions of one system; a bound that is
// no version is open. A range that is not allowed refuses what lies inside, an
// allowed one what lies outside.
type versionRule struct {
	allowed  bool
	min, max family.Version
}

func (r versionRule) admit(v family.Version) bool { return r.holds(v) == r.allowed }

// holds tells whether v lies in the range. Only the parts that the upper bound
// names are compared with it, so that "10" includes 10.15.7. A version that is
// unknown lies only in a range without bounds.
func (r versionRule) holds(v family.Version) bool {
	if !r.min.Known() && !r.max.Known() {
		return true
	}
	return v.Known() && !v.Below(r.min) && !v.Beyond(r.max)
}

// versions are the rules by system, folded.
type versions map[string]versionRule

// admit judges the version of the system by the rule on it or on its family.
// Systems without a rule pass whatever the other rules say: whether a system is
// wanted at all is the job of operating_systems.
func (r versions) admit(d *click.Device) bool {
	var buf folded
	system := fold(buf[:0], d.OSName)
	rule, listed := r[string(system)]
	if !listed {
		rule, listed = r[family.Systems.Of(system)]
	}
	return !listed || rule.admit(family.ParseVersion(d.OSVersion, string(system) == family.Windows))
}
