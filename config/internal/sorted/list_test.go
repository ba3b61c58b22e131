package sorted

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// item begins a chunk when it is a multiple of five.
type item struct {
	key   int
	value string
}

func (i item) Compare(other item) int { return cmp.Compare(i.key, other.key) }
func (i item) Begins() bool           { return i.key%5 == 0 }

type list = List[item, int]

func like(key int) func(item) int { return func(i item) int { return cmp.Compare(i.key, key) } }

func numbers(keys ...int) (items []item) {
	for _, key := range keys {
		items = append(items, item{key: key})
	}
	return items
}

func TestWith(t *testing.T) {
	base := Of[item, int](numbers(3, 4, 5, 6, 9, 10, 12))
	put := func(key int) Change[item] { return Change[item]{Item: item{key: key}} }
	cut := func(key int) Change[item] { return Change[item]{item{key: key}, true} }
	for _, tc := range []struct {
		name    string
		changes []Change[item]
		want    string
	}{
		{"nothing", nil, "[3 4][5 6 9][10 12]"},
		{"first of all", []Change[item]{put(1)}, "[1 3 4][5 6 9][10 12]"},
		{"first of all, which begins a chunk", []Change[item]{put(0)}, "[0 3 4][5 6 9][10 12]"},
		{"within", []Change[item]{put(7)}, "[3 4][5 6 7 9][10 12]"},
		{"last of a chunk and first of another", []Change[item]{put(11), put(8)}, "[3 4][5 6 8 9][10 11 12]"},
		{"last of all", []Change[item]{put(15), put(14)}, "[3 4][5 6 9][10 12 14][15]"},
		{"replace", []Change[item]{put(6)}, "[3 4][5 6 9][10 12]"},
		{"what begins a chunk goes", []Change[item]{cut(5)}, "[3 4 6 9][10 12]"},
		{"what begins two chunks goes", []Change[item]{cut(10), cut(5)}, "[3 4 6 9 12]"},
		{"a chunk goes", []Change[item]{cut(5), cut(6), cut(9)}, "[3 4][10 12]"},
		{"the first chunk goes", []Change[item]{cut(3), cut(4)}, "[5 6 9][10 12]"},
		{"the first item goes", []Change[item]{cut(3)}, "[4][5 6 9][10 12]"},
		{"all go", []Change[item]{cut(3), cut(4), cut(5), cut(6), cut(9), cut(10), cut(12)}, ""},
		{"what is not there goes", []Change[item]{cut(1), cut(7), cut(99)}, "[3 4][5 6 9][10 12]"},
		{"the last change counts", []Change[item]{put(7), cut(7), cut(8), put(8)}, "[3 4][5 6 8 9][10 12]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			next := base.With(tc.changes)
			if got := show(next); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if got := show(base); got != "[3 4][5 6 9][10 12]" {
				t.Errorf("the list it was made from became %s", got)
			}
			checkLen(t, next)
		})
	}
}

func show(l list) (text string) {
	for _, c := range l.Chunks() {
		var keys []int
		for _, i := range c.Items {
			keys = append(keys, i.key)
		}
		text += fmt.Sprint(keys)
	}
	return text
}

func checkLen(t *testing.T, l list) {
	t.Helper()
	if all := slices.Collect(l.All()); l.Len() != len(all) {
		t.Errorf("%v: Len %d, want %d", show(l), l.Len(), len(all))
	}
}

func TestWithSharesWhatItDoesNotChange(t *testing.T) {
	base := Of[item, int](numbers(3, 5, 10, 15, 20))
	for _, c := range base.Chunks() {
		c.Memo = 1
	}
	next := base.With([]Change[item]{{Item: item{11, "new"}}})
	var memos []int
	for _, c := range next.Chunks() {
		memos = append(memos, c.Memo)
	}
	if want := []int{1, 1, 0, 1, 1}; !slices.Equal(memos, want) {
		t.Errorf("memos of %s are %v, want %v", show(next), memos, want)
	}
}

func TestOfKeepsOneOfEqualItems(t *testing.T) {
	items := numbers(6, 4, 6, 10, 4)
	l := Of[item, int](items)
	if got := show(l); got != "[4 6][10]" {
		t.Errorf("got %s, want [4 6][10]", got)
	}
	checkLen(t, l)
	clear(items)
	if got := show(l); got != "[4 6][10]" {
		t.Errorf("the list kept the caller's slice: %s", got)
	}
}

// TestAgainstMap makes random changes to a list and a map, and wants the list
// to have the shape of one that is made at once.
func TestAgainstMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var l list
	model := map[int]string{}
	for round := range 2000 {
		var changes []Change[item]
		for range random.IntN(8) {
			c := Change[item]{item{random.IntN(60), fmt.Sprint(round, random.Int())}, random.IntN(2) == 0}
			changes = append(changes, c)
			model[c.Item.key] = c.Item.value
			if c.Delete {
				delete(model, c.Item.key)
			}
		}
		l = l.With(changes)
		compare(t, l, model)
	}
}

func compare(t *testing.T, l list, model map[int]string) {
	t.Helper()
	var items []item
	for key, value := range model {
		items = append(items, item{key, value})
	}
	fresh := Of[item, int](items)
	if show(l) != show(fresh) {
		t.Fatalf("chunks are %s, want %s", show(l), show(fresh))
	}
	checkLen(t, l)
	got := map[int]string{}
	for i := range l.All() {
		got[i.key] = i.value
	}
	if !maps.Equal(got, model) {
		t.Fatalf("list has %v, want %v", got, model)
	}
	for key := -1; key <= 61; key++ {
		value, there := model[key]
		if i, found := l.Find(like(key)); found != there || i.value != value {
			t.Fatalf("%s: Find(%d) is %v, %t, want %q", show(l), key, i, found, value)
		}
		var from []int
		for i := range l.From(like(key)) {
			from = append(from, i.key)
		}
		want := slices.DeleteFunc(slices.Sorted(maps.Keys(model)), func(k int) bool { return k < key })
		if !slices.Equal(from, want) {
			t.Fatalf("%s: From(%d) yields %v, want %v", show(l), key, from, want)
		}
	}
}

// TestFromWithSeveralItemsWanted looks for all items of one tens digit, which
// stand in several chunks.
func TestFromWithSeveralItemsWanted(t *testing.T) {
	l := Of[item, int](numbers(1, 8, 12, 13, 15, 17, 20, 24, 25, 31))
	for tens, want := range [][]int{{1, 8, 12, 13, 15, 17, 20, 24, 25, 31}, {12, 13, 15, 17, 20, 24, 25, 31}, {20, 24, 25, 31}, {31}, nil} {
		var got []int
		for i := range l.From(func(i item) int { return cmp.Compare(i.key/10, tens) }) {
			got = append(got, i.key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %d in %s: %v, want %v", 10*tens, show(l), got, want)
		}
	}
}

func TestIteratorsStop(t *testing.T) {
	l := Of[item, int](numbers(1, 2, 5))
	for range l.All() {
		break // an iterator that goes on after this panics
	}
	for range l.From(like(1)) {
		break
	}
}
