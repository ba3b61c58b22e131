package uap

// trie is what an automaton is made from.
type trie struct{ nodes []node }

// node is a beginning of words.
type node struct {
	next []int32 // by column
	ends []int32 // the words that end here
}

func newTrie(list []string, column *[256]uint8, columns int) *trie {
	t := &trie{}
	t.add(columns)
	for id, w := range list {
		at := int32(0)
		for i := range len(w) {
			c := column[w[i]]
			if t.nodes[at].next[c] == 0 {
				t.nodes[at].next[c] = t.add(columns)
			}
			at = t.nodes[at].next[c]
		}
		t.nodes[at].ends = append(t.nodes[at].ends, int32(id))
	}
	return t
}

func (t *trie) add(columns int) int32 {
	t.nodes = append(t.nodes, node{next: make([]int32, columns)})
	return int32(len(t.nodes) - 1)
}

// link adds to each node what the longest suffix of its text knows, so that
// every step finds its way by one look. It goes level by level, and returns the
// nodes in this order.
func (t *trie) link() []int32 {
	suffix := make([]int32, len(t.nodes))
	order := []int32{0}
	for i := 0; i < len(order); i++ {
		at := order[i]
		n := &t.nodes[at]
		short := &t.nodes[suffix[at]]
		if at != 0 {
			n.ends = append(n.ends, short.ends...)
		}
		for c, to := range n.next {
			switch {
			case to == 0:
				n.next[c] = short.next[c]
			case at == 0:
				order = append(order, to)
			default:
				suffix[to] = short.next[c]
				order = append(order, to)
			}
		}
	}
	return order
}
