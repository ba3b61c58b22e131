package caps

import "github.com/clickgate/clickgate/internal/money"

// Look is what one cap says to a thing.
type Look struct {
	Cap *Cap
	// Seen is what its counter stands at, Adds what the thing would add.
	Seen, Adds money.Amount
	// Over tells that there is no room.
	Over bool
}

// Look tells what each cap that would count the thing says, in the order in
// which Over and Take ask them. It counts nothing.
func (r *Rules) Look(b *Book, t *Thing) (all []Look) {
	pair := r.of(t)
	if pair == [2]*owned{} {
		return nil
	}
	first, second := b.lock(pair)
	defer unlock(first, second)
	for _, o := range pair {
		if o == nil {
			continue
		}
		for _, c := range o.caps {
			if n := c.amount(t); n != 0 {
				seen := b.sum(c.key(t, t.goal()))
				all = append(all, Look{c, money.FromMillionths(seen), money.FromMillionths(n), c.isOver(b, t)})
			}
		}
	}
	return all
}

// Without returns a book of the counters that t counts in, as they would stand
// had recorded not been counted.
func (r *Rules) Without(b *Book, recorded, t *Thing) *Book {
	its := map[Key]int64{}
	for _, n := range r.Counters(nil, recorded) {
		its[n.Key] = n.Amount
	}
	counts := r.Counters(nil, t)
	for i := range counts {
		key := counts[i].Key
		counts[i].Amount = max(plus(b.Value(key), -its[key]), 0)
	}
	without := NewBook(b.self, Options{})
	without.Add(counts)
	return without
}
