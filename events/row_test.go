package events

import (
	"bytes"
	"encoding/json"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// fullClick is a rejected click with a value in every field a row shows.
func fullClick() *click.Click {
	c := &click.Click{
		TimeMS:                1767225599042,
		IP:                    netip.MustParseAddr("203.0.113.7"),
		UserAgent:             `Mozilla/5.0 (X11; "Linux") Gecko/20100101`,
		Referer:               "https://blog.example/a?b=c",
		AcceptLanguage:        "de-DE, de;q=0.9,en ;q=0.8,,*;q=0",
		Advertiser:            "a-7",
		Offer:                 "o-1",
		Publisher:             "p-9",
		SubID:                 [6]string{"s1", "s2", "s3", "s4", "s5", "s6"},
		DeviceID:              "IDFA",
		Keyword:               "running shoes",
		Signals:               click.SignalSet(0).With(click.SignalMissingAccept).With(click.SignalForgedCrawler),
		RefererCategories:     click.CategoryFraud,
		SiteCategories:        click.CategoryFraud,
		ExternalTransactionID: "ext",
		BundleID:              "com.example",
		SiteURL:               "https://site.example/",
		Coupon:                "SAVE",
		UserEmail:             "secret@example.com",
		UUID:                  "u-u",
		Fingerprint:           "fp",
		Params: []click.Param{
			{Name: "offer_id", Value: "o-1", Claimed: true},
			{Name: "utm", Value: "x\ny"},
			{Name: "empty", Value: ""},
		},
		Link: click.Link{
			IntegrationID: "demo", IntegrationType: "Direct", OrganizationID: "org",
			OfferID: "off-db", OfferName: "Shoes", OfferNumber: "1",
			AdvertiserID: "adv-db", AdvertiserName: "Acme", AdvertiserNumber: "7",
			PublisherID: "pub-db", PublisherName: "Blog", PublisherNumber: "9", LandingPageNumber: "4",
			ManagerID: "m-1",
		},
		Geo: click.Geo{
			Country: "DE", City: "Köln", PostalCode: "50667", Lat: 50.9375, Long: 0, HasLocation: true,
			Network: netip.MustParsePrefix("203.0.113.0/24"), ASN: 64500, ISP: "Example Net", Proxy: click.VPN,
		},
		Device:  &click.Device{BrowserName: "Firefox", BrowserVersion: "128.0", OSName: "Linux", OSVersion: "6", Type: "Computer"},
		Purpose: click.Prefetch,
	}
	copy(c.TxID[:], "0190a1b2c3d4e5f60718293a4b5c6d7e")
	c.Verdict = click.Verdict{
		Blocked: true, PreviewUsed: true, FilterGroupID: "fg", TargetingGroupID: "tg",
		RejectedLanguage: "fr", Payout: money.MustParse("1.25"), Revenue: money.MustParse("2"),
		Passed: click.FilterSet(0).With(click.FilterDuplicateUser), Unknown: click.FilterSet(0).With(click.FilterISP),
		Hit:          click.FilterSet(0).With(click.FilterBot).With(click.FilterVPN),
		Suspicious:   click.FilterSet(0).With(click.FilterOldBrowser).With(click.FilterOldOS),
		SurplusSubID: true, SmartLinkID: "sl-db", SmartLinkNumber: "3", FinalOfferName: "Boots", FinalOfferNumber: "8",
	}
	c.Verdict.Reject(click.VPNReason, "exit of a provider")
	c.Verdict.Reject(click.Bot, "")
	return c
}

var fullMeta = Meta{ConfigVersion: "c42", Node: "n1", Region: "eu-west"}

const fullRow = `{"tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","real_tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e",` +
	`"request_time":"2025-12-31T23:59:59.042Z","request_date":"2025-12-31",` +
	`"status":"Rejected","blocked":1,"monitoring_mode":0,"is_bot":1,"bot_class":"SIVT","bot_signals":["forged_crawler","missing_accept"],` +
	`"is_old_browser":1,"is_old_os":1,"preview_url_enabled":1,` +
	`"rejected_primary_reason":"VPN","rejected_simple_reason":"VPN","rejected_advanced_reason":"exit of a provider",` +
	`"rejected_language":"fr","rejection_type":"fraud","rejections":["VPN","BOT"],` +
	`"filters_passed":["DUPLICATE_USER"],"filters_hit":["BOT","VPN"],"filters_unknown":["ISP"],` +
	`"filter_group_id":"fg","real_filter_group_id":"fg","targeting_group_id":"tg","payout":1.25,"revenue":2,` +
	`"integration_id":"demo","integration_type":"Direct","organization_id":"org",` +
	`"offer":"Shoes","offer_id":"1","offer_db_id":"off-db",` +
	`"advertiser":"Acme","advertiser_id":"7","advertiser_db_id":"adv-db","manager_id":"m-1",` +
	`"publisher":"Blog","publisher_db_id":"pub-db","real_offer_id":"o-1","real_advertiser":"a-7","real_publisher":"p-9",` +
	`"landing_page_id":"4","smart_link_id":"3","smartlink_db_id":"sl-db","final_offer":"Boots","final_offer_id":"8",` +
	`"sub_id":"TOO_MANY_UNIQUE_SUB_ID","invalid_sub_id":"s1","sub_id_2":"s2","sub_id_3":"s3","sub_id_4":"s4","sub_id_5":"s5","sub_id_6":"s6",` +
	`"external_transaction_id":"ext","coupon_code":"SAVE","bundle_id":"com.example","keyword":"running shoes",` +
	`"site_url":"https://site.example/","site_url_categories":["fraud"],` +
	`"referer":"https://blog.example/a?b=c","referer_categories":["fraud"],` +
	`"click_ip":"203.0.113.7","uuid":"u-u","fingerprint":"fp","device_id":"IDFA",` +
	`"user_agent":"Mozilla/5.0 (X11; \"Linux\") Gecko/20100101","browser_language":["de-DE","de","en","*"],` +
	`"country":"DE","city":"Köln","postal_code":"50667","lat":50.9375,"long":0,` +
	`"ip_network":"203.0.113.0/24","asn":64500,"isp":"Example Net","proxy_type":"VPN",` +
	`"browser_name":"Firefox","browser_version":"128.0","os_name":"Linux","os_version":"6","device_type":"Computer",` +
	`"extra_params":{"keys":["utm","empty"],"values":["x\ny",""]},` +
	`"server_region":"eu-west","node":"n1","config_version":"c42","purpose":"prefetch"}` + "\n"

func TestAppendRowFull(t *testing.T) {
	got := string(AppendRow(nil, fullClick(), fullMeta))
	if got != fullRow {
		t.Errorf("row differs\n got %s\nwant %s", got, fullRow)
	}
	if strings.Contains(got, "secret@") {
		t.Error("the visitor's e-mail address is in the row")
	}
}

func TestAppendRowLeavesEmptyFieldsOut(t *testing.T) {
	c := &click.Click{Plane: click.PlaneImpression}
	copy(c.TxID[:], "0190a1b2c3d4e5f60718293a4b5c6d7e")
	want := `{"tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","real_tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e",` +
		`"request_time":"1970-01-01T00:00:00.000Z","request_date":"1970-01-01",` +
		`"status":"Approved","blocked":0,"monitoring_mode":0,"is_bot":0,"is_old_browser":0,"is_old_os":0}` + "\n"
	if got := string(AppendRow(nil, c, Meta{})); got != want {
		t.Errorf("row differs\n got %s\nwant %s", got, want)
	}
}

func TestAppendRowRawIDsWhereNothingWasResolved(t *testing.T) {
	row := decode(t, AppendRow(nil, &click.Click{Offer: "gone", Advertiser: "who"}, Meta{}))
	if got := row.Text("offer_id"); got != "gone" {
		t.Errorf("offer_id = %q, want the raw value", got)
	}
	if got := row.Text("advertiser_id"); got != "who" {
		t.Errorf("advertiser_id = %q, want the raw value", got)
	}
}

func TestAppendRowCutsWithoutSplittingRunes(t *testing.T) {
	c := &click.Click{
		UserAgent: strings.Repeat("é", 400),
		Referer:   "x" + strings.Repeat("é", 2000),
		Link:      click.Link{OfferName: strings.Repeat("日", 200)},
		UUID:      strings.Repeat("\x80", 300),
	}
	for range maxExtra + 10 {
		c.Params = append(c.Params, click.Param{Name: "k", Value: "v"})
	}
	row := decode(t, AppendRow(nil, c, Meta{}))
	for field, want := range map[string]string{
		"user_agent": strings.Repeat("é", 256),
		"referer":    "x" + strings.Repeat("é", 1023),
		"offer":      strings.Repeat("日", 85),
		"uuid":       strings.Repeat("\uFFFD", 255),
	} {
		if got := row.Text(field); got != want {
			t.Errorf("%s = %d bytes %q, want %d bytes", field, len(got), got, len(want))
		}
	}
	if n := strings.Count(row.Text("extra_params.keys"), "k"); n != maxExtra {
		t.Errorf("%d extra parameters, want %d", n, maxExtra)
	}
}

func TestAppendRowLeavesNonNumbersOut(t *testing.T) {
	c := &click.Click{Geo: click.Geo{HasLocation: true, Lat: math.NaN(), Long: math.Inf(-1)}}
	row := decode(t, AppendRow(nil, c, Meta{}))
	for _, field := range []string{"lat", "long"} {
		if got := row.Text(field); got != "" {
			t.Errorf("%s = %s, want nothing", field, got)
		}
	}
}

func TestRowMatches(t *testing.T) {
	row := decode(t, []byte(fullRow))
	for _, tc := range []struct {
		field, value string
		want         bool
	}{
		{"country", "DE", true},
		{"country", "de", false},
		{"blocked", "1", true},
		{"rejections", "BOT", true},
		{"rejections", "ISP", false},
		{"absent", "", true},
		{"absent", "x", false},
		{"extra_params.values", "x\ny,", true},
	} {
		if got := row.Matches(tc.field, tc.value); got != tc.want {
			t.Errorf("Matches(%q, %q) = %v, want %v", tc.field, tc.value, got, tc.want)
		}
	}
}

func TestParseKind(t *testing.T) {
	for _, k := range Kinds() {
		if got, err := ParseKind(k.String()); got != k || err != nil {
			t.Errorf("ParseKind(%q) = %v, %v", k, got, err)
		}
	}
	if _, err := ParseKind("clicks"); err == nil {
		t.Error("an unknown kind is accepted")
	}
}

func decode(t testing.TB, line []byte) Row {
	t.Helper()
	row, err := DecodeRow(Click, line)
	if err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	return row
}

// FuzzAppendRow checks that hostile values yield one line of valid JSON that
// decodes to the values, with bad UTF-8 replaced and the length bounded.
func FuzzAppendRow(f *testing.F) {
	f.Add("Mozilla/5.0", "https://a.example/?x=1", "s1", "k", "v", "de,en;q=0.5", int64(1_500_000))
	f.Add("\x00\x1f\"\\\u2028", "\xff\xfe", "a\nb\r\t", "", "\xe2\x80", ",;,", int64(math.MinInt64))
	f.Add(strings.Repeat("€", 300), strings.Repeat("\x80", 3000), "\xf0\x9f\x98", "\x7f", "</script>", "\xff", int64(0))
	for _, odd := range []string{"\"", "\\", "\x1f", "\x80", "\xff", "é"} { // at each place of eight bytes
		for i := range 8 {
			s := strings.Repeat(" ", i) + odd + strings.Repeat("~", 16-i)
			f.Add(s, "01234567"+s, s, s, s, s, int64(10*i))
		}
	}
	f.Fuzz(func(t *testing.T, ua, referer, sub, key, value, languages string, payout int64) {
		c := &click.Click{UserAgent: ua, Referer: referer, AcceptLanguage: languages}
		c.SubID[0], c.Verdict.Payout = sub, money.New(payout, money.Decimals)
		c.Params = []click.Param{{Name: key, Value: value}}
		copy(c.TxID[:], "0190a1b2c3d4e5f60718293a4b5c6d7e")
		line := AppendRow(nil, c, fullMeta)
		if !utf8.Valid(line) || bytes.IndexByte(line, '\n') != len(line)-1 {
			t.Fatalf("not one line of UTF-8: %q", line)
		}
		row := decode(t, line)
		for _, f := range []struct {
			field, in string
			limit     int
		}{
			{"user_agent", ua, maxUserAgent}, {"referer", referer, maxURL}, {"sub_id", sub, maxText},
		} {
			if got, want := row.Text(f.field), clean(f.in, f.limit); got != want {
				t.Errorf("%s = %q, want %q", f.field, got, want)
			}
		}
		var extra struct {
			Extra struct{ Keys, Values []string } `json:"extra_params"`
		}
		if err := json.Unmarshal(line, &extra); err != nil {
			t.Fatal(err)
		}
		want := [][]string{{clean(key, maxText)}, {clean(value, maxText)}}
		if got := [][]string{extra.Extra.Keys, extra.Extra.Values}; !reflect.DeepEqual(got, want) {
			t.Errorf("extra_params = %q, want %q", got, want)
		}
	})
}

// clean is what a row makes of a value, written the slow way.
func clean(s string, limit int) string {
	if len(s) > limit {
		end := limit
		for end > limit-3 && !utf8.RuneStart(s[end]) {
			end--
		}
		if !utf8.RuneStart(s[end]) {
			end = limit
		}
		s = s[:end]
	}
	return string([]rune(s))
}

func BenchmarkAppendRow(b *testing.B) {
	c := fullClick()
	buf := AppendRow(nil, c, fullMeta)
	b.ReportAllocs()
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		buf = AppendRow(buf[:0], c, fullMeta)
	}
}

func TestISOTimeIsThatOfTheLibrary(t *testing.T) {
	for _, at := range []time.Time{
		time.UnixMilli(0), time.UnixMilli(1_700_000_000_007), time.UnixMilli(253402300799999),
		time.Date(2028, 2, 29, 23, 59, 59, 999e6, time.UTC),
	} {
		at = at.UTC()
		if got, want := string(appendISO(nil, at)), at.Format("2006-01-02T15:04:05.000Z"); got != want {
			t.Errorf("appendISO gives %s, want %s", got, want)
		}
	}
}

// TestEncodedLinkIsTheLink: what config compiles ahead reads as what a row
// makes of the parts.
func TestEncodedLinkIsTheLink(t *testing.T) {
	plain, encoded := fullClick(), fullClick()
	encoded.Link.OfferRow, encoded.Link.PublisherRow = OfferRow(&encoded.Link), PublisherRow(&encoded.Link)
	encoded.Link.OfferName, encoded.Link.PublisherName = "not read", "not read"
	if got, want := string(AppendRow(nil, encoded, fullMeta)), string(AppendRow(nil, plain, fullMeta)); got != want {
		t.Errorf("row differs\n got %s\nwant %s", got, want)
	}
}
