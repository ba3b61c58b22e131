// Package uatest makes user agents for tests and benchmarks: such as today's
// browsers send, but with versions, builds and models that nobody has seen.
package uatest

import (
	"fmt"
	"math/rand/v2"
)

// Modern makes the user agent of a browser or an app of our days. The kinds come
// in about the shares in which they are met; hardly ever are two alike.
func Modern(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 42:
		return chromium(r)
	case n < 52:
		return webView(r)
	case n < 60:
		return firefox(r)
	case n < 76:
		return safari(r)
	case n < 88:
		return appOnIPhone(r)
	case n < 94:
		return ofIOS(r)
	case n < 97:
		return television(r)
	}
	return nativeApp(r)
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// number is one from lo to hi.
func number(r *rand.Rand, lo, hi int) int { return lo + r.IntN(hi-lo+1) }

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('A' + r.IntN(26))
	}
	return string(b)
}

// chromeVersion has four parts, as apps and enterprise builds send them.
func chromeVersion(r *rand.Rand) string {
	return fmt.Sprintf("%d.0.%d.%d", number(r, 90, 160), number(r, 4000, 8000), number(r, 0, 250))
}

// chromium is Chrome or what is built on it, on a computer or on Android.
func chromium(r *rand.Rand) string {
	platform, mobile := desktop(r), ""
	if r.IntN(2) == 0 {
		platform = "Linux; Android " + android(r) + "; " + model(r)
		mobile = pick(r, "Mobile ", "Mobile ", "Mobile ", "")
	}
	return fmt.Sprintf("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) %sChrome/%s %sSafari/537.36%s",
		platform, samsung(r, mobile), chromeVersion(r), mobile, brand(r, mobile))
}

func samsung(r *rand.Rand, mobile string) string {
	if mobile == "" || r.IntN(6) > 0 {
		return ""
	}
	return fmt.Sprintf("SamsungBrowser/%d.%d ", number(r, 14, 32), number(r, 0, 9))
}

// brand is what other makers add to Chrome's string.
func brand(r *rand.Rand, mobile string) string {
	v := fmt.Sprintf("%d.%d.%d.%d", number(r, 90, 160), number(r, 0, 9), number(r, 1000, 9000), number(r, 0, 250))
	if mobile != "" {
		return pick(r, "", "", "", "", " EdgA/"+v, " OPR/"+v, " YaBrowser/"+v+".00 SA/3", " Brave/"+v)
	}
	return pick(r, "", "", "", "", " Edg/"+v, " OPR/"+v, " Vivaldi/"+v, " YaBrowser/"+v+" Yowser/2.5")
}

func desktop(r *rand.Rand) string {
	return pick(r,
		"Windows NT 10.0; Win64; x64", "Windows NT 10.0; WOW64", "Windows NT 6.1; Win64; x64",
		fmt.Sprintf("Macintosh; Intel Mac OS X 10_15_%d", number(r, 0, 7)),
		fmt.Sprintf("Macintosh; Intel Mac OS X %d_%d", number(r, 11, 26), number(r, 0, 7)),
		"X11; Linux x86_64", "X11; Ubuntu; Linux x86_64",
		fmt.Sprintf("X11; CrOS x86_64 %d.%d.0", number(r, 13000, 17000), number(r, 0, 99)))
}

func android(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return fmt.Sprintf("%d.%d.%d", number(r, 5, 9), number(r, 0, 2), number(r, 0, 2))
	}
	return fmt.Sprint(number(r, 8, 16))
}

// model is an Android device, real in its shape.
func model(r *rand.Rand) string {
	n := number(r, 100, 999)
	return pick(r, "K", "K", fmt.Sprintf("SM-%s%d%s", letters(r, 1), n, letters(r, 1)), fmt.Sprintf("SM-%s%dB", letters(r, 1), n),
		fmt.Sprintf("Pixel %d", number(r, 2, 12)), fmt.Sprintf("Pixel %d Pro", number(r, 3, 12)),
		fmt.Sprintf("M2%dK%d%sG", n, number(r, 1, 9), letters(r, 1)), fmt.Sprintf("2%d%dPN%d%s", n, n, number(r, 0, 9), letters(r, 1)),
		fmt.Sprintf("CPH2%d", n), fmt.Sprintf("RMX3%d", n), fmt.Sprintf("V2%d", n), "moto g"+fmt.Sprintf("%d power", number(r, 1, 99)),
		fmt.Sprintf("%s-LX%d", letters(r, 3), number(r, 1, 9)), fmt.Sprintf("Redmi Note %d Pro", number(r, 5, 15)),
		fmt.Sprintf("TECNO %s%d", letters(r, 2), number(r, 1, 9)), fmt.Sprintf("Infinix X%d%s", n, letters(r, 1)),
		fmt.Sprintf("Nokia %d.%d", number(r, 1, 9), number(r, 1, 4)), fmt.Sprintf("ONEPLUS A%d", n), fmt.Sprintf("LM-%s%d", letters(r, 1), n),
		fmt.Sprintf("XQ-%s%d", letters(r, 2), number(r, 10, 99)), fmt.Sprintf("%s %d", letters(r, number(r, 2, 7)), n))
}

// webView is a page inside an Android app.
func webView(r *rand.Rand) string {
	v := fmt.Sprintf("%d.0.0.%d.%d", number(r, 200, 500), number(r, 1, 99), number(r, 1, 250))
	app := pick(r, "", "", " [FB_IAB/FB4A;FBAV/"+v+";]", " Instagram "+v+" Android ("+fmt.Sprint(number(r, 24, 36))+"/14; 420dpi; 1080x2131; samsung; SM-A146P; a14xm; mt6833; en_US; 5"+fmt.Sprint(number(r, 10000000, 99999999))+")",
		" GSA/"+fmt.Sprintf("%d.%d.%d.28.arm64", number(r, 12, 17), number(r, 1, 50), number(r, 1, 50)), " musical_ly_2023"+fmt.Sprint(number(r, 100000, 999999))+" BytedanceWebview/d8a21c6")
	return fmt.Sprintf("Mozilla/5.0 (Linux; Android %s; %s Build/%s.%d.%03d; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/%s Mobile Safari/537.36%s",
		android(r), model(r), letters(r, 3)+"1"+letters(r, 1), number(r, 180000, 250000), number(r, 1, 99), chromeVersion(r), app)
}

func firefox(r *rand.Rand) string {
	v := fmt.Sprintf("%d.%d", number(r, 80, 160), number(r, 0, 3))
	platform := pick(r, desktop(r), "Android "+android(r)+"; Mobile")
	return "Mozilla/5.0 (" + platform + "; rv:" + v + ") Gecko/" + pick(r, "20100101", v) + " Firefox/" + v
}

func safari(r *rand.Rand) string {
	v := fmt.Sprintf("%d.%d", number(r, 12, 26), number(r, 0, 7))
	if r.IntN(3) == 0 {
		return fmt.Sprintf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_%d) AppleWebKit/605.1.%d (KHTML, like Gecko) Version/%s.%d Safari/605.1.%d",
			number(r, 0, 7), number(r, 1, 50), v, number(r, 1, 9), number(r, 1, 50))
	}
	return webKit(r) + " Version/" + v + " Mobile/" + build(r) + " Safari/604.1"
}

// webKit is the beginning of every string on an iPhone or iPad.
func webKit(r *rand.Rand) string {
	os := fmt.Sprintf("%d_%d_%d", number(r, 11, 26), number(r, 0, 7), number(r, 1, 9))
	return pick(r, "Mozilla/5.0 (iPhone; CPU iPhone OS "+os, "Mozilla/5.0 (iPhone; CPU iPhone OS "+os, "Mozilla/5.0 (iPad; CPU OS "+os) +
		" like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
}

func build(r *rand.Rand) string {
	return fmt.Sprintf("%d%s%d", number(r, 15, 23), letters(r, 1), number(r, 100, 999))
}

// ofIOS is another maker's browser on an iPhone.
func ofIOS(r *rand.Rand) string {
	v := fmt.Sprintf("%d.0.%d.%d", number(r, 90, 160), number(r, 4000, 8000), number(r, 0, 250))
	return webKit(r) + pick(r, " CriOS/"+v, " FxiOS/"+v, " Version/17.0 EdgiOS/"+v, " GSA/"+v, " OPiOS/"+v, " Ddg/17."+fmt.Sprint(number(r, 0, 9))) +
		" Mobile/" + build(r) + " Safari/604.1"
}

func appOnIPhone(r *rand.Rand) string {
	n := fmt.Sprintf("%d.0.0.%d.%d", number(r, 200, 500), number(r, 1, 99), number(r, 1, 250))
	id := number(r, 100000000, 999999999)
	return webKit(r) + " Mobile/" + build(r) + pick(r, "",
		fmt.Sprintf(" [FBAN/FBIOS;FBAV/%s;FBBV/%d;FBDV/iPhone%d,%d;FBMD/iPhone;FBSN/iOS;FBSV/17.%d;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5;FBRV/%d]", n, id, number(r, 8, 18), number(r, 1, 5), number(r, 0, 7), id),
		fmt.Sprintf(" Instagram %s (iPhone%d,%d; iOS 17_%d; en_US; en; scale=3.00; 1170x2532; %d)", n, number(r, 8, 18), number(r, 1, 5), number(r, 0, 7), id),
		fmt.Sprintf(" Snapchat/12.%d.0.%d (like Safari/8617.2.4.10.8, panda)", number(r, 1, 99), number(r, 1, 99)),
		fmt.Sprintf(" musical_ly_%d.%d.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US", number(r, 20, 40), number(r, 0, 9)))
}

func television(r *rand.Rand) string {
	return pick(r,
		fmt.Sprintf("Mozilla/5.0 (SMART-TV; Linux; Tizen %d.%d) AppleWebKit/537.36 (KHTML, like Gecko) %d.%d.%d/%d.0 TV Safari/537.36", number(r, 3, 8), number(r, 0, 5), number(r, 2, 8), number(r, 0, 5), number(r, 0, 9), number(r, 2, 8)),
		fmt.Sprintf("Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s Safari/537.36 WebAppManager", chromeVersion(r)),
		fmt.Sprintf("Mozilla/5.0 (Linux; Android %d; AFT%s) AppleWebKit/537.36 (KHTML, like Gecko) Silk/%d.%d.%d like Chrome/%s Safari/537.36", number(r, 7, 12), letters(r, 4), number(r, 90, 140), number(r, 1, 9), number(r, 1, 9), chromeVersion(r)),
		fmt.Sprintf("Roku/DVP-%d.%d (%d.%d.0.%d-88)", number(r, 9, 15), number(r, 0, 9), number(r, 9, 15), number(r, 0, 9), number(r, 1000, 9999)))
}

// nativeApp is what an app's own HTTP client sends.
func nativeApp(r *rand.Rand) string {
	name := letters(r, 1) + pick(r, "ovement", "eather", "hop", "layer", "ews")
	return pick(r,
		fmt.Sprintf("%s/%d.%d CFNetwork/%d.%d.%d Darwin/%d.%d.0", name, number(r, 1, 20), number(r, 0, 9), number(r, 900, 1600), number(r, 0, 9), number(r, 0, 9), number(r, 18, 25), number(r, 0, 6)),
		fmt.Sprintf("Dalvik/2.1.0 (Linux; U; Android %s; %s Build/%s1A.%d.%03d)", android(r), model(r), letters(r, 2), number(r, 180000, 250000), number(r, 1, 99)),
		fmt.Sprintf("%s/%d (iPhone; iOS %d.%d; Scale/3.00)", name, number(r, 1, 900), number(r, 12, 26), number(r, 0, 7)))
}
