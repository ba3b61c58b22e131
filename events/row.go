package events

import (
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// Limits of what a row keeps of one value, in bytes of the value. Visitors
// choose these values, and a row must stay small whatever they send.
const (
	maxUserAgent = 512
	maxURL       = 2048
	maxText      = 255
	maxExtra     = 64 // extra parameters a row keeps
	maxLanguages = 16
	maxLanguage  = 35 // the longest tag RFC 5646 asks to be stored
)

// Meta is what a row says about the edge that wrote it.
type Meta struct {
	// ConfigVersion names the live config the click was judged by.
	ConfigVersion string
	// Node is the name of the edge node, Region where it stands (the field
	// server_region). Empty ones are left out.
	Node, Region string
	// Incarnation is the run of the edge's process that counted it for caps;
	// empty where nobody counts.
	Incarnation string
}

// AppendRow appends the row of a click or impression to dst: one line of JSON
// and a line feed. The field names are those of the report rows (A22), and
// user_agent, uuid, config_version, purpose and node besides. A line begins
// with its tx_id; empty fields are left out, long values are cut, and bytes
// that are no UTF-8 become U+FFFD. The row holds copies only: c may be reused
// at once. AppendRow allocates nothing when dst has room.
func AppendRow(dst []byte, c *click.Click, m Meta) []byte {
	dst = appendString(append(dst, `{"tx_id":`...), string(c.TxID[:]))
	dst = appendString(append(dst, `,"real_tx_id":`...), string(c.TxID[:]))
	dst = appendTime(dst, c.TimeMS)
	dst = appendVerdict(dst, c)
	dst = appendLink(dst, c)
	dst = appendSource(dst, c)
	dst = appendVisitor(dst, c)
	dst = appendGeo(dst, &c.Geo)
	dst = appendDevice(dst, c.Device)
	dst = appendExtra(dst, c.Params)
	dst = appendText(dst, `,"server_region":`, m.Region, maxText)
	dst = appendText(dst, `,"node":`, m.Node, maxText)
	dst = appendText(dst, `,"config_version":`, m.ConfigVersion, maxText)
	dst = appendText(dst, `,"incarnation":`, m.Incarnation, maxText)
	if c.Purpose != click.Visit {
		dst = appendText(dst, `,"purpose":`, c.Purpose.String(), maxText)
	}
	return append(dst, '}', '\n')
}

func appendTime(dst []byte, ms int64) []byte {
	dst = append(dst, `,"request_time":"`...)
	start := len(dst)
	dst = appendISO(dst, time.UnixMilli(ms).UTC())
	date := dst[start : start+len(time.DateOnly)]
	dst = append(dst, `","request_date":"`...)
	return append(append(dst, date...), '"')
}

// FormatTime is a time as rows write it: UTC, to the millisecond.
func FormatTime(t time.Time) string { return string(appendISO(nil, t.UTC())) }

// appendISO appends t as 2006-01-02T15:04:05.000Z, at a fifth of the cost of
// AppendFormat, which reads its layout anew each time. Years have four digits.
func appendISO(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = append(appendDigits(dst, year, 4), '-')
	dst = append(appendDigits(dst, int(month), 2), '-')
	dst = append(appendDigits(dst, day, 2), 'T')
	dst = append(appendDigits(dst, hour, 2), ':')
	dst = append(appendDigits(dst, minute, 2), ':')
	dst = append(appendDigits(dst, second, 2), '.')
	return append(appendDigits(dst, t.Nanosecond()/1e6, 3), 'Z')
}

// appendDigits appends n with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	dst = append(dst, "0000"[:width]...)
	for i := len(dst) - 1; width > 0; i, width, n = i-1, width-1, n/10 {
		dst[i] = byte('0' + n%10)
	}
	return dst
}
