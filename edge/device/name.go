package device

import "strings"

// maxName caps the name of a bot, which goes into event rows.
const maxName = 40

// nameAt is the product name around a word: "Googlebot-Image" for the word
// "googlebot". Where the word alone would say nothing ("spider"), the words
// before it are taken along: "Sogou web spider".
func (s *scanner) nameAt(w span) string {
	for w.to < len(s.ua) && s.joins(w.to) {
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
	name := strings.Trim(s.ua[w.from:w.to], " -_.")
	if len(name) > maxName {
		name = strings.TrimSpace(name[:maxName])
	}
	return name
}

// joins tells whether the byte at i holds a product name together.
func (s *scanner) joins(i int) bool {
	return isWord(s.low[i]) || s.low[i] == '-' || s.low[i] == '_' || s.low[i] == '.'
}
