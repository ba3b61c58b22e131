package filters

import "github.com/clickgate/clickgate/internal/click"

// oldVersion judges a family and its version against a list: what OLD_BROWSER
// and OLD_OS share.
type oldVersion struct {
	bounds    map[string]bound
	names     naming
	invert    bool
	reason    click.Reason
	threshold threshold
}

// check gives the verdict on a family and version. Families that are not listed
// are never suspicious (D-12). It is unknown, and the click takes no part in
// the share, when the version is needed and not known.
func (o *oldVersion) check(c *click.Click, family, text string) Result {
	if family == "" {
		return Result{Outcome: Unknown}
	}
	b, isWindows, listed := o.names.bound(o.bounds, family)
	if !listed {
		return o.threshold.judge(c, false, o.reason, "")
	}
	v := parseVersion(text, isWindows)
	if v.n == 0 {
		return Result{Outcome: Unknown}
	}
	if o.invert {
		return o.threshold.judge(c, !v.below(b.version), o.reason, b.newer)
	}
	return o.threshold.judge(c, v.below(b.version), o.reason, b.older)
}
