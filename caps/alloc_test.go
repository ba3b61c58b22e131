//go:build !race

package caps

import (
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

// busy are caps that look at every click: of the offer, of each publisher, and
// of conversions that clicks go elsewhere for.
func busy(t testing.TB) *Rules {
	return withPublisher(t, offerCaps{divert: true, zone: "Europe/Berlin", caps: []capDoc{
		{Type: "clicks", Period: "day", Value: money.MustParse("1000000000")},
		{Type: "clicks", Period: "month", Value: money.MustParse("1000000000"), AffiliateType: "each", SubIDEach: true},
		{Type: "conversions", Period: "day", Value: money.MustParse("1000000000")},
	}}.rules(t), capDoc{Type: "budget", Period: "day", Value: money.MustParse("1000000000")})
}

func TestClicksAndConversionsAllocateNothing(t *testing.T) {
	rules, book, counts := busy(t), NewBook(1, Options{}), make([]Count, 0, 8)
	none := withPublisher(t, &Rules{})
	thing, converted, rejected := visit(paid("0.01")), conversion(), conversion(status(2))
	for name, do := range map[string]func(){
		"Over": func() { rules.Over(book, thing) },
		"Take": func() { counts, _ = rules.Take(book, thing, counts[:0]) },
		"Counters, Return and Add": func() {
			counts = rules.Counters(counts[:0], converted)
			book.Return(counts)
			book.Add(counts)
		},
		"Change":  func() { counts = rules.Change(counts[:0], converted, rejected) },
		"no caps": func() { none.Over(book, thing) },
	} {
		rules.Take(book, converted, nil)
		rules.Take(book, thing, nil)
		if n := testing.AllocsPerRun(100, do); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func TestFoldAllocatesNothingForKnownCounters(t *testing.T) {
	fold := NewFold(Options{})
	fold.SetRules(busy(t))
	rows := row(1, visit(paid("0.01")))
	var position uint64
	if n := testing.AllocsPerRun(100, func() {
		position++
		fold.Apply(position, rows)
	}); n != 0 {
		t.Errorf("Apply allocates %v times", n)
	}
}
