package click

import (
	"fmt"
	"strings"
)

// Status is what has become of a conversion (D-25). It is one set for all the
// systems whose documents and reports we speak; R-34 maps them.
type Status uint8

// The statuses. NoStatus is that of everything but conversions and events.
const (
	NoStatus   Status = iota
	Approved          // counts and is paid
	Rejected          // refused by a rule or a person
	Pending           // a person is to decide, or a throttle said so
	Hold              // becomes Approved at its release date
	NotFound          // its click was not found until the end of the attribution window
	PendingCap        // accepted over a cap

	statusCount
)

// statusInfo are a status's names: ours, Affise's with its number (0 for none)
// and Partnerize's.
type statusInfo struct {
	name, affise string
	number       int
	partnerize   string
}

// Affise has no number for pending_cap: its conversions are pending to who can
// only read numbers. Partnerize knows three statuses; what is not found will
// never be paid and is rejected there.
var statuses = [statusCount]statusInfo{
	NoStatus:   {},
	Approved:   {"Approved", "confirmed", 1, "approved"},
	Rejected:   {"Rejected", "declined", 3, "rejected"},
	Pending:    {"Pending", "pending", 2, "pending"},
	Hold:       {"Hold", "hold", 5, "pending"},
	NotFound:   {"Not_Found", "not_found", 4, "rejected"},
	PendingCap: {"Pending_Cap", "pending_cap", 2, "pending"},
}

// String is the status in event rows: "Approved", "Rejected" and "Pending" as
// Integr8 and Adsecurity write them, and in their spelling of several words
// "Hold", "Not_Found" and "Pending_Cap". It is empty for NoStatus.
func (s Status) String() string { return statuses[s].name }

// Affise is the status's name there: confirmed, declined, pending, hold,
// not_found or pending_cap; empty for NoStatus.
func (s Status) Affise() string { return statuses[s].affise }

// AffiseNumber is the status's number there, from 1 to 5; 0 for NoStatus.
func (s Status) AffiseNumber() int { return statuses[s].number }

// Partnerize is the status's name there: approved, rejected or pending; empty
// for NoStatus.
func (s Status) Partnerize() string { return statuses[s].partnerize }

// Statuses lists every status in order.
func Statuses() []Status {
	return []Status{Approved, Rejected, Pending, Hold, NotFound, PendingCap}
}

// statusNames are all names that ParseStatus takes. Affise's numbers are the
// only ones: Partnerize numbers items, and there 1 is pending. "new" is the
// Clicks API's.
var statusNames = func() map[string]Status {
	names := map[string]Status{"new": Pending, "notfound": NotFound, "pendingcap": PendingCap}
	for i := len(Statuses()) - 1; i >= 0; i-- { // so that 2 is Pending in the end
		s := Statuses()[i]
		names[strings.ToLower(s.String())] = s
		names[s.Affise()] = s
		names[string(rune('0'+s.AffiseNumber()))] = s
	}
	return names
}()

// ParseStatus reads a status by any system's name, upper or lower case, or by
// Affise's number. The error names what is allowed.
func ParseStatus(text string) (Status, error) {
	if s, ok := statusNames[strings.ToLower(text)]; ok {
		return s, nil
	}
	return NoStatus, fmt.Errorf("unknown status %q of a conversion: must be Approved (confirmed, 1), Pending (2), "+
		"Rejected (declined, 3), Not_Found (4), Hold (5) or Pending_Cap", text)
}
