package hints

import (
	"testing"

	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/internal/click"
)

const (
	listChrome = `"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"`
	fullChrome = `"Chromium";v="142.0.7444.60", "Google Chrome";v="142.0.7444.61", "Not_A Brand";v="99.0.0.0"`
)

var (
	onWindows  = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Windows", OSVersion: "10", Type: "Computer"}
	onMac      = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Mac OS X", OSVersion: "10.15.7", Type: "Computer", Brand: "Apple", Model: "Mac"}
	onLinux    = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Linux", Type: "Computer"}
	onChromeOS = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Chrome OS", OSVersion: "14541.0.0", Type: "Computer"}
	onPhone    = click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.0", OSName: "Android", OSVersion: "10", Type: "Phone", Brand: "Generic_Android", Model: "K"}
	onTablet   = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Android", OSVersion: "10", Type: "Tablet", Brand: "Generic_Android_Tablet", Model: "K"}
)

func TestRefine(t *testing.T) {
	for name, c := range map[string]struct {
		d      click.Device
		h      Headers
		change func(*click.Device)
	}{
		"nothing sent":      {onWindows, Headers{}, nil},
		"what all send":     {onWindows, Headers{Brands: listChrome, Mobile: "?0", Platform: `"Windows"`}, nil},
		"of a program":      {click.Device{Bot: true, BotName: "curl", BrowserName: "Chrome"}, Headers{Brands: listChrome, FullVersions: fullChrome}, nil},
		"of nothing known":  {click.Device{}, Headers{Brands: listChrome, FullVersions: fullChrome}, nil},
		"without brands":    {onWindows, Headers{Platform: `"Windows"`, PlatformVersion: `"15.0.0"`}, nil},
		"full version":      {onWindows, Headers{Brands: listChrome, FullVersions: fullChrome}, func(d *click.Device) { d.BrowserVersion = "142.0.7444" }},
		"Chromium's":        {onWindows, Headers{Brands: `"Chromium";v="142"`, FullVersions: `"Chromium";v="142.0.7444.60"`}, func(d *click.Device) { d.BrowserVersion = "142.0.7444" }},
		"other version":     {onWindows, Headers{Brands: listChrome, FullVersions: `"Google Chrome";v="141.0.1.2"`}, func(*click.Device) {}},
		"no version":        {onWindows, Headers{Brands: listChrome, FullVersions: `"Google Chrome";v="142.."`}, func(*click.Device) {}},
		"malformed":         {onWindows, Headers{Brands: listChrome, FullVersions: `"Google Chrome";v=142.0.1.1, x`}, func(*click.Device) {}},
		"Brave":             {onWindows, Headers{Brands: `"Brave";v="142", "Chromium";v="142"`}, func(d *click.Device) { d.BrowserName, d.BrowserVersion = "Brave", "142" }},
		"Brave, full":       {onWindows, Headers{Brands: `"Brave";v="142", "Chromium";v="142"`, FullVersions: `"Chromium";v="142.1.1.1", "Brave";v="142.0.8.9"`}, func(d *click.Device) { d.BrowserName, d.BrowserVersion = "Brave", "142.0.8" }},
		"Edge as Chrome":    {onWindows, Headers{Brands: `"Microsoft Edge";v="142"`}, func(d *click.Device) { d.BrowserName, d.BrowserVersion = "Edge", "142" }},
		"Opera on a phone":  {onPhone, Headers{Brands: `"Opera";v="92", "Chromium";v="142"`}, func(d *click.Device) { d.BrowserName, d.BrowserVersion = "Opera Mobile", "92" }},
		"absurd version":    {onWindows, Headers{Brands: `"Brave";v="new"`}, func(*click.Device) {}},
		"web view":          {onPhone, Headers{Brands: `"Android WebView";v="142"`}, func(d *click.Device) { d.BrowserName, d.BrowserVersion = "Chrome Mobile WebView", "142" }},
		"old headless":      {onWindows, Headers{Brands: `"HeadlessChrome";v="142"`}, func(*click.Device) {}},
		"an app stays":      {click.Device{BrowserName: "Facebook", BrowserVersion: "530.0.0", OSName: "Android", Type: "Phone"}, Headers{Brands: `"Android WebView";v="142"`, FullVersions: `"Android WebView";v="142.1.2.3"`}, func(*click.Device) {}},
		"unknown brand":     {onWindows, Headers{Brands: `"Whale";v="4", "Chromium";v="142"`}, nil},
		"Windows 11":        {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"13.0.0"`}, func(d *click.Device) { d.OSVersion = "11" }},
		"Windows 11, later": {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"19.0.0"`}, func(d *click.Device) { d.OSVersion = "11" }},
		"Windows 10":        {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"10.0.0"`}, func(*click.Device) {}},
		"Windows 8.1":       {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"0.3.0"`}, func(d *click.Device) { d.OSVersion = "8.1" }},
		"Windows 8":         {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"0.2.0"`}, func(d *click.Device) { d.OSVersion = "8" }},
		"Windows 7":         {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"0.1"`}, func(d *click.Device) { d.OSVersion = "7" }},
		"Windows 0":         {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"0.0.0"`}, func(*click.Device) {}},
		"Windows between":   {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, PlatformVersion: `"11.0.0"`}, func(*click.Device) {}},
		"macOS":             {onMac, Headers{Brands: listChrome, Platform: `"macOS"`, PlatformVersion: `"15.6.1"`}, func(d *click.Device) { d.OSVersion = "15.6.1" }},
		"macOS, first":      {onMac, Headers{Brands: listChrome, Platform: `"macOS"`, PlatformVersion: `"15.0.0"`}, func(d *click.Device) { d.OSVersion = "15" }},
		"Chrome OS":         {onChromeOS, Headers{Brands: listChrome, Platform: `"Chrome OS"`, PlatformVersion: `"16433.41.0"`}, func(d *click.Device) { d.OSVersion = "16433.41.0" }},
		"another system":    {onWindows, Headers{Brands: listChrome, Platform: `"macOS"`, PlatformVersion: `"15.0.0"`}, func(*click.Device) {}},
		"no platform":       {onWindows, Headers{Brands: listChrome, PlatformVersion: `"15.0.0"`}, func(*click.Device) {}},
		"Linux has none":    {onLinux, Headers{Brands: listChrome, Platform: `"Linux"`, PlatformVersion: `""`}, func(*click.Device) {}},
		"phone": {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, PlatformVersion: `"15.0.0"`, Model: `"Pixel 8"`, Mobile: "?1"}, func(d *click.Device) {
			d.OSVersion, d.Brand, d.Model = "15", "Google", "Pixel 8"
		}},
		"no Android":       {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, PlatformVersion: `"new"`}, func(*click.Device) {}},
		"old Android":      {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, PlatformVersion: `"8.1.0"`}, func(d *click.Device) { d.OSVersion = "8.1.0" }},
		"unknown maker":    {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, Model: `"V2111"`}, func(d *click.Device) { d.Model = "V2111" }},
		"absurd model":     {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, Model: `"a\"b"`}, func(*click.Device) {}},
		"no model":         {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, Model: `""`}, func(*click.Device) {}},
		"model elsewhere":  {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, Model: `"Pixel 8"`}, func(*click.Device) {}},
		"form of a tablet": {onPhone, Headers{Brands: listChrome, Platform: `"Android"`, FormFactors: `"Tablet"`}, func(d *click.Device) { d.Type = "Tablet" }},
		"form of a phone":  {onTablet, Headers{Brands: listChrome, Platform: `"Android"`, FormFactors: `"XR", "Mobile"`}, func(d *click.Device) { d.Type = "Phone" }},
		"malformed form":   {onTablet, Headers{Brands: listChrome, Platform: `"Android"`, FormFactors: `Mobile`}, func(*click.Device) {}},
		"form elsewhere":   {onWindows, Headers{Brands: listChrome, Platform: `"Windows"`, FormFactors: `"Tablet"`}, func(*click.Device) {}},
		"desktop site":     {onLinux, Headers{Brands: listChrome, Platform: `"Android"`, Mobile: "?1"}, func(d *click.Device) { d.OSName, d.OSVersion, d.Type = "Android", "", "Phone" }},
		"tablet's desktop": {onLinux, Headers{Brands: listChrome, Platform: `"Android"`, Mobile: "?0", PlatformVersion: `"14.0.0"`, Model: `"SM-X710"`}, func(d *click.Device) {
			*d = click.Device{BrowserName: d.BrowserName, BrowserVersion: d.BrowserVersion, OSName: "Android", OSVersion: "14", Type: "Tablet", Brand: "Samsung", Model: "SM-X710"}
		}},
		"a headset's stays": {click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Android", Type: "Other", Brand: "Meta", Model: "Quest 3"}, Headers{Brands: listChrome, Platform: `"Android"`, FormFactors: `"Mobile"`}, func(*click.Device) {}},
		"other's model":     {click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.0", OSName: "Android", Type: "Phone", Brand: "LG", Model: "G3"}, Headers{Brands: listChrome, Platform: `"Android"`, Model: `"V2111"`}, func(d *click.Device) { d.Brand, d.Model = "", "V2111" }},
		"same model":        {click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "142.0.0", OSName: "Android", Type: "Phone", Brand: "LG", Model: "G3"}, Headers{Brands: listChrome, Platform: `"Android"`, Model: `"G3"`}, func(*click.Device) {}},
	} {
		var into click.Device
		before := c.d
		h := Parse(&c.h)
		got := h.Refine(&c.d, &into)
		if c.d != before {
			t.Errorf("%s: Refine changed its argument", name)
		}
		if c.change == nil {
			if got != &c.d {
				t.Errorf("%s: got %+v, want the device itself", name, *got)
			}
			continue
		}
		want := before
		c.change(&want)
		if *got != want {
			t.Errorf("%s: got %+v, want %+v", name, *got, want)
		}
	}
}

// TestModelsAsParsed: a hinted model has the brand and the name that the parser
// gives the same model in a user agent.
func TestModelsAsParsed(t *testing.T) {
	p, err := device.New(device.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, model := range []string{"SM-S918B", "SM-A125F", "Pixel 8", "Pixel 7 Pro", "Redmi Note 9 Pro", "CPH2269", "RMX3263", "ONEPLUS A6003", "moto g power (2022)", "V2111"} {
		const tail = ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
		ua := "Mozilla/5.0 (Linux; Android 13; " + model + tail
		want := *p.Parse(ua)
		want.Brand, want.Model = p.Model(ua)
		var into click.Device
		h := Parse(&Headers{Brands: listChrome, Platform: `"Android"`, PlatformVersion: `"13.0.0"`, Model: `"` + model + `"`})
		if got := h.Refine(&onPhone, &into); *got != want {
			t.Errorf("%s: got %+v, want %+v", model, *got, want)
		}
	}
}

// TestNamesAsParsed: so are browsers.
func TestNamesAsParsed(t *testing.T) {
	p, err := device.New(device.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const desktop = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	const mobile = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
	for b, agents := range map[brand][2]string{
		googleChrome:    {desktop, mobile},
		edge:            {desktop + " Edg/142.0.0.0", mobile + " EdgA/142.0.0.0"},
		opera:           {desktop + " OPR/125.0.0.0", mobile + " OPR/92.0.0.0"},
		vivaldi:         {desktop + " Vivaldi/7.6", ""},
		yandex:          {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 YaBrowser/25.10.0.0 Safari/537.36", ""},
		samsungInternet: {"", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36"},
		webView:         {"", "Mozilla/5.0 (Linux; Android 10; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36"},
		duckDuckGo:      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 DuckDuckGo/17.4", "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile DuckDuckGo/5 Safari/537.36"},
		brave:           {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Brave Chrome/74.0.3729.169 Safari/537.36", ""},
		avast:           {desktop + " Avast/142.0.1.2", ""},
		cocCoc:          {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/142.0.0 Chrome/142.0.0.0 Safari/537.36", ""},
		silk:            {"Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/120.3.1 like Chrome/120.0.6099.230 Safari/537.36", ""},
	} {
		for i, name := range []string{families[b].computer, families[b].phone} {
			if agents[i] == "" {
				continue
			}
			if got := p.Parse(agents[i]).BrowserName; got != name {
				t.Errorf("brand %d is named %q, and parsed %q from %q", b, name, got, agents[i])
			}
		}
	}
}
