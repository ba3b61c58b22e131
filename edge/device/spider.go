package device

import "strings"

// spider is the name that uap-core's rules give to the device of a program.
const spider = "Spider"

// spiderWords are what those rules look for anywhere, also inside other words.
var spiderWords = [...]string{"bot", "spider", "crawl"}

// believeSpider tells whether a program that uap-core's rules see, and the
// classifier does not, is one. The rules know names that the classifier does not,
// but take everybody for a program whose string holds "bot", were it in "Caboto",
// and some old browsers.
func believeSpider(ua string) bool {
	var buf [maxLen]byte
	s := scanner{low: fold(ua, &buf)}
	s.run()
	if s.seen&opensBrowser != 0 {
		return false
	}
	for _, w := range spiderWords {
		if strings.Contains(s.low, w) {
			return false // the classifier has seen the word, and what it is a part of
		}
	}
	return true
}

// spiderSign is the sign of a program that only uap-core's rules know.
func spiderSign(ua string) sign {
	var buf [maxLen]byte
	s := scanner{low: fold(ua, &buf)}
	s.run()
	f := s.shaped(strings.ToLower(spider))
	found := sign{class: f.class, traffic: f.traffic, crawler: claimed(s.low), name: f.reason}
	if f.at.found() {
		found.name = ua[f.at.from:f.at.to]
	}
	return found
}
