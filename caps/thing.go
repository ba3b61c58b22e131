package caps

import (
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// Thing is what a cap may count: a click, an impression, a conversion or an
// event. Nothing of it is kept beyond a call.
//
// The edge makes it from what it is about to record and the worker from the
// row, and both must come to the same: everything here is in the row.
type Thing struct {
	Plane click.Plane
	// OfferID is the opaque id of the offer, PublisherNumber the incremental id
	// of the publisher in decimal, SubID the first sub id. Empty is unknown.
	OfferID, PublisherNumber, SubID string
	// EventNumber is the incremental id of the goal in decimal. Empty or "0" is
	// the initial conversion, and EventName then the offer's conversion_name.
	EventNumber, EventName string
	// Status is that of a conversion or event. Clicks and impressions have none:
	// they count when they reached the offer, and others must not be counted.
	Status click.Status
	// Payout and Revenue are what it earns.
	Payout, Revenue money.Amount
	// TimeMS is when the request arrived, in unix milliseconds. The time that a
	// request claims is no good here: it could choose its period.
	TimeMS int64

	// ExpectedPayout and ExpectedRevenue are, of a click that is judged, what
	// one conversion of it would earn; 0 is unknown. A budget that has no room
	// for it is full. They are not counted.
	ExpectedPayout, ExpectedRevenue money.Amount
}

// initialGoal is the number of the initial conversion.
const initialGoal = "0"

// goal is the number of the thing's goal.
func (t *Thing) goal() string {
	if t.EventNumber == "" {
		return initialGoal
	}
	return t.EventNumber
}

// Measure is what a cap counts.
type Measure uint8

// The measures. Conversions are those of every goal, the initial one included;
// Events are those that follow it. Payout (budget, in documents) and Revenue
// include what clicks and impressions earn, unless the cap tells goals apart.
const (
	Conversions Measure = iota
	Events
	Clicks
	Impressions
	Payout
	Revenue
)

var measureNames = [...]string{"conversions", "events", "clicks", "impressions", "budget", "revenue"}

// String is the name in documents.
func (m Measure) String() string { return measureNames[m] }

// isAmount tells sums of money from counts.
func (m Measure) isAmount() bool { return m == Payout || m == Revenue }

// countsTraffic tells whether clicks or impressions are what is counted.
func (m Measure) countsTraffic() bool { return m == Clicks || m == Impressions }

// one is a count of 1 in millionths, as all sums are kept.
const one = 1_000_000

// amount is what a thing adds to a measure, in millionths; 0 is nothing.
func (m Measure) amount(t *Thing) int64 {
	isConversion := t.Plane == click.PlaneConversion
	switch {
	case m == Payout:
		return t.Payout.Millionths()
	case m == Revenue:
		return t.Revenue.Millionths()
	case m == Conversions && isConversion,
		m == Events && isConversion && t.goal() != initialGoal,
		m == Clicks && t.Plane == click.PlaneClick,
		m == Impressions && t.Plane == click.PlaneImpression:
		return one
	}
	return 0
}

// expected is what a conversion of a click would add to a measure, at least
// the smallest amount.
func (m Measure) expected(t *Thing) int64 {
	switch m {
	case Payout:
		return max(t.ExpectedPayout.Millionths(), 1)
	case Revenue:
		return max(t.ExpectedRevenue.Millionths(), 1)
	}
	return one
}
