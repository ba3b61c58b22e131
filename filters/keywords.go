package filters

import (
	"bytes"
	"unicode/utf8"
)

// keywords finds words in texts, whatever the case of either, by the algorithm
// of Aho and Corasick: one pass over the text looks for all words, and however
// the words and a hostile text are made, each byte costs about the same. A nil
// keywords finds nothing.
type keywords struct {
	// root has the states that a first byte leads to, 0 for none.
	root  [256]int32
	nodes []keywordNode
	// The edges of a node are a range of labels and, at the same places, the
	// nodes they lead to.
	labels  []byte
	targets []int32
}

// keywordNode stands for the beginning of a word; 0 is the empty one.
type keywordNode struct {
	first, edges int32
	// fail is the longest other beginning that this one ends with.
	fail int32
	// word is the index of a word that ends here, or -1.
	word int32
}

func newKeywords(words ...string) *keywords {
	if len(words) == 0 {
		return nil
	}
	t := trie{{word: -1}}
	for i, w := range words {
		t.add(appendFolded(make([]byte, 0, 3*len(w)+utf8.UTFMax), w), i)
	}
	return t.compile()
}

// find returns the index of a word that stands in text, or -1.
func (k *keywords) find(text string) int {
	if k == nil {
		return -1
	}
	state := int32(0)
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if state = k.step(state, lower[c]); k.nodes[state].word >= 0 {
				return int(k.nodes[state].word)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		var buf [utf8.UTFMax]byte
		for _, c := range utf8.AppendRune(buf[:0], foldRune(r)) {
			if state = k.step(state, c); k.nodes[state].word >= 0 {
				return int(k.nodes[state].word)
			}
		}
	}
	return -1
}

// step is the longest beginning of a word that what was read ends with, once c
// is read after state.
func (k *keywords) step(state int32, c byte) int32 {
	for state != 0 {
		n := &k.nodes[state]
		if i := bytes.IndexByte(k.labels[n.first:n.first+n.edges], c); i >= 0 {
			return k.targets[n.first+int32(i)]
		}
		state = n.fail
	}
	return k.root[c]
}

// trie is keywords in the making: the nodes with their edges.
type trie []trieNode

type trieNode struct {
	labels  []byte
	targets []int32
	word    int32
}

func (t *trie) add(folded []byte, word int) {
	at := int32(0)
	for _, c := range folded {
		n := &(*t)[at]
		if i := bytes.IndexByte(n.labels, c); i >= 0 {
			at = n.targets[i]
			continue
		}
		next := int32(len(*t))
		n.labels, n.targets = append(n.labels, c), append(n.targets, next)
		*t = append(*t, trieNode{word: -1})
		at = next
	}
	if n := &(*t)[at]; at != 0 && n.word < 0 {
		n.word = int32(word)
	}
}

// compile lays the trie out and links every node to where it fails to. It goes
// level by level: a node's fail is shorter and known before.
func (t trie) compile() *keywords {
	k := &keywords{nodes: make([]keywordNode, len(t))}
	queue := make([]int32, 1, len(t))
	for len(queue) > 0 {
		at := queue[0]
		queue = append(queue[1:], t[at].targets...)
		n := &k.nodes[at]
		n.first, n.edges, n.word = int32(len(k.labels)), int32(len(t[at].labels)), t[at].word
		k.labels, k.targets = append(k.labels, t[at].labels...), append(k.targets, t[at].targets...)
		if n.word < 0 {
			n.word = k.nodes[n.fail].word
		}
		for i, c := range t[at].labels {
			child := t[at].targets[i]
			if at == 0 {
				k.root[c] = child
				continue
			}
			k.nodes[child].fail = k.step(n.fail, c)
		}
	}
	return k
}
