package state

// Counters of an hour of a Ledger.
const (
	ledgerClicks = iota
	ledgerConversions
	ledgerRejected
)

// Ledger counts clicks and conversions per key, for filters that judge by
// conversion rates. One key may be asked for several windows. The size is
// fixed as that of Rates.
type Ledger struct{ hourly }

// Traffic is what came in a window.
type Traffic struct {
	Clicks int64
	// Conversions includes the rejected ones.
	Conversions, Rejected int64
}

// NewLedger makes one that takes up to so many bytes, as they are needed.
func NewLedger(bytes int) *Ledger {
	return &Ledger{newHourly(bytes, shape{width: 3, weighty: 2, windows: 4})}
}

// Click counts a click of k at nowMS.
func (l *Ledger) Click(k Key, nowMS int64) { l.count(k, nowMS, ledgerClicks) }

// Conversion counts a conversion of k at nowMS.
func (l *Ledger) Conversion(k Key, nowMS int64, rejected bool) {
	if rejected {
		l.count(k, nowMS, ledgerConversions, ledgerRejected)
	} else {
		l.count(k, nowMS, ledgerConversions)
	}
}

func (l *Ledger) count(k Key, nowMS int64, counters ...int) {
	s := l.lock(k)
	defer s.Unlock()
	s.add(s.open(hourAt(nowMS), MaxLookbackHours), counters...)
}

// Sum returns what came for k in the window of hours that ends at nowMS: the
// current hour so far and those before it, 1 to MaxLookbackHours in all.
func (l *Ledger) Sum(k Key, nowMS int64, hours int) Traffic {
	s := l.lock(k)
	defer s.Unlock()
	i := s.find(hourAt(nowMS))
	if i < 0 {
		return Traffic{}
	}
	sum := s.sum(i, hours)
	return Traffic{int64(sum[ledgerClicks]), int64(sum[ledgerConversions]), int64(sum[ledgerRejected])}
}

// Holds tells whether a lookback of hours can be kept: the error says what it
// takes. A nil Ledger knows no size of its own.
func (l *Ledger) Holds(hours int) error {
	if err := checkLookback(hours); err != nil || l == nil {
		return err
	}
	return l.holds(hours)
}
