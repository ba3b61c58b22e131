package device

// maxName caps the name of a bot, which goes into event rows.
const maxName = 40

// nameAt is the product name around a word: "Googlebot-Image" for the word
// "googlebot". Where the word alone would say nothing ("spider"), the words
// before it are taken along: "Sogou web spider".
func (s *scanner) nameAt(w span) span {
	for w.to < len(s.low) && s.joins(w.to) {
		w.to++
	}
	for w.from > 0 && s.joins(w.from-1) {
		w.from--
	}
	if isDuty(s.text(w)) {
		for w.from > 0 && (isLetter(s.low[w.from-1]) || s.low[w.from-1] == ' ' || s.low[w.from-1] == '-') {
			w.from--
		}
	}
	for w.from < w.to && !isWord(s.low[w.from]) {
		w.from++
	}
	w.to = min(w.to, w.from+maxName)
	for w.to > w.from && !isWord(s.low[w.to-1]) {
		w.to--
	}
	return w
}

// joins tells whether the byte at i holds a product name together.
func (s *scanner) joins(i int) bool {
	return isWord(s.low[i]) || s.low[i] == '-' || s.low[i] == '_' || s.low[i] == '.'
}
