package edge

import (
	"fmt"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
)

// attach settles what the conversion is of: the offer and publisher of its
// click, the event, and whether who sent it may.
func (v *conversion) attach() error {
	v.resolveByClick()
	if err := v.admitSender(); err != nil {
		return err
	}
	if v.report != nil {
		v.tellWindows()
	}
	if v.offer == nil {
		return nil
	}
	g, ok := v.offer.goals.find(v.values[convert.Event], v.offer.doc.ConversionName)
	if !ok {
		return invalid(convert.Event, "the offer has no active event %.40q", v.values[convert.Event])
	}
	if v.goal = g; g != nil {
		cv := &v.click.Conversion
		cv.EventID, cv.EventNumber, cv.EventName = g.doc.ID, g.number, g.doc.Name
		v.eventFraud = g.fraud
	}
	return nil
}

// resolveByClick finds the offer and the publisher that the click was on. Those
// that the request names stand in where there is no click.
func (v *conversion) resolveByClick() {
	c := &v.click
	c.Link = v.in.link
	if v.row.Line == nil {
		c.Offer, c.Publisher = v.values[convert.Offer], v.values[convert.Publisher]
		v.offer, _ = v.in.offers.Find(c.Offer)
		v.publisher, _ = v.in.publishers.Find(c.Publisher)
	} else {
		v.offer, _ = v.in.offers.ByID(v.row.Text("offer_db_id"))
		v.publisher, _ = v.in.publishers.ByID(v.row.Text("publisher_db_id"))
		c.LandingPage = v.row.Text("landing_page_id")
		v.enrichAgain()
	}
	if v.offer != nil {
		v.resolveOffer(v.offer)
	} else {
		v.resolvePublisher()
	}
}

// enrichAgain looks up what the click's address tells. What its row says about
// the device was told by the visitor's hints too.
func (v *conversion) enrichAgain() {
	c := &v.click
	recorded, signals := c.Device, c.Signals
	v.enrich()
	c.Device, c.Signals = mergeDevice(recorded, c.Device), signals
}

// admitSender refuses a request from elsewhere than its offer's conversions may
// come from. Browsers come from anywhere.
func (v *conversion) admitSender() error {
	if v.intake.AuthenticatedBy == events.ByClickID {
		return nil
	}
	allowed := v.in.senders
	if v.offer != nil && v.offer.senders != nil {
		allowed = v.offer.senders
	}
	admitted := allowed == nil || allowed.Contains(v.intake.RemoteIP)
	if v.report != nil {
		v.tellSender(allowed != nil, admitted)
	}
	if admitted {
		return nil
	}
	return &Refused{fasthttp.StatusForbidden, "sender_not_allowed", fmt.Sprintf("conversions of this offer are not taken from %s", v.intake.RemoteIP)}
}

// age is how long after its click the conversion happened.
func (v *conversion) age() time.Duration {
	c := &v.click
	return time.Duration(c.ConversionMS()-c.Conversion.ClickTimeMS) * time.Millisecond
}

// inLookback tells whether the integration still looks at the click.
func (v *conversion) inLookback() bool { return v.in.lookback <= 0 || v.age() <= v.in.lookback }

// inSession tells whether the click may still earn a conversion of its offer
//
func (v *conversion) inSession() bool { return v.age() <= v.offer.session }

// viewCounts tells whether what it is may earn anything: an impression may only
// where those count.
func (v *conversion) viewCounts() bool {
	return !v.click.Conversion.ViewThrough || v.offer.doc.ViewThroughAttributionEnabled
}

// attributable tells whether the click can earn anything: it is known, of an
// offer that still exists, within its windows, and of a kind that counts.
func (v *conversion) attributable() bool {
	return v.row.Line != nil && v.offer != nil && v.inLookback() && v.inSession() && v.viewCounts()
}

// onceKey is a dedupe key with how long it counts; 0 is for ever.
type onceKey struct {
	key    string
	window time.Duration
	what   string // what it is made of, for people
}

// makeKeys settles what the conversion must not share with another (R-26, R-29,
// Where several are allowed its own id is its key: the same request,
// finished twice, is recorded once all the same.
func (v *conversion) makeKeys() {
	cv := &v.click.Conversion
	if v.recorded != nil {
		v.keys, cv.DedupeKeys = v.recorded.keys, textsOf(v.recorded.keys)
		return
	}
	v.keys = v.lastingKeys()
	if v.offer != nil && cv.ClickTxID != "" && !v.mayRepeat() {
		v.keys = append(v.keys, onceKey{key: convert.OnceKey(cv.ClickTxID, cv.EventID), what: "click and event"})
	}
	if len(v.keys) == 0 {
		v.keys = append(v.keys, onceKey{key: convert.OnceKey(v.intake.TxID, ""), what: "own id"})
	}
	cv.DedupeKeys = textsOf(v.keys)
}

func textsOf(keys []onceKey) []string {
	texts := make([]string, len(keys))
	for i := range keys {
		texts[i] = keys[i].key
	}
	return texts
}

// expired tells whether a key of a conversion that was recorded before counts
// no more.
func (v *conversion) expired(key, holder string) bool {
	for _, k := range v.keys {
		if k.key != key || k.window == 0 {
			continue
		}
		at, err := clickid.Time(holder)
		return err == nil && time.UnixMilli(v.click.TimeMS).Sub(at) > k.window
	}
	return false
}

// mayRepeat tells whether a click may earn the event more than once.
func (v *conversion) mayRepeat() bool {
	if v.goal != nil {
		return v.goal.doc.AllowMultipleEvents
	}
	return v.offer.doc.AllowDuplicateConversions
}

// Our script makes up an external id where the page gives none, so that what it
// sends again counts once (edge/script).
const (
	scriptReference = "cg-"
	scriptWindow    = 24 * time.Hour
)

// lastingKeys are the keys that stand in the request itself.
func (v *conversion) lastingKeys() (keys []onceKey) {
	event := v.values[convert.Event]
	if id := v.values[convert.ExternalTransactionID]; id != "" {
		window := v.in.external
		if strings.HasPrefix(id, scriptReference) {
			window = max(window, scriptWindow)
		}
		if window > 0 {
			keys = append(keys, onceKey{convert.ExternalKey(v.in.doc.ID, id, event), window, convert.ExternalTransactionID.String()})
		}
	}
	if ref := v.values[convert.ConversionRef]; ref != "" && v.offer != nil && v.offer.doc.UniqueConversionRefs {
		keys = append(keys, onceKey{key: convert.ReferenceKey(v.offer.doc.ID, ref, event), what: convert.ConversionRef.String()})
	}
	return keys
}

// earlier returns the conversion that this one repeats, if any. Claims alone
// would tell, but not for longer than they are kept.
func (v *conversion) earlier() (attribution.Prior, bool) {
	for _, k := range v.keys {
		holder, taken := v.found.Holders[k.key]
		if taken && holder != v.intake.TxID && !v.expired(k.key, holder) {
			return v.priorOf(holder), true
		}
	}
	if v.offer == nil || v.mayRepeat() {
		return attribution.Prior{}, false
	}
	for _, prior := range v.found.Conversions {
		if prior.EventID == v.click.Conversion.EventID && prior.TxID != v.intake.TxID && prior.Status != click.NotFound.String() {
			return prior, true
		}
	}
	return attribution.Prior{}, false
}

func (v *conversion) priorOf(txID string) attribution.Prior {
	for _, prior := range v.found.Conversions {
		if prior.TxID == txID {
			return prior
		}
	}
	return attribution.Prior{TxID: txID}
}

// duplicate is the outcome of a conversion that was recorded before. Its sender
// hears what became of the first.
func (v *conversion) duplicate(prior attribution.Prior) Outcome {
	if !v.click.Trial {
		v.edge.counters.conversions.duplicates.Inc()
	}
	o := Outcome{TxID: prior.TxID, ClickTxID: v.click.Conversion.ClickTxID, Duplicate: true, Row: prior.Row}
	o.Status, _ = click.ParseStatus(prior.Status)
	return o
}

// hiatus tells whether the conversion comes too soon after another of the same
// click.
func (v *conversion) hiatus() bool {
	pause := v.offer.doc.ConversionHiatusPeriod * 1000
	if pause == 0 {
		return false
	}
	at := v.click.ConversionMS()
	for _, prior := range v.found.Conversions {
		if prior.EventID == v.click.Conversion.EventID && prior.TxID != v.intake.TxID && at-prior.TimeMS < pause {
			return true
		}
	}
	return false
}
