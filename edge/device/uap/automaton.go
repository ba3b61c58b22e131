package uap

// automaton finds all occurrences of all words in a text in one pass (Aho and
// Corasick), in any case. It is a table by byte and state; bytes that occur in no
// word share a column. The states in which words end are the last ones; otherwise
// those that are met most, near the beginning, stand together.
type automaton struct {
	next   [256][]uint16 // the state after each, by byte
	ending uint16        // the first state in which words end
	atoms  [][]int32     // by state from ending on: the words that end there
}

// maxStates bounds an automaton to 16 MiB; uap-core's has 3.
const maxStates = 1 << 16

// newAutomaton makes the automaton for words in lower case; nil when it would
// have more than maxStates.
func newAutomaton(list []string) *automaton {
	column, columns := columnsOf(list)
	t := newTrie(list, &column, columns)
	if len(t.nodes) > maxStates {
		return nil
	}
	a := &automaton{}
	order := t.link()
	number := a.number(t, order)
	table := make([][]uint16, columns)
	for c := range table {
		table[c] = make([]uint16, len(t.nodes))
		for i, node := range t.nodes {
			table[c][number[i]] = number[node.next[c]]
		}
	}
	for c := range a.next {
		a.next[c] = table[column[c]]
	}
	return a
}

// columnsOf gives the bytes of words a column each, in both cases; column 0 is
// for all others.
func columnsOf(list []string) (column [256]uint8, n int) {
	n = 1
	for _, w := range list {
		for i := range len(w) {
			if column[w[i]] == 0 {
				column[w[i]] = uint8(n)
				n++
			}
		}
	}
	for c, f := range folded {
		column[c] = column[f]
	}
	return column, n
}

// number gives the nodes of a trie their states, in the given order, but those
// in which words end behind all others.
func (a *automaton) number(t *trie, order []int32) []uint16 {
	state := make([]uint16, len(t.nodes))
	n := uint16(0)
	for _, i := range order {
		if len(t.nodes[i].ends) == 0 {
			state[i] = n
			n++
		}
	}
	a.ending = n
	for _, i := range order {
		if ends := t.nodes[i].ends; len(ends) > 0 {
			state[i] = n
			n++
			a.atoms = append(a.atoms, ends)
		}
	}
	return state
}

// scan sets the bits of all words that s holds, and lists them in saw. A step
// mostly waits for memory, so four parts of a longer text are walked at once;
// they overlap by what a word may have before its end.
func (a *automaton) scan(s string, holds bits, saw []int32) []int32 {
	const overlap = maxWord - 1
	if len(s) < 4*maxWord {
		return a.walk(s, holds, saw)
	}
	n := (len(s) + 3*overlap + 3) / 4
	step := n - overlap
	p0, p1, p2, p3 := s[:n], s[step:step+n], s[2*step:2*step+n], s[len(s)-n:]
	var s0, s1, s2, s3 uint16
	for i := range n {
		s0, s1 = a.next[p0[i]][s0], a.next[p1[i]][s1]
		s2, s3 = a.next[p2[i]][s2], a.next[p3[i]][s3]
		if max(s0, s1, s2, s3) < a.ending {
			continue
		}
		saw = a.see(s0, holds, saw)
		saw = a.see(s1, holds, saw)
		saw = a.see(s2, holds, saw)
		saw = a.see(s3, holds, saw)
	}
	return saw
}

// walk is scan for a short text.
func (a *automaton) walk(s string, holds bits, saw []int32) []int32 {
	state := uint16(0)
	for i := range len(s) {
		state = a.next[s[i]][state]
		saw = a.see(state, holds, saw)
	}
	return saw
}

// see notes the words that end in a state.
func (a *automaton) see(state uint16, holds bits, saw []int32) []int32 {
	if state < a.ending {
		return saw
	}
	for _, atom := range a.atoms[state-a.ending] {
		if !holds.has(int(atom)) {
			holds.set(int(atom))
			saw = append(saw, atom)
		}
	}
	return saw
}
