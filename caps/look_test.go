package caps

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// A look says what Take would do, and leaves no count.
func TestLook(t *testing.T) {
	rules := offerCaps{caps: []capDoc{limit("2"), {Type: "budget", Period: "day", Value: money.MustParse("100")}}}.rules(t)
	b := NewBook(1, Options{})
	for want := range 3 {
		for range 2 { // looking changes nothing
			looks := rules.Look(b, conversion())
			if len(looks) == 0 || looks[0].Seen != money.FromMillionths(int64(want)*one) || looks[0].Adds != money.FromMillionths(one) || looks[0].Over != (want == 2) {
				t.Fatalf("after %d conversions it says %+v", want, looks)
			}
		}
		if _, v := rules.Take(b, conversion(), nil); v.Over() != (want == 2) {
			t.Errorf("conversion %d is over: %v", want, v.Over())
		}
	}
	if looks := rules.Look(b, conversion(func(t *Thing) { t.Status = click.NotFound })); looks != nil {
		t.Errorf("what does not count is looked at: %+v", looks)
	}
	if looks := rules.Look(b, &Thing{OfferID: "other", PublisherNumber: "99"}); looks != nil {
		t.Errorf("nobody's caps say %+v", looks)
	}
}

// What was recorded does not stand in its own way.
func TestWithout(t *testing.T) {
	rules := offerCaps{caps: []capDoc{limit("2")}}.rules(t)
	b := NewBook(1, Options{})
	b.Add(rules.Counters(nil, conversion()))
	b.Add(rules.Counters(nil, conversion()))
	if !rules.Over(b, conversion()).Over() {
		t.Fatal("the cap has room")
	}
	if rules.Over(rules.Without(b, conversion(), conversion()), conversion()).Over() {
		t.Error("one of two has no room beside the other")
	}
	rejected := conversion(func(t *Thing) { t.Status = click.Rejected })
	if !rules.Over(rules.Without(b, rejected, conversion()), conversion()).Over() {
		t.Error("one that was not counted makes room")
	}
	if rules.Over(rules.Without(NewBook(1, Options{}), conversion(), conversion()), conversion()).Over() || !rules.Over(b, conversion()).Over() {
		t.Error("the book was changed, or counts below nothing")
	}
}
