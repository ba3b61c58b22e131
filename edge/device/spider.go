package device

import "strings"

// spiderWords are what those rules look for anywhere, also inside other words.
var spiderWords = [...]string{"bot", "spider", "crawl"}

// asSpider judges a program that uap-core's rules see and the classifier does
// not. The rules know names that the classifier does not, but they take
// everybody for a program whose string holds "bot", were it in "Caboto", and an
// old browser or two. Where the classifier has seen the word, or a browser by
// name, it knows better.
func asSpider(ua string) (s sign, believed bool) {
	var buf [maxLen]byte
	sc := scanner{low: fold(ua, &buf)}
	sc.run()
	if sc.seen&opensBrowser != 0 {
		return sign{}, false
	}
	for _, w := range spiderWords {
		if strings.Contains(sc.low, w) {
			return sign{}, false
		}
	}
	return sc.sign(sc.shaped("spider"), ua), true
}
