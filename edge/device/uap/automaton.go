package uap

import mathbits "math/bits"

// automaton finds all occurrences of all words in a text in one pass (Aho and
// Corasick), in any case. It is a table: a row for each state, a column for each
// byte that occurs in a word.
type automaton struct {
	column  [256]uint8
	width   uint32
	next    []uint32 // row starts; found is set where a word ends
	atoms   []int32  // the words that end in the states, all in one
	atomsAt []uint32 // by state: where its words begin in atoms; one more at the end
	words   int
}

const found = 1 << 31

// words numbers distinct words.
type words struct {
	list []string
	ids  map[string]int32
}

func (w *words) id(word string) int32 {
	if id, ok := w.ids[word]; ok {
		return id
	}
	if w.ids == nil {
		w.ids = map[string]int32{}
	}
	w.list = append(w.list, word)
	w.ids[word] = int32(len(w.list) - 1)
	return int32(len(w.list) - 1)
}

// number gives each word of a condition its number.
func (w *words) number(n *need) {
	if n.op == needWord {
		n.atom = w.id(n.word)
	}
	for i := range n.kids {
		w.number(&n.kids[i])
	}
}

// newAutomaton makes the automaton for words in lower case.
func newAutomaton(list []string) *automaton {
	a := &automaton{words: len(list)}
	a.columns(list)
	ends := a.trie(list)
	a.links(ends)
	return a
}

// columns gives the bytes of words a column each, in both cases; column 0 is
// for all others.
func (a *automaton) columns(list []string) {
	a.width = 1
	for _, w := range list {
		for i := range len(w) {
			if a.column[w[i]] == 0 {
				a.column[w[i]] = uint8(a.width)
				a.width++
			}
		}
	}
	for c, f := range folded {
		a.column[c] = a.column[f]
	}
}

// trie makes the states, and tells which words end in each.
func (a *automaton) trie(list []string) (ends [][]int32) {
	add := func() uint32 {
		a.next = append(a.next, make([]uint32, a.width)...)
		ends = append(ends, nil)
		return uint32(len(ends) - 1)
	}
	add()
	for id, w := range list {
		s := uint32(0)
		for i := range len(w) {
			at := s*a.width + uint32(a.column[w[i]])
			if a.next[at] == 0 {
				n := add()
				a.next[at] = n
			}
			s = a.next[at]
		}
		ends[s] = append(ends[s], int32(id))
	}
	return ends
}

// links adds to each state what its longest suffix knows, level by level, so
// that every step is one look into the table.
func (a *automaton) links(ends [][]int32) {
	suffix := make([]uint32, len(ends))
	var queue []uint32
	for c := range a.width {
		if s := a.next[c]; s != 0 {
			queue = append(queue, s)
		}
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		ends[s] = append(ends[s], ends[suffix[s]]...)
		for c := range a.width {
			at, over := s*a.width+c, a.next[suffix[s]*a.width+c]
			if t := a.next[at]; t != 0 {
				suffix[t] = over
				queue = append(queue, t)
			} else {
				a.next[at] = over
			}
		}
	}
	for i, s := range a.next {
		a.next[i] = s * a.width
		if len(ends[s]) > 0 {
			a.next[i] |= found
		}
	}
	for _, e := range ends {
		a.atomsAt = append(a.atomsAt, uint32(len(a.atoms)))
		a.atoms = append(a.atoms, e...)
	}
	a.atomsAt = append(a.atomsAt, uint32(len(a.atoms)))
}

// scan calls saw for each word that ends in s, once for each time.
func (a *automaton) scan(s string, holds bits, saw func(atom int32)) {
	row := uint32(0)
	for i := range len(s) {
		row = a.next[row+uint32(a.column[s[i]])]
		if row&found == 0 {
			continue
		}
		row &^= found
		state := row / a.width
		for _, atom := range a.atoms[a.atomsAt[state]:a.atomsAt[state+1]] {
			if !holds.has(int(atom)) {
				holds.set(int(atom))
				saw(atom)
			}
		}
	}
}

// bits is a set of small numbers.
type bits []uint64

func newBits(n int) bits { return make(bits, n/64+1) }

// from is the smallest number in the set from i on; beyond all when there is none.
func (b bits) from(i int) int {
	for w := i / 64; w < len(b); w++ {
		word := b[w]
		if w == i/64 {
			word &= ^uint64(0) << (i % 64)
		}
		if word != 0 {
			return 64*w + mathbits.TrailingZeros64(word)
		}
	}
	return 64 * len(b)
}

func (b bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bits) set(i int) { b[i/64] |= 1 << (i % 64) }
