package rotate

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/config"
)

// weighted are candidates c0, c1 ... of these weights.
func weighted(weights ...uint32) (list []Weighted) {
	for i, weight := range weights {
		list = append(list, Weighted{fmt.Sprint("c", i), weight})
	}
	return list
}

// visitors calls visit for n visitors who are as much alike as can be.
func visitors(n int, visit func(v Visitor)) {
	for i := range n {
		visit(Visitor(0).With(fmt.Sprint(i)))
	}
}

// orderOf is a visitor's whole order of preference.
func orderOf(w *Wheel, v Visitor) (order []int) {
	var o Order
	o.Begin(w, v)
	for i, ok := o.Next(); ok; i, ok = o.Next() {
		order = append(order, i)
	}
	return order
}

// checkShares wants counts to be in proportion to weights by a chi-square test
// that a fair wheel fails once in 10,000 times. Seeds are fixed: it is either
// right or wrong.
func checkShares(t *testing.T, what string, counts []int, weights []uint32) {
	t.Helper()
	total, sum, squares, degrees := 0, 0.0, 0.0, -1.0
	for i, weight := range weights {
		total += counts[i]
		sum += float64(weight)
	}
	for i, weight := range weights {
		want := float64(total) * float64(weight) / sum
		switch {
		case weight > 0:
			squares += (float64(counts[i]) - want) * (float64(counts[i]) - want) / want
			degrees++
		case counts[i] > 0:
			t.Errorf("%s: candidate %d of weight 0 got %d", what, i, counts[i])
		}
	}
	// Wilson and Hilferty's approximation of the quantile at 3.72 deviations.
	limit := degrees * math.Pow(1-2/(9*degrees)+3.72*math.Sqrt(2/(9*degrees)), 3)
	if squares > limit {
		t.Errorf("%s: %v for weights %v: chi-square is %.1f, want at most %.1f", what, counts, weights, squares, limit)
	}
}

func TestShares(t *testing.T) {
	for _, weights := range [][]uint32{
		{1, 1}, {1, 2, 3, 4}, {70, 30, 0}, {999_999, 1_000_000}, {1, 1000}, {1_000_000, 10_000, 20_000}, slices.Repeat([]uint32{5}, 50),
	} {
		w := New("smart_link/a", weighted(weights...))
		first, second := make([]int, len(weights)), make([]int, len(weights))
		var o Order
		visitors(50_000, func(v Visitor) {
			o.Begin(w, v)
			i, _ := o.Next()
			if first[i]++; i == 0 && w.Len() > 2 {
				j, _ := o.Next()
				second[j]++
			}
		})
		checkShares(t, "first", first, weights)
		if second[1] > 0 { // those of the first candidate go to the others by weight
			checkShares(t, "second", second[1:], weights[1:])
		}
	}
}

// Links are independent: who sees the first offer of one sees any of another.
func TestLinksAreIndependent(t *testing.T) {
	one, other := New("smart_link/a", weighted(1, 1, 1)), New("smart_link/b", weighted(1, 1, 1))
	var counts [9]int
	visitors(45_000, func(v Visitor) {
		i, _ := one.First(v)
		j, _ := other.First(v)
		counts[3*i+j]++
	})
	checkShares(t, "pairs", counts[:], slices.Repeat([]uint32{1}, 9))
}

// Golden answers: the same on every machine, and for ever. Who gets other ones
// moves visitors.
func TestGolden(t *testing.T) {
	w := New("smart_link/summer", weighted(50, 30, 20, 0, 1, 40))
	for visitor, want := range map[string][]int{
		"":                        {0, 2, 1, 5, 4},
		"1":                       {0, 2, 1, 5, 4},
		"device-7":                {2, 1, 0, 5, 4},
		"203.0.113.9 Mozilla/5.0": {5, 0, 2, 4, 1},
	} {
		if got := orderOf(w, Visitor(0).With(visitor)); !slices.Equal(got, want) {
			t.Errorf("%q prefers %v, always did %v", visitor, got, want)
		}
	}
	var all uint64
	order := make([]Weighted, 50)
	for i := range order {
		order[i] = Weighted{fmt.Sprint("offer-", i), uint32(1 + i*i*i*7)}
	}
	w = New("offer/many", order)
	visitors(2000, func(v Visitor) {
		for _, i := range orderOf(w, v) {
			all = mix(all ^ uint64(i))
		}
	})
	if want := uint64(0x3a13ab13d6b46ef6); all != want {
		t.Errorf("the orders of 2000 visitors sum up to %#x, always did to %#x", all, want)
	}
}

func TestByPriority(t *testing.T) {
	var turns []int64 // many of few priorities, of which equal ones keep their order
	var inTurn []int
	for i := range 60 {
		turns = append(turns, int64(i*7%3))
	}
	for priority := range int64(3) {
		for i, p := range turns {
			if p == priority {
				inTurn = append(inTurn, i)
			}
		}
	}
	for _, tc := range []struct {
		priorities []int64
		want       []int
	}{
		{nil, nil},
		{[]int64{0, 0, 0}, []int{0, 1, 2}},
		{[]int64{3, -1, 2, -1}, []int{1, 3, 2, 0}},
		{[]int64{math.MaxInt64, math.MinInt64}, []int{1, 0}},
		{turns, inTurn},
	} {
		w := ByPriority(tc.priorities)
		visitors(10, func(v Visitor) {
			if got := orderOf(w, v); !slices.Equal(got, tc.want) {
				t.Errorf("priorities %v give %v, want %v", tc.priorities, got, tc.want)
			}
			if i, ok := w.First(v); ok != (len(tc.want) > 0) || ok && i != tc.want[0] {
				t.Errorf("the first of %v is %d, %t", tc.priorities, i, ok)
			}
		})
	}
}

func TestNothingToPick(t *testing.T) {
	for _, w := range []*Wheel{{}, New("x", nil), New("x", weighted(0, 0)), ByPriority(nil)} {
		if _, ok := w.First(1); ok || w.Len() != 0 || len(orderOf(w, 1)) != 0 {
			t.Errorf("%+v picks something", w)
		}
	}
	var o Order
	if _, ok := o.Next(); ok {
		t.Error("an order that was not begun yields something")
	}
}

// Begin starts over, whatever the Order was used for.
func TestOrderIsReused(t *testing.T) {
	wheels := []*Wheel{New("a", weighted(1, 2, 3, 4, 5)), ByPriority([]int64{2, 1}), {}, New("b", weighted(7, 7)), New("c", weighted(slices.Repeat([]uint32{9}, 40)...))}
	var o Order
	n := 0
	visitors(200, func(v Visitor) {
		w := wheels[n%len(wheels)]
		want := orderOf(w, v)
		o.Begin(w, v)
		for i := range min(len(want), n%7) { // and left half way
			if got, ok := o.Next(); !ok || got != want[i] {
				t.Fatalf("step %d is %d, %t, want %d", i, got, ok, want[i])
			}
		}
		n++
	})
}

// The limit is that of the documents; what is greater cannot come from them.
func TestMaxWeight(t *testing.T) {
	if MaxWeight != config.MaxWeight {
		t.Errorf("a weight is at most %d here and %d in documents", MaxWeight, config.MaxWeight)
	}
	at, beyond := New("x", weighted(MaxWeight/2, MaxWeight)), New("x", weighted(MaxWeight/2, math.MaxUint32))
	visitors(1000, func(v Visitor) {
		if !slices.Equal(orderOf(at, v), orderOf(beyond, v)) {
			t.Fatal("a weight beyond the limit is not the limit")
		}
	})
}
