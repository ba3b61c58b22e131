package geo

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/maxmind/mmdbwriter"

	"github.com/clickgate/clickgate/internal/click"
)

// manyCities writes a database of n networks /20, each with a city of its own.
func manyCities(tb testing.TB, n int) []byte {
	tb.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "GeoLite2-City", BuildEpoch: 1})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		record := cityRecord("DE", "City "+strconv.Itoa(i), "State "+strconv.Itoa(i%500), float64(i%90), float64(i%180))
		_ = tree.Insert(&net.IPNet{IP: cityAddr(i).AsSlice(), Mask: net.CIDRMask(20, 32)}, record) // reserved ones are left out
	}
	var b bytes.Buffer
	if _, err := tree.WriteTo(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// cityAddr is an address in the i-th network of manyCities.
func cityAddr(i int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x10000000+uint32(i)<<12)
	return netip.AddrFrom4(b)
}

const benchCities = 1 << 15

// BenchmarkLookup measures a look-up in a city database and two lists, with
// records never seen before (cold) and seen before (warm).
func BenchmarkLookup(b *testing.B) {
	dir := b.TempDir()
	o := Options{
		Databases: []string{writeFile(b, dir, "city.mmdb", manyCities(b, benchCities))},
		Lists: []List{
			{File: writeFile(b, dir, "datacenter.txt", []byte("192.0.2.0/24\n23.0.0.0/8\n")), Kind: KindDatacenter},
			{File: writeFile(b, dir, "vpn.txt", []byte("198.51.100.0/24\n")), Kind: KindVPN},
		},
	}
	s := mustOpen(b, o)
	var g click.Geo
	b.Run("cold", func(b *testing.B) {
		db := s.current.Load().databases[0]
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%benchCities == 0 {
				b.StopTimer()
				clear(db.cache.slots)
				b.StartTimer()
			}
			s.Lookup(cityAddr(i%benchCities), &g)
		}
	})
	for i := range benchCities {
		s.Lookup(cityAddr(i), &g)
	}
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			s.Lookup(cityAddr(i*7919%benchCities), &g)
		}
	})
	b.Run("warm, parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			var g click.Geo
			for i := 0; pb.Next(); i++ {
				s.Lookup(cityAddr(i*7919%benchCities), &g)
			}
		})
	})
}

// BenchmarkOpen measures what a reload of a changed database takes.
func BenchmarkOpen(b *testing.B) {
	data := manyCities(b, benchCities)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := newDatabase(data, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLookupUnseen measures a flood of addresses that never come again,
// spread over more records than the cache has slots: nearly every look-up
// decodes one. The heap must not grow, which B/op and the GC's share tell.
func BenchmarkLookupUnseen(b *testing.B) {
	const cities = 2 * maxCacheSlots
	dir := b.TempDir()
	s := mustOpen(b, Options{
		Databases: []string{writeFile(b, dir, "city.mmdb", manyCities(b, cities))},
		Lists:     []List{{File: writeFile(b, dir, "datacenter.txt", []byte("192.0.2.0/24\n23.0.0.0/8\n")), Kind: KindDatacenter}},
	})
	b.Run("serial", func(b *testing.B) {
		b.ReportAllocs()
		var g click.Geo
		for i := uint32(0); b.Loop(); i++ {
			s.Lookup(cityAddr(int(i*2654435761%cities)), &g)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		var worker atomic.Uint32
		b.RunParallel(func(pb *testing.PB) {
			var g click.Geo
			for i := worker.Add(1) << 24; pb.Next(); i++ {
				s.Lookup(cityAddr(int(i*2654435761%cities)), &g)
			}
		})
	})
}
