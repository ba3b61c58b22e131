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
	brand                             // a desktop browser, or what its maker adds to its string
	embeds                            // shows pages in an app's window, whose name may stand anywhere
	drives                            // a browser that a program drives

	opens = opensProgram | opensUnfurler | opensBrowser
)

// dictionary holds the words known by themselves, in lower case. Only programs
// that nothing else gives away need to be here.
var dictionary = buildDictionary(map[meaning]string{
	saysProgram: `
		ahc aiohttp axios curl ffuf gobuster gospider guzzle guzzlehttp httpclient
		httpie httping httprequest httpunit httpurlconnection httpx lwp mechanize
		okhttp pycurl postmanruntime python restsharp resty symfony urllib urlgrabber wget
		winhttp winhttprequest nutch heritrix httrack larbin teleport webzip webcopier sitesucker
		collectd zgrab masscan nmap nikto nuclei sqlmap acunetix nessus openvas zmeu dirbuster wpscan
		censysinspect expanse internetmeasurement qualys detectify netcraft burpcollaborator
		htmlcapture
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
		manus devin cursor wechatdevtools bingpreview webpreview
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
		inoreader theoldreader netvibes flipboardproxy readkit reeder netnewswire newsfire vienna liferea akregator
		rssowl feeddemon newsboat downcast chatgpt perplexity claude anthropic cohere mistralai`,
	opensBrowser: `amiga opera links lynx elinks w3m netsurf dillo outlook microsoft iceweasel konqueror ibrowse
		voyager3 voyager amigavoyager icab emacs safari ucweb midori galeon charon hotjava cyberdog ncsa mosaic
		worldwideweb oregano lobo bolt retawq edbrowse cello contiki browsex xiino doris jasmine blazer
		polaris teashark uzard uzbl retrozilla arachne mozacfetch
		quicktime itunes vlc libvlc winamp kodi xbmc mplayer mpv foobar2000 clementine rhythmbox amarok aimp nsplayer
		wmplayer applecoremedia realplayer realmedia totem xine stagefright exoplayer
		steam goggalaxyclient epicgameslauncher`,
	handheld: `
		android iphone ipad ipod ios watchos tvos cfnetwork darwin dalvik fban fbav fb4a
		symbian symbianos symbos series60 series40 s60 s40 midp j2me cldc brew wap kaios bada tizen
		meego maemo webos web0s hpwos palmos palm playbook blackberry bb10 rim iemobile
		playstation nintendo xbox roku crkey appletv smarttv smart hbbtv netcast viera bravia
		aquos googletv inettvbrowser ce dlnadoc sonos aft kindle silk
		lg lge mot motorola sie siemens htc zte docomo kddi softbank vodafone alcatel philips sagem
		sharp sanyo panasonic lenovo amoi vivo oppo xiaomi redmi realme oneplus juc mqqbrowser
		netfront obigo dolfin openwave teleca tablet mobile webtv foma kwc asus lumia 3gpp quest hiptop pantech kyocera audiovox sanyo ucbrowser dtv`,
	desktop: `
		windows win98 win95 win32 win64 winnt win9x macintosh macos mac linux x11 cros ubuntu fedora syllable
		freebsd openbsd netbsd dragonfly sunos amiga aweb morphos serenityos windowsce solaris beos haiku amigaos irix hp aix os2 cygwin`,
	engine: `
		gecko applewebkit webkit khtml trident msie presto chrome chromium safari firefox edge edg
		edga edgios crios fxios opr opt netscape seamonkey konqueror version gsa tasman
		camino icab omniweb qtwebkit qtwebengine goanna servo netpositive opera ladybird`,
	drives: `
		headless headlesschrome headlesschromium headlessfirefox headlessshell phantomjs phantomas slimerjs casperjs
		selenium webdriver chromedriver geckodriver puppeteer playwright cypress nightmare nightmarejs splash jsdom
		htmlunit testcafe webdriverio watir splinter zombie browserless automation`,
	embeds: `
		wv edg electron qtwebengine cefsharp cef msapphost webview webview2 micromessenger windowswechat nwjs
		qtcarbrowser teams`,
	brand: `
		vivaldi yabrowser yowser whale brave coc_coc_browser coc maxthon mxbrowser qqbrowser metasr
		lbbrowser ubrowser qihu qhbrowser sogou puffin iron coolnovo comodo dragon icedragon rockmelt
		flock arora midori epiphany falkon otter lunascape sleipnir sunrise palemoon basilisk waterfox
		librewolf floorp zen iceweasel icecat iceape kazehakase orca conkeror galeon thunderbird lightning
		postbox swiftfox flashpeak slimjet slimboat qupzilla rekonq dooble surf uzbl torch cent centbrowser
		amigo superbird citrio polarity kinza nichrome sputnik orbitum sidekick epic ghostery
		avast avg avira avant ccleaner norton adg aviator comet atlas dia arc ddg duckduckgo
		ecosia seznam szn iridium ulaa naver oprgx opx hola slbrowser slbchan slbvpv quarkpc gost
		startpage quark sailfishbrowser xiaomi miuibrowser shiira stainless abrowse
		cyberfox k kmeleon shiretoko minefield namoroka bonecho granparadiso`,
	plain: `
		core mail edition neon mms gx next spotify slack valve citrixchromeapp mobile nettype channel flue xweb
		kubuntu lubuntu debian gentoo suse opensuse mandriva mint arch slackware centos redhat light meleon
		pkeyauth oneoutlook version language lang macos touch unknown wayland
		mozilla compatible like nt u wow64 x86 x64 i686 arm64 aarch64 intel cpu os build rv n k en us
		phone aol`,
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
