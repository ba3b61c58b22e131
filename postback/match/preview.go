package match

import (
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
)

// errNoEvent says that a row is none that calls are made for.
var errNoEvent = errors.New("the row is no click, impression, conversion or event of a visitor with an id and a status")

// Trial is the call of one document, which need not be live, to be looked at or
// tried. It serves any number of goroutines.
type Trial struct {
	rules  *Rules
	key    config.Key
	rule   *rule
	kinds  []events.Kind
	active bool
	// of tells whether an event is one of those that the document is about; in
	// narrows them by what is no matter of its rule.
	of, in func(e *event) bool
}

// Preview is the call that a document would make for an event.
type Preview struct {
	Call call.Call
	// Fires tells whether the event would fire it: whether it is active, of the
	// event's integration or publisher, and its filters let the event pass.
	Fires bool
}

// Trial compiles the call of a postback manager, a publisher's postback, an
// integration or an offer. source chooses between the calls of an offer: empty
// is impression forwarding where that has a URL, else parallel tracking. The
// error tells what is wrong with the document, or that it makes no calls.
func (r *Rules) Trial(d config.Document, source call.Source) (*Trial, error) {
	t := &Trial{rules: r, key: d.Key()}
	if err := t.compile(d, source); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Key(), err)
	}
	return t, nil
}

// Source is what in the document asks for the call.
func (t *Trial) Source() call.Source { return t.rule.source }

// Kinds are the kinds of events that can fire it.
func (t *Trial) Kinds() []events.Kind { return t.kinds }

// IsAbout tells whether an event is one of the document's integration, publisher
// or offer: one that who sees the document may see in its calls.
func (t *Trial) IsAbout(row events.Row) bool {
	e, ok := t.rules.eventOf(row)
	return ok && t.of(e)
}

// Matches tells whether an event would fire the document were it active.
func (t *Trial) Matches(row events.Row) bool {
	e, ok := t.rules.eventOf(row)
	return ok && t.matches(e)
}

func (t *Trial) matches(e *event) bool {
	if !t.of(e) || t.in != nil && !t.in(e) {
		return false
	}
	_, meets := t.rule.meets(e)
	return meets
}

// Preview makes up the call for an event, whether the event would fire it or
// not. The call's key is that of a test: no receiver takes it for a real one.
func (t *Trial) Preview(row events.Row, now time.Time) (Preview, error) {
	e, ok := t.rules.eventOf(row)
	if !ok {
		return Preview{}, errNoEvent
	}
	c, err := t.rule.call(e, call.KeyOf(e.txID, call.TestRequest, t.rule.owner, now.String()), now)
	if err != nil {
		return Preview{}, fmt.Errorf("%s: %w", t.key, err)
	}
	return Preview{Call: c, Fires: t.active && t.matches(e)}, nil
}

// Preview is the Trial of a document's call for one event; of an offer's calls
// that for such events.
func (r *Rules) Preview(d config.Document, row events.Row, now time.Time) (Preview, error) {
	if _, ok := r.eventOf(row); !ok {
		return Preview{}, errNoEvent
	}
	t, err := r.Trial(d, map[events.Kind]call.Source{events.Impression: call.Forwarding, events.Click: call.Parallel}[row.Kind])
	if err != nil {
		return Preview{}, err
	}
	return t.Preview(row, now)
}

// Set is the config that the rules are of.
func (r *Rules) Set() *config.Set { return r.set }
