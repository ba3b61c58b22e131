package events

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// fullConversion is a rejected event with a value in every field a row shows.
func fullConversion() *click.Click {
	c := fullClick()
	c.Plane, c.Purpose = click.PlaneConversion, click.Visit
	c.TimeMS += 90_061_500 // a day, a minute, a second and a half after the click
	c.Geo.State = "NW"
	copy(c.TxID[:], "0190b1b2c3d4e5f60718293a4b5c6d7e")
	c.Verdict.Suspicious = c.Verdict.Suspicious.With(click.FilterClickSpam)
	c.Conversion = click.Conversion{
		TimeMS: c.TimeMS - 500, IP: netip.MustParseAddr("2001:db8::7"), ServerIP: netip.MustParseAddr("198.51.100.1"), RequestID: "req-1",
		ClickTxID: "0190a1b2c3d4e5f60718293a4b5c6d7e", ClickTimeMS: 1767225599042, ViewThrough: true, MatchedBy: "device_id",
		EventID: "ev-db", EventNumber: "12", EventName: "Lead \"A\"",
		ConversionRef: "order-77", DedupeKeys: []string{"aa01", "bb02"}, Currency: "EUR", PurchaseValue: money.MustParse("99.90"),
		AppID: "com.shop", AppVersion: "3.1", BeginInstallMS: c.TimeMS - 60_000, FinishInstallMS: c.TimeMS - 30_000,
		RejectedPayout: money.MustParse("3.05"), RejectedRevenue: money.MustParse("4.1"),
		ThirdPartyReason: "duplicate lead", ThirdPartyStatus: "declined",
		Status: click.Rejected, Throttled: true, CapReason: "daily cap", HoldUntilMS: c.TimeMS + 1000,
		PostbackManagerIDs: []string{"pm-1", "pm-2"},
		Update: click.Update{
			RealSimpleReason: "BOT", RealAdvancedReason: "empty user agent", TimeMS: c.TimeMS + 60_000, By: "ann@example.com", Note: "by phone",
		},
	}
	return c
}

// a22 is the conversion column of A22: what each field is of fullConversion.
// Fields marked unknown are nowhere in the program; they are left out.
var a22 = map[string]string{
	"advertiser": "Acme", "advertiser_db_id": "adv-db", "advertiser_name": "Acme", "app_id": "com.shop", "app_version": "3.1",
	"asn": "64500", "begin_install_time": "2026-01-02T01:00:00.542Z", "browser_language": "de-DE,de,en,*", "browser_name": "Firefox",
	"browser_timezone": unknown, "browser_version": "128.0", "city": "Köln", "click_ip": "203.0.113.7",
	"click_time": "2025-12-31T23:59:59.042Z", "click_tx_id": "0190a1b2c3d4e5f60718293a4b5c6d7e", "conversion_ip": "2001:db8::7",
	"conversion_time": "2026-01-02T01:01:00.042Z", "country": "DE", "coupon_code": "SAVE", "device_id": "IDFA", "device_type": "Computer",
	"event_24metrics": unknown, "event_db_id": "ev-db", "event_id": "12", "event_name": `Lead "A"`, "event_status": "3",
	"external_transaction_id": "ext", "extra_params.keys": "utm,empty", "extra_params.values": "x\ny,", "filter_group_id": "fg",
	"fingerprint": "fp", "finish_install_time": "2026-01-02T01:00:30.542Z", "hash": anyHash, "integration_id": "demo",
	"integration_type": "Direct", "invalid_sub_id": "s1", "ip_network": "203.0.113.0/24", "is_bot": "1", "is_click_spam": "1",
	"is_low_session_time": "0", "is_old_browser": "1", "is_old_os": "1", "isp": "Example Net", "lat": "50.9375", "long": "0",
	"manager_id": "m-1", "manager_name": unknown, "network": unknown, "offer": "Shoes", "offer_db_id": "off-db", "offer_group_id": unknown,
	"offer_id": "1", "offer_id_name": "1 Shoes", "organization_id": "org", "os_name": "Linux", "os_version": "6", "payout": "1.25",
	"postal_code": "50667", "postback_manager_ids": "pm-1,pm-2", "proxy_type": "VPN", "publisher": "Blog", "publisher_db_id": "pub-db",
	"publisher_name": "Blog", "purchase_value": "99.9", "real_advertiser": "a-7", "real_filter_group_id": "fg", "real_offer_id": "o-1",
	"real_publisher": "p-9", "real_rejected_advanced_reason": "empty user agent", "real_rejected_simple_reason": "BOT",
	"real_tx_id": "0190b1b2c3d4e5f60718293a4b5c6d7e", "referer": "https://blog.example/a?b=c", "referer_categories": "fraud",
	"rejected": "1", "rejected_advanced_reason": "exit of a provider", "rejected_internal_reason": "throttled", "rejected_language": "fr",
	"rejected_simple_reason": "VPN", "rejection_type": "fraud", "rejections": "VPN,BOT", "request_time": "2026-01-02T01:01:00.542Z",
	"revenue": "2", "risk": unknown, "rtt": unknown, "score": unknown, "server_ip": "198.51.100.1", "server_region": "eu-west",
	"session_time": "90061", "smart_link_id": "3", "smartlink_db_id": "sl-db", "state": "NW", "status": "Rejected",
	"sub_id": "TOO_MANY_UNIQUE_SUB_ID", "sub_id_2": "s2", "sub_id_3": "s3", "sub_id_4": "s4", "sub_id_5": "s5", "sub_id_6": "s6",
	"tags": unknown, "targeting_group_id": "tg", "third_party_rejection_reason": "duplicate lead", "third_party_status": "declined",
	"tx_id": "0190b1b2c3d4e5f60718293a4b5c6d7e", "user_agent": `Mozilla/5.0 (X11; "Linux") Gecko/20100101`,
	"user_email": unknown, // known, and nobody else's business
	"uuid":       "u-u",
}

const (
	unknown = "-"
	anyHash = "32 hex digits"
)

func conversionRow(t testing.TB, c *click.Click) Row {
	t.Helper()
	row, err := DecodeRow(Event, AppendConversionRow(nil, c, fullMeta))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestConversionRowHasAllOfA22(t *testing.T) {
	if n := len(a22); n != 106 {
		t.Errorf("A22 has 106 fields of conversions, the table %d", n)
	}
	row := conversionRow(t, fullConversion())
	for name, want := range a22 {
		got := row.Text(name)
		switch {
		case want == anyHash && len(got) == 32 && strings.Trim(got, "0123456789abcdef") == "":
		case want == unknown && got == "":
		case got != want:
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"currency": "EUR", "conversion_ref": "order-77", "dedupe_keys": "aa01,bb02", "matched_by": "device_id", "view_through": "1",
		"rejected_payout": "3.05", "rejected_revenue": "4.1",
		"throttled": "1", "cap_reason": "daily cap", "hold_until": "2026-01-02T01:01:01.542Z", "request_id": "req-1",
		"updated_time": "2026-01-02T01:02:00.542Z", "updated_by": "ann@example.com", "update_note": "by phone",
		"filters_hit": "BOT,VPN", "config_version": "c42", "node": "n1",
	} {
		if got := row.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !bytes.HasPrefix(row.Line, []byte(`{"tx_id":"0190b1b2c3d4e5f60718293a4b5c6d7e",`)) {
		t.Errorf("the row does not begin with its tx_id: %s", row.Line)
	}
	if strings.Contains(string(row.Line), "secret@") {
		t.Error("the visitor's e-mail address is in the row")
	}
}

// TestPlainConversion: the initial conversion of an approved click, with nothing
// else known.
func TestPlainConversion(t *testing.T) {
	c := &click.Click{Plane: click.PlaneConversion}
	copy(c.TxID[:], "0190b1b2c3d4e5f60718293a4b5c6d7e")
	c.Conversion.Status = click.Approved
	body := `{"tx_id":"0190b1b2c3d4e5f60718293a4b5c6d7e","real_tx_id":"0190b1b2c3d4e5f60718293a4b5c6d7e",` +
		`"request_time":"1970-01-01T00:00:00.000Z","request_date":"1970-01-01","view_through":0,` +
		`"status":"Approved","rejected":0,"is_bot":0,"is_old_browser":0,"is_old_os":0,"is_click_spam":0,"is_low_session_time":0,` +
		`"throttled":0,"event_id":0,"event_status":1`
	sum := sha256.Sum256([]byte(body))
	want := body + `,"hash":"` + hex.EncodeToString(sum[:16]) + "\"}\n"
	if got := string(AppendConversionRow([]byte("before"), c, Meta{})); got != "before"+want {
		t.Errorf("row differs\n got %s\nwant before%s", got, want)
	}
	var again click.Click
	if err := conversionRow(t, c).Recall(&again); err != nil || !reflect.DeepEqual(again.Conversion, c.Conversion) {
		t.Errorf("recalled %+v, %v, want %+v", again.Conversion, err, c.Conversion)
	}
}

func TestStatusesInRows(t *testing.T) {
	for _, s := range click.Statuses() {
		c := fullConversion()
		c.Conversion.Status, c.Conversion.Throttled = s, false
		row := conversionRow(t, c)
		want := []string{s.String(), "0", fmt.Sprint(s.AffiseNumber()), "daily cap"}
		if s == click.Rejected {
			want[1] = "1"
		}
		got := []string{row.Text("status"), row.Text("rejected"), row.Text("event_status"), row.Text("rejected_internal_reason")}
		if !slices.Equal(got, want) {
			t.Errorf("status %s: %v, want %v", s, got, want)
		}
	}
}

// Every field of a conversion is in the row and comes back from it, and makes
// the same row again.
func TestRecallOfConversions(t *testing.T) {
	original := fullConversion()
	row := conversionRow(t, original)
	var c click.Click
	if err := row.Recall(&c); err != nil {
		t.Fatal(err)
	}
	want := original.Conversion
	if !reflect.DeepEqual(c.Conversion, want) {
		t.Errorf("recalled\n%+v, want\n%+v", c.Conversion, want)
	}
	for i := range reflect.TypeFor[click.Conversion]().NumField() {
		name := reflect.TypeFor[click.Conversion]().Field(i).Name
		asked := name == "RequestPayout" || name == "RequestRevenue" // became the amounts, or nothing
		if reflect.ValueOf(want).Field(i).IsZero() && !asked {
			t.Errorf("the test has no value for %s", name)
		}
	}
	if c.Plane != click.PlaneConversion || c.TimeMS != original.TimeMS || c.Verdict.Payout != original.Verdict.Payout || c.Verdict.Revenue != original.Verdict.Revenue {
		t.Errorf("recalled %v %d %v %v", c.Plane, c.TimeMS, c.Verdict.Payout, c.Verdict.Revenue)
	}
}

func TestRecallNamesWhatIsNoRowOfOurs(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`"status":"Paid"`, "status: unknown status"},
		{`"click_time":"noon"`, "click_time: "},
		{`"payout":"much"`, "payout: "},
	} {
		row, err := DecodeRow(Conversion, []byte(`{"tx_id":"x","request_time":"2026-01-01T00:00:00Z",`+tt.fields+`}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := row.Recall(new(click.Click)); err == nil || !strings.Contains(err.Error(), "recall conversion event x: "+tt.want) {
			t.Errorf("%s: %v, want %q", tt.fields, err, tt.want)
		}
	}
}

func FuzzAppendConversionRow(f *testing.F) {
	f.Add("order", "Lead", "12", "EUR", "reason", int64(1))
	f.Add("\x00\"", "\xff", "-1", "\u2028", strings.Repeat("é", 300), int64(-1))
	f.Add("", "", "1,}", "", "", int64(0))
	f.Fuzz(func(t *testing.T, ref, name, number, currency, reason string, ms int64) {
		c := fullConversion()
		v := &c.Conversion
		v.ConversionRef, v.EventName, v.EventNumber, v.Currency, v.ThirdPartyReason = ref, name, number, currency, reason
		v.DedupeKeys, v.ClickTimeMS = []string{ref, name}, ms%4102444800000
		line := AppendConversionRow(nil, c, fullMeta)
		row, err := DecodeRow(Event, line)
		if err != nil || bytes.IndexByte(line, '\n') != len(line)-1 {
			t.Fatalf("%v: not one line: %q", err, line)
		}
		if got, want := row.Text("third_party_rejection_reason"), clean(reason, maxText); got != want {
			t.Errorf("reason %q, want %q", got, want)
		}
		if got, want := row.texts("dedupe_keys"), []string{clean(ref, maxText), clean(name, maxText)}; !slices.Equal(got, want) {
			t.Errorf("keys %q, want %q", got, want)
		}
	})
}

func BenchmarkAppendConversionRow(b *testing.B) {
	c := fullConversion()
	buf := AppendConversionRow(nil, c, fullMeta)
	b.ReportAllocs()
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		buf = AppendConversionRow(buf[:0], c, fullMeta)
	}
}
