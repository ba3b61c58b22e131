package events

import (
	"strings"
	"testing"
)

func TestTableLinesAlign(t *testing.T) {
	row := decode(t, []byte(`{"tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","status":"Approved","offer":"A very long offer name","sub_id":"\u001b[2J"}`))
	var out strings.Builder
	if err := WriteHeading(&out, Columns()); err != nil {
		t.Fatal(err)
	}
	if err := WriteRow(&out, Columns(), row); err != nil {
		t.Fatal(err)
	}
	want := "time                     kind       status      reason               payout   offer            publisher        sub_id       ip              country browser      tx_id\n" +
		"-                        click      Approved    -                    -        A very long off… -                \uFFFD[2J         -               -       -            0190a1b2c3d4e5f60718293a4b5c6d7e\n"
	if out.String() != want {
		t.Errorf("table\n%s\nwant\n%s", out.String(), want)
	}
}

// A table of all kinds has something to say about each.
func TestTableOfEveryKind(t *testing.T) {
	for _, tt := range []struct {
		kind       Kind
		line, want string
	}{
		{Conversion, string(AppendConversionRow(nil, fullConversion(), fullMeta)),
			"2026-01-02T01:01:00.542Z conversion Rejected VPN 1.25 Shoes Blog TOO_MANY_UN… 203.0.113.7 DE Firefox 0190b1b2c3d4e5f60718293a4b5c6d7e"},
		{Event, `{"tx_id":"a","request_time":"t","status":"Pending_Cap","rejected_internal_reason":"daily cap","offer":"Shoes","conversion_ip":"::1"}`,
			"t event Pending_Cap daily cap - Shoes - - ::1 - - a"},
		{Received, string((&Intake{TxID: "a", IntegrationID: "i"}).Append(nil)),
			"1970-01-01T00:00:00.000Z received Processing - - - - - - - - a"},
		{Postback, `{"tx_id":"a","process_time":"t","create_time":"u","status_code":503,"error":"busy","offer_id":"7","publisher":"9","postback_ip":"::1"}`,
			"t postback 503 busy - 7 9 - ::1 - - a"},
		{Postback, `{"tx_id":"a","create_time":"u"}`, "u postback - - - - - - - - - a"},
	} {
		row, err := DecodeRow(tt.kind, []byte(tt.line))
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := WriteRow(&out, Columns(), row); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(out.String()), " "); got != tt.want {
			t.Errorf("%s is shown as\n%s, want\n%s", tt.kind, got, tt.want)
		}
	}
}

func TestParseFilter(t *testing.T) {
	if f, err := ParseFilter("offer=a=b"); err != nil || f != (Filter{"offer", "a=b"}) {
		t.Errorf("filter %+v, %v", f, err)
	}
	for _, bad := range []string{"", "offer", "=x"} {
		if _, err := ParseFilter(bad); err == nil {
			t.Errorf("%q is taken as a filter", bad)
		}
	}
}
