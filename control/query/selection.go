package query

import (
	"cmp"
	"slices"
)

// selection keeps the first items of an order without sorting, or even
// holding, all of them: a page is small, and a list may be long.
type selection[T any] struct {
	order []term[T]
	less  func(a, b T) int
	// most is how many items are wanted.
	most  int
	count int
	// rows are at least the first of those that were added. Up to sorted they
	// are in order.
	rows   []row[T]
	sorted int
	// keys is the memory of the next row's.
	keys []any
}

// row is an item with what it is sorted by.
type row[T any] struct {
	item T
	keys []any
	// place in the list: the last thing to sort by.
	place int
}

// slack is how many rows more than wanted are held before they are sorted, at
// the least.
const slack = 512

func (s *selection[T]) add(item T) {
	s.count++
	r := row[T]{item, s.keys[:0], s.count}
	for _, t := range s.order {
		r.keys = append(r.keys, t.get(item))
	}
	s.keys = r.keys
	if s.sorted >= s.most && s.compare(r, s.rows[s.most-1]) > 0 {
		return // after all that are wanted
	}
	r.keys = slices.Clone(r.keys)
	if s.rows = append(s.rows, r); len(s.rows) >= 2*s.most+slack {
		s.sort()
	}
}

// sort puts the rows in order and drops those that are not wanted.
func (s *selection[T]) sort() {
	slices.SortFunc(s.rows, s.compare)
	if len(s.rows) > s.most {
		clear(s.rows[s.most:])
		s.rows = s.rows[:s.most]
	}
	s.sorted = len(s.rows)
}

func (s *selection[T]) compare(a, b row[T]) int {
	for i := range s.order {
		n := compare(a.keys[i], b.keys[i])
		if n == 0 {
			continue
		}
		if s.order[i].descending {
			return -n
		}
		return n
	}
	return cmp.Or(s.less(a.item, b.item), cmp.Compare(a.place, b.place))
}

// from returns the wanted items from an index on; empty, not nil, when there
// are none.
func (s *selection[T]) from(first int) []T {
	s.sort()
	page := make([]T, 0, max(0, len(s.rows)-first))
	for i := first; i < len(s.rows); i++ {
		page = append(page, s.rows[i].item)
	}
	return page
}
