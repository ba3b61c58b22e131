package events

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

const (
	changedMS   = 1767400000000
	changedTime = "2026-01-03T00:26:40.000Z"
)

// row has the fields of a recorded conversion, as JSON.
func recorded(t testing.TB, fields string) Row {
	t.Helper()
	row, err := DecodeRow(Conversion, appendHash([]byte(`{"tx_id":"0b","conversion_time":"2026-01-01T00:00:00.000Z",`+fields), 0))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

const (
	approvedRow = `"status":"Approved","rejected":0,"event_status":1,"payout":1.5,"odd":{"b": [1,  2]},"country":"DE"`
	rejectedRow = `"status":"Rejected","rejected":1,"event_status":3,"rejected_simple_reason":"VPN","rejected_advanced_reason":"exit",` +
		`"rejection_type":"fraud","rejections":["VPN"],"rejected_payout":1.5,"rejected_revenue":2.25`
	// Monitoring mode pays what filters reject.
	monitoredRow = `"status":"Rejected","rejected":1,"event_status":3,"rejected_simple_reason":"VPN","payout":1.5,"revenue":2.25`
	heldRow      = `"status":"Hold","rejected":0,"event_status":5,"hold_until":"2026-02-01T00:00:00.000Z"`
	once         = `,"real_rejected_simple_reason":"BOT","updated_time":"2026-01-02T00:00:00.000Z","updated_by":"bob"`
)

func amount(s string) *money.Amount { a := money.MustParse(s); return &a }

// TestRewrite is A24 and R-31: what a change makes of a row. Fields of want are
// those that differ from before, "" is gone.
func TestRewrite(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		change       Change
		want         map[string]string
	}{
		{"reject", approvedRow, Change{Status: click.Rejected, Reason: "returned goods", By: "ann", Note: "n"}, map[string]string{
			"status": "Rejected", "rejected": "1", "event_status": "3", "rejected_simple_reason": "ADVERTISER_REJECTED",
			"rejected_primary_reason": "ADVERTISER_REJECTED", "rejected_advanced_reason": "returned goods", "rejection_type": "advertiser",
			"payout": "", "rejected_payout": "1.5",
			"updated_by": "ann", "update_note": "n"}},
		{"reject with a code", approvedRow, Change{Status: click.Rejected, Simple: click.Bot}, map[string]string{
			"status": "Rejected", "rejected": "1", "event_status": "3", "rejected_simple_reason": "BOT", "rejected_primary_reason": "BOT",
			"rejection_type": "fraud", "payout": "", "rejected_payout": "1.5"}},
		{"reject what was paid in monitoring mode", monitoredRow, Change{Reason: "fake"}, map[string]string{
			"rejected_simple_reason": "ADVERTISER_REJECTED", "rejected_primary_reason": "ADVERTISER_REJECTED", "rejected_advanced_reason": "fake",
			"rejection_type": "advertiser", "real_rejected_simple_reason": "VPN",
			"payout": "", "revenue": "", "rejected_payout": "1.5", "rejected_revenue": "2.25"}},
		{"modify what was paid in monitoring mode", monitoredRow, Change{Payout: amount("3")}, map[string]string{"payout": "3"}},
		{"modify the rejected", rejectedRow, Change{Payout: amount("3"), Revenue: amount("4")}, map[string]string{
			"rejected_payout": "3", "rejected_revenue": "4"}},
		{"reject and modify", approvedRow, Change{Status: click.Rejected, Simple: click.Bot, Payout: amount("3"), Revenue: amount("4")}, map[string]string{
			"status": "Rejected", "rejected": "1", "event_status": "3", "rejected_simple_reason": "BOT", "rejected_primary_reason": "BOT",
			"rejection_type": "fraud", "payout": "", "rejected_payout": "3", "rejected_revenue": "4"}},
		{"approve with amounts in both places", rejectedRow + `,"payout":0`, Change{Status: click.Approved}, map[string]string{
			"status": "Approved", "rejected": "0", "event_status": "1", "rejected_simple_reason": "", "rejected_advanced_reason": "",
			"rejection_type": "", "real_rejected_simple_reason": "VPN", "real_rejected_advanced_reason": "exit",
			"payout": "1.5", "revenue": "2.25", "rejected_payout": "", "rejected_revenue": ""}},
		{"approve", rejectedRow, Change{Status: click.Approved}, map[string]string{
			"status": "Approved", "rejected": "0", "event_status": "1", "rejected_simple_reason": "", "rejected_advanced_reason": "",
			"rejection_type": "", "real_rejected_simple_reason": "VPN", "real_rejected_advanced_reason": "exit",
			"payout": "1.5", "revenue": "2.25", "rejected_payout": "", "rejected_revenue": ""}},
		{"other reason", rejectedRow, Change{Reason: "chargeback"}, map[string]string{
			"rejected_simple_reason": "ADVERTISER_REJECTED", "rejected_primary_reason": "ADVERTISER_REJECTED",
			"rejected_advanced_reason": "chargeback", "rejection_type": "advertiser",
			"real_rejected_simple_reason": "VPN", "real_rejected_advanced_reason": "exit"}},
		{"second change keeps the first real reason", rejectedRow + once, Change{Status: click.Approved, By: "ann"}, map[string]string{
			"status": "Approved", "rejected": "0", "event_status": "1", "rejected_simple_reason": "", "rejected_advanced_reason": "",
			"rejection_type": "", "updated_by": "ann",
			"payout": "1.5", "revenue": "2.25", "rejected_payout": "", "rejected_revenue": ""}},
		{"release", heldRow, Change{Status: click.Approved}, map[string]string{
			"status": "Approved", "event_status": "1", "hold_until": ""}},
		{"modify", approvedRow, Change{Payout: amount("2.10"), Revenue: amount("0"), PurchaseValue: amount("50")}, map[string]string{
			"payout": "2.1", "purchase_value": "50"}},
		{"to nothing", approvedRow, Change{Payout: amount("0")}, map[string]string{"payout": "0"}},
		{"approve and modify", rejectedRow, Change{Status: click.Approved, Payout: amount("3")}, map[string]string{
			"status": "Approved", "rejected": "0", "event_status": "1", "rejected_simple_reason": "", "rejected_advanced_reason": "",
			"rejection_type": "", "real_rejected_simple_reason": "VPN", "real_rejected_advanced_reason": "exit", "payout": "3",
			"revenue": "2.25", "rejected_payout": "", "rejected_revenue": ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := recorded(t, tt.before)
			tt.change.TimeMS = changedMS
			line, err := Rewrite(before, tt.change)
			if err != nil {
				t.Fatal(err)
			}
			after, err := DecodeRow(Conversion, line)
			if err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(tt.want)
			want["updated_time"], want["updated_by"] = changedTime, tt.change.By
			wantFields(t, before, after, want)
			wantHash(t, line)
			if after.RowHash() == before.RowHash() {
				t.Error("the hash is that of the row before")
			}
			if _, err := Rewrite(after, tt.change); !errors.Is(err, ErrUnchanged) {
				t.Errorf("the same change again: %v, want ErrUnchanged", err)
			}
		})
	}
}

// wantFields checks all fields of a row that was changed.
func wantFields(t *testing.T, before, after Row, want map[string]string) {
	t.Helper()
	names := slices.Collect(maps.Keys(want))
	names = slices.AppendSeq(names, maps.Keys(before.fields))
	names = slices.AppendSeq(names, maps.Keys(after.fields))
	for _, name := range names {
		value, ok := want[name]
		if !ok {
			value = strings.ReplaceAll(before.Text(name), " ", "")
		}
		_, there := after.fields[name]
		if got := after.Text(name); name != "hash" && (got != value || there != (value != "")) {
			t.Errorf("%s is %q (there: %v), want %q", name, got, there, value)
		}
	}
}

// wantHash checks that a line ends with the hash of all before it.
func wantHash(t *testing.T, line []byte) {
	t.Helper()
	body, rest, _ := strings.Cut(string(line), `,"hash":"`)
	sum := sha256.Sum256([]byte(body))
	if want := hex.EncodeToString(sum[:16]) + "\"}\n"; rest != want {
		t.Errorf("the line ends with %q, want %q", rest, want)
	}
}

// An approval gives back to the cent what a rejection took, however often.
func TestRewriteRestoresAmounts(t *testing.T) {
	row := recorded(t, `"status":"Approved","payout":0.1234567891,"revenue":99999999.99`)
	for i, status := range []click.Status{click.Rejected, click.Approved, click.Rejected, click.Pending, click.Rejected, click.Approved} {
		line, err := Rewrite(row, Change{Status: status, TimeMS: changedMS + int64(i)})
		if err != nil {
			t.Fatal(err)
		}
		if row, err = DecodeRow(Conversion, line); err != nil {
			t.Fatal(err)
		}
		there, away := "", forfeited
		if status == click.Rejected {
			there, away = forfeited, ""
		}
		if row.Text(there+"payout") != "0.1234567891" || row.Text(there+"revenue") != "99999999.99" || row.Text(away+"payout")+row.Text(away+"revenue") != "" {
			t.Errorf("%s: %s", status, line)
		}
	}
}

func TestRewriteKeepsOrderAndStrangers(t *testing.T) {
	line, err := Rewrite(recorded(t, approvedRow), Change{Status: click.Pending, TimeMS: changedMS})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"tx_id":"0b","conversion_time":"2026-01-01T00:00:00.000Z","status":"Pending","rejected":0,"event_status":2,"payout":1.5,` +
		`"odd":{"b":[1,2]},"country":"DE","updated_time":"` + changedTime + `","hash":"`
	if !strings.HasPrefix(string(line), want) {
		t.Errorf("line %s, want %s", line, want)
	}
}

// A whole row of ours, changed to and fro, is a row of ours again.
func TestRewriteOfWholeRows(t *testing.T) {
	c := fullConversion()
	c.Conversion.Update = click.Update{}
	row := conversionRow(t, c)
	line, err := Rewrite(row, Change{Status: click.Approved, TimeMS: changedMS, By: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	row.Line, row.fields = nil, nil
	if row, err = DecodeRow(Event, line); err != nil {
		t.Fatal(err)
	}
	var again click.Click
	if err := row.Recall(&again); err != nil {
		t.Fatal(err)
	}
	want := click.Update{RealSimpleReason: "VPN", RealAdvancedReason: "exit of a provider", TimeMS: changedMS, By: "ann"}
	if again.Conversion.Update != want || again.Conversion.Status != click.Approved || again.TxID != c.TxID {
		t.Errorf("recalled %+v, want %+v", again.Conversion, want)
	}
}

func TestRewriteRefuses(t *testing.T) {
	one := recorded(t, approvedRow)
	asClick := one
	asClick.Kind = Click
	for _, tt := range []struct {
		name   string
		row    Row
		change Change
		want   string
	}{
		{"a click", asClick, Change{Status: click.Rejected}, "only conversions and events"},
		{"a reason of the approved", one, Change{Reason: "x"}, "a reason for a rejection, but its status is Approved"},
		{"a reason to approve", recorded(t, rejectedRow), Change{Status: click.Approved, Reason: "x"}, "its status is Approved"},
		{"a row without status", recorded(t, `"a":1`), Change{Status: click.Approved}, "unknown status"},
		{"the rejected once more", recorded(t, rejectedRow), Change{Status: click.Rejected}, ErrUnchanged.Error()},
		{"nothing", one, Change{}, ErrUnchanged.Error()},
		{"the same", one, Change{Status: click.Approved, Payout: amount("1.50"), Note: "twice"}, ErrUnchanged.Error()},
	} {
		line, err := Rewrite(tt.row, tt.change)
		if line != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %s, %v, want %q", tt.name, line, err, tt.want)
		}
	}
}

// FuzzRewrite: whatever the row, a change gives one line with its hash in which
// the status is the new one, or an error.
func FuzzRewrite(f *testing.F) {
	f.Add([]byte(`{"tx_id":"0b","status":"Approved"}`), "r", int64(5))
	f.Add([]byte("{\"tx_id\":\"0b\",\"status\":\"Hold\",\"x\":[\n1],\"hash\":{},\"payout\":\"a\"}"), "\n\xff", int64(-5))
	f.Fuzz(func(t *testing.T, line []byte, reason string, ms int64) {
		row, err := DecodeRow(Conversion, line)
		if err != nil {
			return
		}
		got, err := Rewrite(row, Change{Status: click.Rejected, Reason: reason, Payout: amount("1"), TimeMS: ms % 4102444800000})
		if err != nil {
			return
		}
		if strings.IndexByte(string(got), '\n') != len(got)-1 {
			t.Fatalf("not one line: %q", got)
		}
		if _, err := DecodeRow(Conversion, got); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(got[:len(got)-35]), `,"hash":"`) {
			t.Errorf("the line does not end with its hash: %q", got)
		}
	})
}
