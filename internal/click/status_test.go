package click

import (
	"strings"
	"testing"
)

// TestStatusOfEverySystem is R-34.
func TestStatusOfEverySystem(t *testing.T) {
	for _, tt := range []struct {
		status      Status
		row, affise string
		number      int
		partnerize  string
		alsoRead    []string
	}{
		{Approved, "Approved", "confirmed", 1, "approved", []string{"APPROVED", "approved", "confirmed", "Confirmed", "1"}},
		{Rejected, "Rejected", "declined", 3, "rejected", []string{"rejected", "declined", "3"}},
		{Pending, "Pending", "pending", 2, "pending", []string{"pending", "2", "New"}},
		{Hold, "Hold", "hold", 5, "pending", []string{"hold", "5"}},
		{NotFound, "Not_Found", "not_found", 4, "rejected", []string{"not_found", "NotFound", "4"}},
		{PendingCap, "Pending_Cap", "pending_cap", 2, "pending", []string{"pending_cap", "PendingCap"}},
		{NoStatus, "", "", 0, "", nil},
	} {
		s := tt.status
		if s.String() != tt.row || s.Affise() != tt.affise || s.AffiseNumber() != tt.number || s.Partnerize() != tt.partnerize {
			t.Errorf("status %d is %q, %q, %d, %q, want %q, %q, %d, %q", s,
				s.String(), s.Affise(), s.AffiseNumber(), s.Partnerize(), tt.row, tt.affise, tt.number, tt.partnerize)
		}
		for _, name := range append(tt.alsoRead, tt.row) {
			if got, err := ParseStatus(name); name != "" && (got != s || err != nil) {
				t.Errorf("ParseStatus(%q) = %v, %v, want %v", name, got, err, s)
			}
		}
	}
}

func TestParseStatusSaysWhatIsAllowed(t *testing.T) {
	for _, bad := range []string{"", "0", "6", "01", "approve", "approved ", "paid"} {
		s, err := ParseStatus(bad)
		if err == nil || s != NoStatus {
			t.Errorf("ParseStatus(%q) = %v, %v", bad, s, err)
			continue
		}
		for _, want := range append([]string{bad}, "Approved", "Rejected", "Pending", "Hold", "Not_Found", "Pending_Cap", "confirmed", "declined") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: does not say %q", err, want)
			}
		}
	}
}

func TestStatusesAreAll(t *testing.T) {
	if n := len(Statuses()); n != int(statusCount)-1 {
		t.Errorf("Statuses lists %d of %d", n, statusCount-1)
	}
}
