package rotate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// without is a list without its entry i.
func without(list []Weighted, i int) []Weighted { return slices.Delete(slices.Clone(list), i, i+1) }

// named are the ids of the indexes of an order.
func named(list []Weighted, order []int) (ids []string) {
	for _, i := range order {
		ids = append(ids, list[i].ID)
	}
	return ids
}

// checkRemoval takes each candidate out and wants the others to stay in their
// order: nobody moves but the visitors of the one removed, to their next best.
func checkRemoval(t *testing.T, list []Weighted, v Visitor) {
	t.Helper()
	whole := named(list, orderOf(New("link", list), v))
	for i := range list {
		rest := without(list, i)
		got := named(rest, orderOf(New("link", rest), v))
		want := slices.DeleteFunc(slices.Clone(whole), func(id string) bool { return id == list[i].ID })
		if !slices.Equal(got, want) {
			t.Fatalf("without %s visitor %x prefers %v, want %v", list[i].ID, uint64(v), got, want)
		}
	}
}

// checkWeight changes the weight of candidate i. All others keep their order,
// and it moves up when its weight grows and down when it falls.
func checkWeight(t *testing.T, list []Weighted, i int, weight uint32, v Visitor) {
	t.Helper()
	id := list[i].ID
	before := named(list, orderOf(New("link", list), v))
	changed := slices.Clone(list)
	changed[i].Weight = weight
	after := named(changed, orderOf(New("link", changed), v))
	others := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
	}
	if a, b := others(before), others(after); !slices.Equal(a, b) {
		t.Fatalf("weight %d of %s turns the others from %v to %v", weight, id, a, b)
	}
	place := func(ids []string) int {
		if p := slices.Index(ids, id); p >= 0 {
			return p
		}
		return len(list)
	}
	if was, is := place(before), place(after); weight > list[i].Weight && is > was || weight < list[i].Weight && is < was {
		t.Fatalf("with weight %d instead of %d %s moves from place %d to %d", weight, list[i].Weight, id, was, is)
	}
}

// checkPermutation wants the order to depend on ids and not on places.
func checkPermutation(t *testing.T, list []Weighted, v Visitor, random *rand.Rand) {
	t.Helper()
	shuffled := slices.Clone(list)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	a, b := named(list, orderOf(New("link", list), v)), named(shuffled, orderOf(New("link", shuffled), v))
	if !slices.Equal(a, b) {
		t.Fatalf("visitor %x prefers %v, shuffled %v", uint64(v), a, b)
	}
}

func TestVisitorsStay(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		list := make([]Weighted, 1+random.IntN(20))
		for i := range list {
			list[i] = Weighted{fmt.Sprint("c", i), uint32(random.IntN(1 << random.IntN(20)))}
		}
		v := Visitor(random.Uint64())
		checkRemoval(t, list, v)
		checkWeight(t, list, random.IntN(len(list)), uint32(random.IntN(1<<random.IntN(20))), v)
		checkPermutation(t, list, v, random)
		order := orderOf(New("link", list), v)
		if first, ok := New("link", list).First(v); ok != (len(order) > 0) || ok && first != order[0] {
			t.Fatalf("the first of %v is %d, %t", order, first, ok)
		}
	}
}

// Tickets with the same number leave it to the keys, whatever the places.
func TestEqualNumbers(t *testing.T) {
	w := &Wheel{drawn: []candidate{{key: 2}, {key: 1}}}
	if !(ticket{7, 1}).before(ticket{7, 0}, w) || (ticket{7, 0}).before(ticket{7, 1}, w) {
		t.Error("of two equal numbers that of the lower key is not first")
	}
	if !(ticket{6, 0}).before(ticket{7, 1}, w) {
		t.Error("the lower number is not first")
	}
}

// A bigger share takes from all others alike: what a weight gains comes from
// each by its share.
func TestGrowthTakesFromAll(t *testing.T) {
	before, after := New("link", weighted(1, 2, 3, 4)), New("link", weighted(1, 2, 3, 14))
	lost := make([]int, 3)
	visitors(50_000, func(v Visitor) {
		was, _ := before.First(v)
		is, _ := after.First(v)
		switch {
		case was == is:
		case is != 3:
			t.Fatalf("visitor %x moved from %d to %d, whose weights are the same", uint64(v), was, is)
		default:
			lost[was]++
		}
	})
	checkShares(t, "lost", lost, []uint32{1, 2, 3})
}

func FuzzOrder(f *testing.F) {
	f.Add(uint64(1), uint64(2), []byte("\x01\x02\x03"))
	f.Add(uint64(0), uint64(0), []byte("\x00\xff\x00\x01"))
	f.Fuzz(func(t *testing.T, visitor, seed uint64, weights []byte) {
		if len(weights) > 40 {
			return
		}
		random := rand.New(rand.NewPCG(seed, 0))
		var list []Weighted
		for i, weight := range weights {
			list = append(list, Weighted{fmt.Sprint(seed, i), uint32(weight) << (8 * random.IntN(4))})
		}
		v := Visitor(visitor)
		w := New("link", list)
		order := orderOf(w, v)
		if sorted := slices.Sorted(slices.Values(order)); len(slices.Compact(sorted)) != w.Len() {
			t.Fatalf("the order %v of %d candidates is not complete", order, w.Len())
		}
		checkRemoval(t, list, v)
		checkPermutation(t, list, v, random)
		if len(list) > 0 {
			checkWeight(t, list, random.IntN(len(list)), random.Uint32N(MaxWeight), v)
		}
	})
}
