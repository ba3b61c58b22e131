package events

import (
	"reflect"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// What Recall brings back makes the same row again, but for what was decided.
func TestRecall(t *testing.T) {
	original := fullClick()
	row, err := DecodeRow(Click, AppendRow(nil, original, fullMeta))
	if err != nil {
		t.Fatal(err)
	}
	var c click.Click
	if err := row.Recall(&c); err != nil {
		t.Fatal(err)
	}
	if c.TimeMS != original.TimeMS || c.IP != original.IP || c.TxID != original.TxID || c.Purpose != original.Purpose {
		t.Errorf("recalled %d %v %s %v, want %d %v %s %v", c.TimeMS, c.IP, c.TxID, c.Purpose,
			original.TimeMS, original.IP, original.TxID, original.Purpose)
	}
	if c.SubID != original.SubID {
		t.Errorf("sub ids %v, want %v", c.SubID, original.SubID)
	}
	for name, got := range map[string][2]string{
		"offer": {c.Offer, original.Offer}, "publisher": {c.Publisher, original.Publisher}, "advertiser": {c.Advertiser, original.Advertiser},
		"smart link": {c.SmartLink, original.Verdict.SmartLinkNumber}, "device id": {c.DeviceID, original.DeviceID},
		"keyword": {c.Keyword, original.Keyword}, "coupon": {c.Coupon, original.Coupon}, "site": {c.SiteURL, original.SiteURL},
		"user agent": {c.UserAgent, original.UserAgent}, "referer": {c.Referer, original.Referer}, "uuid": {c.UUID, original.UUID},
		"fingerprint": {c.Fingerprint, original.Fingerprint}, "languages": {c.AcceptLanguage, "de-DE,de,en,*"},
		"external id": {c.ExternalTransactionID, original.ExternalTransactionID}, "bundle": {c.BundleID, original.BundleID},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, want %q", name, got[0], got[1])
		}
	}
	if c.Signals != original.Signals {
		t.Errorf("signals %b, want %b", c.Signals, original.Signals)
	}
	if *c.Device != *original.Device {
		t.Errorf("device %+v, want %+v", *c.Device, *original.Device)
	}
	if want := original.Params[1:]; !reflect.DeepEqual(c.Params, want) {
		t.Errorf("extra parameters %v, want %v", c.Params, want)
	}
	if c.Verdict.Rejected() {
		t.Errorf("the verdict came back: %v", c.Verdict)
	}
}

func TestRecallRefusesRowsWithoutATime(t *testing.T) {
	row, err := DecodeRow(Click, []byte(`{"tx_id":"x","request_time":"yesterday"}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := row.Recall(new(click.Click)); err == nil {
		t.Error("a row without a time is recalled")
	}
}

func FuzzRecall(f *testing.F) {
	f.Add(AppendRow(nil, fullClick(), fullMeta))
	f.Add([]byte(`{"request_time":"2026-01-01T00:00:00Z","extra_params":{"keys":["a","b"],"values":["c"]},"bot_signals":[1]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := DecodeRow(Click, line)
		if err != nil {
			return
		}
		_ = row.Recall(new(click.Click))
	})
}
