package caps

import (
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

// What a click costs: on an offer without caps, with one for clicks, and with
// three of the offer and one of the publisher.
func BenchmarkOver(b *testing.B) {
	one := offerCaps{caps: []capDoc{{Type: "clicks", Period: "day", Value: money.MustParse("1000000000")}}}.rules(b)
	four := withPublisher(b, offerCaps{divert: true, zone: "Europe/Berlin", caps: []capDoc{
		{Type: "clicks", Period: "day", Value: money.MustParse("1000000000")},
		{Type: "clicks", Period: "month", Value: money.MustParse("1000000000"), AffiliateType: "each", SubIDEach: true},
		{Type: "conversions", Period: "day", Value: money.MustParse("1000000000")},
	}}.rules(b), capDoc{Type: "budget", Period: "day", Value: money.MustParse("1000000000")})
	for name, rules := range map[string]*Rules{"none": {}, "one": one, "four": four} {
		b.Run(name, func(b *testing.B) {
			book, thing := NewBook(1, Options{}), visit(paid("0.01"))
			rules.Take(book, thing, nil)
			b.ReportAllocs()
			for b.Loop() {
				rules.Over(book, thing)
			}
		})
	}
}

func BenchmarkTake(b *testing.B) {
	rules := offerCaps{caps: []capDoc{limit("1000000000")}}.rules(b)
	book := NewBook(1, Options{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		thing, counts := conversion(), make([]Count, 0, 8)
		for pb.Next() {
			counts, _ = rules.Take(book, thing, counts[:0])
		}
	})
}

// What a line costs the worker.
func BenchmarkApply(b *testing.B) {
	fold := NewFold(Options{})
	fold.SetRules(offerCaps{caps: []capDoc{limit("1000000000"), {Type: "budget", Period: "month", Value: money.MustParse("1000000000"), AffiliateType: "each"}}}.rules(b))
	rows := row(1, conversion())
	var position uint64
	b.ReportAllocs()
	for b.Loop() {
		position++
		fold.Apply(position, rows)
	}
}

// What an edge spends on 1,000 counters that changed, with ten edges counting.
func BenchmarkMerge(b *testing.B) {
	d := &Delta{LogMS: 1}
	for i := range 1000 {
		c := Counter{Key: Key{uint64(i), uint64(i)}, EndMS: noon, Total: 10 * one}
		for by := range 10 {
			c.Parts = append(c.Parts, Part{Incarnation(by + 1), one, 0})
		}
		d.Counters = append(d.Counters, c)
	}
	message, _ := d.AppendBinary(nil)
	book := NewBook(1, Options{})
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		read, err := ReadDelta(message)
		if err != nil {
			b.Fatal(err)
		}
		book.Merge(read)
	}
}
