package state

// Counters of an hour of Rates.
const (
	rateAll = iota
	rateBad
)

// Rates measures per key which share of the requests is suspicious, within a
// window of hours (the threshold pattern, C2): the current hour so far and
// those before it. The size is fixed; when it is used up, keys with few
// requests give way.
type Rates struct{ hourly }

// NewRates makes one that takes up to so many bytes, as they are needed.
func NewRates(bytes int) *Rates {
	return &Rates{newHourly(bytes, shape{width: 2, weighty: 1, windows: 1})}
}

// Count returns how many requests of k came in the window of hours that ends
// at nowMS and how many of them were suspicious, and then counts this one
// (D-11). One key always comes with the same hours, 1 to MaxLookbackHours.
func (r *Rates) Count(k Key, nowMS int64, hours int, suspicious bool) (all, bad int64) {
	s := r.lock(k)
	defer s.Unlock()
	i := s.open(hourAt(nowMS), window(hours))
	before := s.sum(i, hours)
	if suspicious {
		s.add(i, rateAll, rateBad)
	} else {
		s.add(i, rateAll)
	}
	return int64(before[rateAll]), int64(before[rateBad])
}

// Peek is Count without counting.
func (r *Rates) Peek(k Key, nowMS int64, hours int) (all, bad int64) {
	s := r.lock(k)
	defer s.Unlock()
	i := s.find(hourAt(nowMS))
	if i < 0 {
		return 0, 0
	}
	sum := s.sum(i, hours)
	return int64(sum[rateAll]), int64(sum[rateBad])
}

// Holds tells whether a lookback of hours can be kept: the error says what it
// takes. A nil Rates knows no size of its own.
func (r *Rates) Holds(hours int) error {
	if err := checkLookback(hours); err != nil || r == nil {
		return err
	}
	return r.holds(hours)
}
