package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// crawlers are the words by which operators that publish their crawlers'
// addresses name them. Fetchers that act for a user, such as Feedfetcher-Google,
// come from other addresses and are left out.
var crawlers = map[string]click.Crawler{
	"googlebot": click.Google, "googleother": click.Google, "storebot": click.Google,
	"inspectiontool": click.Google, "adsbot": click.Google, "mediapartners": click.Google, "cloudvertexbot": click.Google,
	"bingbot": click.Bing, "adidxbot": click.Bing, "msnbot": click.Bing, "bingpreview": click.Bing, "microsoftpreview": click.Bing,
	"baiduspider": click.Baidu,
	"applebot":    click.Apple,
	"duckduckbot": click.DuckDuckGo, "duckassistbot": click.DuckDuckGo,
	"facebookexternalhit": click.Meta, "facebot": click.Meta, "facebookcatalog": click.Meta, "externalagent": click.Meta,
	"externalfetcher": click.Meta, "externalads": click.Meta, "webindexer": click.Meta,
	"gptbot": click.OpenAI, "oai": click.OpenAI, "chatgpt": click.OpenAI,
	"ccbot":     click.CommonCrawl,
	"ahrefsbot": click.Ahrefs, "ahrefssiteaudit": click.Ahrefs,
}

// sharedNames are the words of crawlers that others use as well: they need the
// operator's name beside them.
var sharedNames = map[string]string{
	"storebot": "google", "adsbot": "google", "mediapartners": "google", "inspectiontool": "google",
	"externalagent": "meta", "externalfetcher": "meta", "externalads": "meta", "webindexer": "meta",
}

// claimed returns whose crawler a program's user agent, in lower case, says it
// is. The claim proves nothing: see [click.SignalForgedCrawler].
func claimed(low string) click.Crawler {
	for i := 0; i < len(low); {
		if !isLetter(low[i]) {
			i++
			continue
		}
		from := i
		for i < len(low) && isLetter(low[i]) {
			i++
		}
		word := low[from:i]
		if c, ok := crawlers[word]; ok && strings.Contains(low, sharedNames[word]) {
			return c
		}
		if strings.HasPrefix(word, "yandex") && word != "yandexsearch" {
			return click.Yandex
		}
	}
	return click.NoCrawler
}
