package filters

import (
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

// oldVersion judges a family and its version against a list: what OLD_BROWSER
// and OLD_OS share.
type oldVersion struct {
	bounds    map[string]bound
	names     *family.Names
	invert    bool
	reason    click.Reason
	threshold threshold
}

// check gives the verdict on a browser or system and its version. Families that are not listed
// are never suspicious (D-12). It is unknown, and the click takes no part in
// the share, when the version is needed and not known.
func (o *oldVersion) check(c *click.Click, name, text string) Result {
	if name == "" {
		return Result{Outcome: Unknown}
	}
	b, isWindows, listed := boundOf(o.bounds, o.names, name)
	if !listed {
		return o.threshold.judge(c, false, o.reason, "")
	}
	v := family.ParseVersion(text, isWindows)
	if !v.Known() {
		return Result{Outcome: Unknown}
	}
	if o.invert {
		return o.threshold.judge(c, !v.Below(b.version), o.reason, b.newer)
	}
	return o.threshold.judge(c, v.Below(b.version), o.reason, b.older)
}
