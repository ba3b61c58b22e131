package caps

import (
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/click"
)

// ThingOf is what caps count of a click, impression or conversion, as the edge
// has it. It shares c's strings. The worker makes the same of the row that is
// written of it. ok is false for what is not counted: prefetches, previews and
// tests, and clicks and impressions that did not reach the offer. A conversion
// counts by its status.
func ThingOf(c *click.Click) (t Thing, ok bool) {
	isConversion := c.Plane == click.PlaneConversion
	if c.Trial || !isConversion && (!c.Counts() || c.Verdict.Blocked) {
		return t, false
	}
	t = Thing{
		Plane: c.Plane, OfferID: c.Link.OfferID, PublisherNumber: c.Link.PublisherNumber, SubID: inRow(c.SubID[0]),
		TimeMS: c.TimeMS, Payout: c.Verdict.Payout, Revenue: c.Verdict.Revenue,
	}
	if isConversion {
		t.EventNumber, t.EventName, t.Status = c.Conversion.EventNumber, inRow(c.Conversion.EventName), c.Conversion.Status
	}
	return t, true
}

// rowText is how many bytes of a value its row keeps.
const rowText = 255

// inRow is a text as its row has it: no longer than it may be, and with U+FFFD
// for each byte that is no UTF-8.
func inRow(s string) string {
	if len(s) > rowText {
		s = s[:cutAt(s)]
	}
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

// cutAt is where s is cut so that no rune is split.
func cutAt(s string) int {
	for end := rowText; end > rowText-utf8.UTFMax; end-- {
		if utf8.RuneStart(s[end]) {
			return end
		}
	}
	return rowText
}
