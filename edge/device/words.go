package device

import "strings"

// meaning is what a word of a user agent tells about its sender.
type meaning uint16

const (
	saysProgram   meaning = 1 << iota // a program's name, wherever it stands
	saysUnfurler                      // the same of a maker of link previews
	opensProgram                      // a program's name when it comes first
	opensUnfurler                     // an unfurler's name when it comes first
	opensBrowser                      // a browser that needs no Mozilla before it
	handheld                          // phone, tablet, television, console: its apps need no Mozilla either
	desktop                           // a computer's operating system
	engine                            // a part of browsers' names
	plain                             // in browsers' strings without meaning for us

	opens = opensProgram | opensUnfurler | opensBrowser
)

// dictionary holds the words known by themselves, in lower case. Only programs
// that nothing else gives away need to be here.
var dictionary = buildDictionary(map[meaning]string{
	saysProgram: `
		ahc aiohttp axios curl ffuf gobuster gospider guzzle guzzlehttp htmlunit httpclient
		httpie httping httprequest httpunit httpurlconnection httpx lwp mechanize
		okhttp pycurl postmanruntime python restsharp resty symfony urllib urlgrabber wget
		winhttp winhttprequest nutch heritrix httrack larbin teleport webzip webcopier sitesucker
		collectd zgrab masscan nmap nikto nuclei sqlmap acunetix nessus openvas zmeu dirbuster wpscan
		censysinspect expanse internetmeasurement qualys detectify netcraft burpcollaborator
		phantomjs phantomas slimerjs casperjs selenium webdriver puppeteer playwright cypress
		nightmare splash htmlcapture
		lighthouse pagespeed gtmetrix ptst catchpoint dynatrace ruxitsynthetic datadogsynthetics
		datadog splunk thousandeyes rigor pingdom pingdomtms statuscake site24x7 gomezagent
		newrelicpinger appinsights alertsite uptimia hotjar silktide monsido sitebulb dareboost
		observepoint cloudflareobservatory netumo zabbix nagios jetmon
		mediapartners apis googleother googleweblight googleproducer googledocs favicon
		yeti slurp teoma daumoa ichiro yahooseeker yacy gigablast ezooms proximic
		grapeshot admantx peer39 barkrowler bubing qwantify trendiction meltwater moreover
		turnitin ltx71 wayback archivebox webcollage
		tineye xenu linkwalker linkdex seokicks screaming netsystemsresearch virustotal
		feedbin feedburner miniflux freshrss
		simplepie magpierss bloglines superfeedr flipboardrss gwene
		bytespider amazonbedrock
		manus devin wechatdevtools bingpreview webpreview
		dmbrowser collapsify datanyze newsnow testlocally criticalcss
		imgproxy googleimageproxy yahoomailproxy imageproxy appengine cloudfront
		jakarta zapier ifttt integromat`,
	saysUnfurler: `
		facebookexternalhit facebot facebookcatalog twitterbot slackbot telegrambot discordbot linkedinbot
		skypeuripreview pinterestbot redditbot vkshare embedly iframely metainspector
		opengraph opengraphio mastodon pleroma misskey lemmy friendica cardyb unfurl unfurler
		clickuplinkunfurler preview linkpreview urlpreview imessagebot kakaotalkscrap kakaostory
		odklbot outbrain steamchaturllookup`,
	opensUnfurler: `whatsapp viber line pinterest signal`,
	// These have apps or browsers of the same name, or are everyday words.
	opensProgram: `
		java go ruby perl libwww amaya php node got undici request requests superagent fetch faraday typhoeus dart
		akka scalaj jersey rest http dalvikhttp okio reqwest hyper ureq lua cpprest libcurl
		aws rclone git svn docker composer npm pip maven gradle powershell
		ddg duckduckgo clamav daum coccoc hatena tumblr wordpress joomla drupal feedly newsblur
		inoreader theoldreader netvibes flipboardproxy chatgpt perplexity claude anthropic cohere mistralai`,
	opensBrowser: `opera links lynx elinks w3m netsurf dillo outlook microsoft iceweasel konqueror ibrowse amiga
		voyager3 voyager icab quicktime itunes emacs safari ucweb`,
	handheld: `
		android iphone ipad ipod ios watchos tvos cfnetwork darwin dalvik fban fbav fb4a
		symbian symbianos symbos series60 series40 s60 s40 midp j2me cldc brew wap kaios bada tizen
		meego maemo webos web0s hpwos palmos palm playbook blackberry bb10 rim iemobile
		playstation nintendo xbox roku crkey appletv smarttv smart hbbtv netcast viera bravia
		aquos googletv inettvbrowser ce dlnadoc sonos aft kindle silk
		lg lge mot motorola sie siemens htc zte docomo kddi softbank vodafone alcatel philips sagem
		sharp sanyo panasonic lenovo amoi vivo oppo xiaomi redmi realme oneplus juc mqqbrowser
		netfront obigo dolfin openwave teleca tablet mobile webtv foma kwc asus ucbrowser dtv`,
	desktop: `
		windows win98 win95 win32 win64 winnt win9x macintosh macos mac linux x11 cros ubuntu fedora
		freebsd openbsd netbsd dragonfly sunos solaris beos haiku amigaos irix hp aix os2 cygwin`,
	engine: `
		gecko applewebkit webkit khtml trident msie presto chrome chromium safari firefox edge edg
		edga edgios crios fxios opr opt netscape seamonkey konqueror version gsa tasman
		camino icab omniweb qtwebkit qtwebengine goanna servo netpositive opera ladybird`,
	plain: `
		mozilla compatible like nt u wow64 x86 x64 i686 arm64 aarch64 intel cpu os build rv n k en us
		wv phone aol`,
})

func buildDictionary(groups map[meaning]string) map[string]meaning {
	d := map[string]meaning{}
	for m, words := range groups {
		for _, w := range strings.Fields(words) {
			d[w] |= m
		}
	}
	return d
}

// duties are the words by which programs say what they do. They end a name
// ("Googlebot", "crawler4j", "FeedFetcher").
var duties = [...]string{
	"bot", "bots", "robot", "crawler", "crawl", "crawling", "spider", "fetcher", "fetch", "scraper",
	"scrapy", "archiver", "archive", "harvester", "indexer", "headless", "headlesschrome", "prerender",
	"screenshot", "checklink", "linkcheck", "synthetic", "synthetics",
	"sitemap", "sitemaps", "feedreader", "rssreader", "seo", "favicon", "aloud", "adwords", "insights",
}

// softDuties are the same of words that apps on phones are called by, too
// ("CamScanner"); they count where no phone is named.
var softDuties = [...]string{
	"monitor", "monitoring", "checker", "check", "validator", "scanner", "scan", "analyzer",
	"analyser", "resolver", "parser", "classifier", "verifier", "extractor", "downloader", "collector",
	"aggregator", "prober", "probe", "pinger", "uptime", "tester", "agent", "inspector",
	"subscriber", "subscribers", "transcoder", "proxy", "webhook", "webhooks", "copier", "daemon", "survey", "audit",
	"auditor", "research", "headers", "feed", "feeds", "rss", "optimizer",
}

// notDuties are names of devices and apps that end like a duty.
var notDuties = map[string]bool{"cubot": true, "abbot": true, "talbot": true}

// makers begin the names of phones from before browsers claimed to be Mozilla.
var makers = [...]string{"nokia", "samsung", "sonyericsson", "huawei", "blackberry", "lgku"}

func hasDuty(word string) bool {
	if strings.Contains(word, "crawl") || strings.Contains(word, "spider") {
		return true
	}
	return endsIn(word, duties[:]) && !notDuties[word]
}

func hasSoftDuty(word string) bool { return endsIn(word, softDuties[:]) }

func isDuty(word string) bool {
	for _, d := range duties {
		if word == d {
			return true
		}
	}
	for _, d := range softDuties {
		if word == d {
			return true
		}
	}
	return false
}

func endsIn(word string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

func hasMaker(word string) bool {
	for _, m := range makers {
		if strings.HasPrefix(word, m) {
			return true
		}
	}
	return false
}
