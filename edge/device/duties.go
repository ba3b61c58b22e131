package device

import "strings"

// endings are words that others end in, by their last byte.
type endings [256][]string

func newEndings(words string) (e endings) {
	for _, w := range strings.Fields(words) {
		last := w[len(w)-1]
		e[last] = append(e[last], w)
	}
	return e
}

// endOf tells whether word ends in one of them.
func (e *endings) endOf(word string) bool {
	for _, w := range e[word[len(word)-1]] {
		if strings.HasSuffix(word, w) {
			return true
		}
	}
	return false
}

// has tells whether word is one of them.
func (e *endings) has(word string) bool {
	for _, w := range e[word[len(word)-1]] {
		if word == w {
			return true
		}
	}
	return false
}

// duties are the words by which programs say what they do. They end a name
// ("Googlebot", "crawler4j", "FeedFetcher").
var duties = newEndings(`
	bot bots robot crawler crawl crawling spider fetcher fetch scraper scraping scrapy
	archiver archive harvester indexer indexing prerender screenshot screenshots checklink linkcheck
	synthetic synthetics sitemap sitemaps feedreader rssreader seo favicon aloud adwords insights
	healthcheck healthchecker healthchecks webscan urlscan`)

// softDuties are the same of words that apps on phones are called by, too
// ("CamScanner"); in an app's web view they do not count.
var softDuties = newEndings(`
	monitor monitoring checker check validator scanner scan scanning analyzer analyser analysis
	resolver parser classifier verifier verify verification extractor downloader collector
	aggregator prober probe pinger uptime tester testing agent inspector inspection
	subscriber subscribers transcoder proxy webhook webhooks copier daemon survey audit auditor
	research researcher headers feed feeds rss optimizer
	snapshot capture grabber scrape previewer thumbnail thumbnails thumbnailer detector detection sniffer
	lookup watcher watchdog tracker notifier linter compliance translator summarizer
	gateway hunter walker benchmark benchmarks validation discovery recon`)

// notDuties are names of devices and apps that end like a duty.
var notDuties = map[string]bool{"cubot": true, "abbot": true, "talbot": true}

// makers begin the names of phones from before browsers claimed to be Mozilla.
var makers = [...]string{
	"nokia", "samsung", "sonyericsson", "sonylt", "huawei", "blackberry", "lgku", "htcs", "pantech", "kyocera",
}

func hasDuty(word string) bool {
	if strings.Contains(word, "crawl") || strings.Contains(word, "spider") {
		return true
	}
	return duties.endOf(word) && !notDuties[word]
}

func hasSoftDuty(word string) bool { return softDuties.endOf(word) }

func isDuty(word string) bool { return word != "" && (duties.has(word) || softDuties.has(word)) }

func hasMaker(word string) bool {
	for _, m := range makers {
		if strings.HasPrefix(word, m) {
			return true
		}
	}
	return false
}
