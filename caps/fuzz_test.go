package caps

import (
	"bytes"
	"reflect"
	"testing"
)

func FuzzReadDelta(f *testing.F) {
	d := &Delta{LogMS: 5, Position: 7, AppliedMS: 9, Counters: []Counter{
		{Key: Key{1, 2}, EndMS: noon, SubID: true, Since: 3, Total: -4, Parts: []Part{{8, 1, 5}}}, {Key: Key{3, 4}},
	}}
	message, _ := d.AppendBinary(nil)
	f.Add(message)
	f.Add(message[:20])
	f.Add([]byte{deltaVersion, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ReadDelta(b)
		if err != nil {
			return
		}
		message, err := d.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadDelta(message)
		if err != nil || !reflect.DeepEqual(d, again) {
			t.Fatalf("%+v, written and read again %+v: %v", d, again, err)
		}
		NewBook(8, Options{}).Merge(d)
	})
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("p"), []byte("\x01\x05"))
	f.Add([]byte("m12345678"), []byte("\x01\x05"))
	f.Add([]byte("c12345678abcdefgh"), []byte("\x0112345678\x02\x01\x02\x02\x0112345678\x02\x02"))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		fold := NewFold(Options{})
		if fold.Load(key, value) != nil {
			return
		}
		written := fold.state
		for k, tally := range written.tallies {
			if !bytes.Equal(appendCounterKey(nil, k), key) {
				t.Fatalf("%x is read as %x", key, k)
			}
			again := NewFold(Options{})
			if err := again.Load(key, tally.appendTo(nil)); err != nil || !equalTallies(again.tallies[k], tally) {
				t.Fatalf("%+v, written and read again %+v: %v", tally, again.tallies[k], err)
			}
		}
	})
}
