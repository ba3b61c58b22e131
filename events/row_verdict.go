package events

import (
	"github.com/clickgate/clickgate/internal/click"
)

func appendVerdict(dst []byte, c *click.Click) []byte {
	v := &c.Verdict
	if v.Rejected() {
		dst = append(dst, `,"status":"Rejected"`...)
	} else {
		dst = append(dst, `,"status":"Approved"`...)
	}
	dst = appendFlag(dst, `,"blocked":`, v.Blocked)
	dst = appendFlag(dst, `,"monitoring_mode":`, v.Monitoring)
	dst = appendBot(dst, c)
	dst = appendFlag(dst, `,"is_old_browser":`, v.Suspicious.Has(click.FilterOldBrowser))
	dst = appendFlag(dst, `,"is_old_os":`, v.Suspicious.Has(click.FilterOldOS))
	if c.Plane == click.PlaneClick {
		dst = appendFlag(dst, `,"preview_url_enabled":`, v.PreviewUsed)
	}
	if v.Rejected() {
		dst = appendRejections(dst, v)
	}
	dst = appendFilters(dst, `,"filters_passed":[`, v.Passed)
	dst = appendFilters(dst, `,"filters_hit":[`, v.Hit)
	dst = appendFilters(dst, `,"filters_unknown":[`, v.Unknown)
	dst = appendText(dst, `,"filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"real_filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"targeting_group_id":`, v.TargetingGroupID, maxText)
	dst = appendMoney(dst, `,"payout":`, v.Payout)
	return appendMoney(dst, `,"revenue":`, v.Revenue)
}

// appendBot appends what is known of a program: its class by the MRC, its name
// and the marks of automation in the request.
func appendBot(dst []byte, c *click.Click) []byte {
	class := c.BotClass()
	dst = appendFlag(dst, `,"is_bot":`, class != click.NoBot)
	dst = appendText(dst, `,"bot_class":`, class.String(), maxText)
	if c.Device != nil {
		dst = appendText(dst, `,"bot_name":`, c.Device.BotName, maxText)
	}
	if c.Signals.Empty() {
		return dst
	}
	dst = append(dst, `,"bot_signals":[`...)
	for rest := c.Signals; !rest.Empty(); {
		var s click.Signal
		s, rest = rest.Next()
		dst = append(appendString(dst, s.String()), ',')
	}
	return closeList(dst)
}

// appendFilters appends the codes of a set of filters, and nothing for none.
func appendFilters(dst []byte, prefix string, set click.FilterSet) []byte {
	if set.Empty() {
		return dst
	}
	dst = append(dst, prefix...)
	for !set.Empty() {
		var f click.Filter
		f, set = set.Next()
		dst = append(dst, '"')
		dst = append(append(dst, f.String()...), '"', ',')
	}
	return closeList(dst)
}

// closeList ends a list by putting a bracket over its last comma.
func closeList(dst []byte) []byte {
	dst[len(dst)-1] = ']'
	return dst
}

func appendRejections(dst []byte, v *click.Verdict) []byte {
	dst = appendText(dst, `,"rejected_primary_reason":`, v.Primary.String(), maxText)
	dst = appendText(dst, `,"rejected_simple_reason":`, v.Primary.String(), maxText)
	dst = appendText(dst, `,"rejected_advanced_reason":`, v.Detail, maxText)
	dst = appendText(dst, `,"rejected_language":`, v.RejectedLanguage, maxText)
	dst = appendText(dst, `,"rejection_type":`, v.Primary.Kind(), maxText)
	dst = append(dst, `,"rejections":[`...)
	dst = appendString(dst, v.Primary.String())
	for r, rest := v.Rejections.Next(); r != click.None; r, rest = rest.Next() {
		if r != v.Primary {
			dst = appendString(append(dst, ','), r.String())
		}
	}
	return append(dst, ']')
}
