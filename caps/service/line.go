package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// A field of a row begins with a comma, and inside of a text a quote has a
// backslash before it: so these can stand nowhere but where the field begins.
var (
	inOffer       = []byte(`,"offer_db_id":`)
	inPublisher   = []byte(`,"publisher_db_id":`)
	inSubID       = []byte(`,"sub_id":`)
	inInvalid     = []byte(`,"invalid_sub_id":`)
	inEvent       = []byte(`,"event_id":`)
	inEventName   = []byte(`,"event_name":`)
	inStatus      = []byte(`,"status":`)
	inPayout      = []byte(`,"payout":`)
	inRevenue     = []byte(`,"revenue":`)
	inTime        = []byte(`,"request_time":`)
	inBlocked     = []byte(`,"blocked":`)
	inPurpose     = []byte(`,"purpose":`)
	inIncarnation = []byte(`,"incarnation":`)
	inUpdated     = []byte(`,"updated_time":`)
	rowStart      = []byte(`{"tx_id":"`)
)

var errLine = errors.New("no row, or cut off")

// lineReader finds in rows what caps count. It is for one goroutine.
type lineReader struct {
	// concern tells whose things count; set names the publishers.
	concern func(offerID, publisherNumber string) bool
	set     *config.Set
	numbers map[string]string // of publishers by opaque id
}

func newLineReader(set *config.Set, concern func(offerID, publisherNumber string) bool) *lineReader {
	return &lineReader{concern, set, map[string]string{}}
}

// concerned tells whether any cap is about a row. Most rows end here: it looks
// at two fields only.
func (l *lineReader) concerned(row []byte) bool {
	return l.concern(textOf(row, inOffer), l.publisher(row))
}

// publisher is the number of a row's publisher: rows have its opaque id only.
func (l *lineReader) publisher(row []byte) string {
	id := rawOf(row, inPublisher)
	if len(id) < 2 {
		return ""
	}
	if number, ok := l.numbers[string(id)]; ok {
		return number
	}
	number := ""
	if d, ok := l.set.Get(config.Key{Kind: config.KindPublisher, ID: text(id)}); ok {
		number = strconv.FormatInt(d.(*config.Publisher).IncrementalID, 10)
	}
	if len(l.numbers) < maxNumbers {
		l.numbers[string(id)] = number
	}
	return number
}

// maxNumbers bounds what is remembered of publishers that a log names.
const maxNumbers = 1 << 20

// thingOf is what a row counts, and the name of the incarnation that counted it
// at once. ok is false where it does not count: clicks and impressions that did
// not reach the offer or were no visits. An error is of a row that events does
// not write.
func (l *lineReader) thingOf(kind events.Kind, row []byte) (t caps.Thing, by string, ok bool, err error) {
	if !isRow(row) {
		return t, "", false, errLine
	}
	isConversion := kind == events.Conversion || kind == events.Event
	if !isConversion && (string(rawOf(row, inBlocked)) == "1" || click.PurposeNamed(textOf(row, inPurpose)) != click.Visit) {
		return t, "", false, nil
	}
	t = caps.Thing{
		OfferID: textOf(row, inOffer), PublisherNumber: l.publisher(row), SubID: textOf(row, inInvalid),
		Plane: planeOf(kind),
	}
	if t.SubID == "" {
		t.SubID = textOf(row, inSubID)
	}
	if t.TimeMS, err = timeOf(row); err != nil {
		return t, "", false, err
	}
	if t.Payout, err = amountOf(row, inPayout); err != nil {
		return t, "", false, fmt.Errorf("payout: %w", err)
	}
	if t.Revenue, err = amountOf(row, inRevenue); err != nil {
		return t, "", false, fmt.Errorf("revenue: %w", err)
	}
	by = textOf(row, inIncarnation)
	if !isConversion {
		return t, by, true, nil
	}
	t.EventNumber, t.EventName = string(rawOf(row, inEvent)), textOf(row, inEventName)
	t.Status, err = click.ParseStatus(textOf(row, inStatus))
	return t, by, err == nil, err
}

func planeOf(kind events.Kind) click.Plane {
	switch kind {
	case events.Click:
		return click.PlaneClick
	case events.Impression:
		return click.PlaneImpression
	}
	return click.PlaneConversion
}

// isRow tells whether a line is a row as events writes them, to its end.
func isRow(row []byte) bool {
	return bytes.HasPrefix(row, rowStart) && row[len(row)-1] == '}'
}

// isChanged tells whether the row of a conversion is a later version of it.
func isChanged(row []byte) bool { return bytes.Contains(row, inUpdated) }

// timeOf is when the request arrived.
func timeOf(row []byte) (int64, error) {
	at, err := time.Parse(time.RFC3339, textOf(row, inTime))
	if err != nil {
		return 0, fmt.Errorf("request_time: %w", err)
	}
	return at.UnixMilli(), nil
}

// amountOf is an amount; none is 0.
func amountOf(row, name []byte) (a money.Amount, err error) {
	if raw := rawOf(row, name); raw != nil {
		err = a.UnmarshalJSON(raw)
	}
	return a, err
}

// rawOf is the value of a field that is a text or a number, as it stands; nil
// where there is none.
func rawOf(row, name []byte) []byte {
	start := bytes.Index(row, name)
	if start < 0 {
		return nil
	}
	value := row[start+len(name):]
	if len(value) == 0 || value[0] != '"' {
		end := bytes.IndexAny(value, ",}")
		return value[:max(end, 0)]
	}
	for i := 1; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case '"':
			return value[:i+1]
		}
	}
	return nil
}

func textOf(row, name []byte) string { return text(rawOf(row, name)) }

// text is the text of a JSON string; empty for anything else.
func text(raw []byte) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
