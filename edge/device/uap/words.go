package uap

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

// number gives each word of a condition its number. Only so many bytes of a word
// count.
func (w *words) number(n *need, length int) {
	if n.op == needWord {
		n.atom = w.id(n.word[:min(len(n.word), length)])
	}
	for i := range n.kids {
		w.number(&n.kids[i], length)
	}
}
