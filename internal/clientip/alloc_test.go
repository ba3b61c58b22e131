package clientip

import (
	"net/netip"
	"testing"
)

var costly = []struct {
	name  string
	lines []string
}{
	{"nothing", nil},
	{"chain", []string{"X-Forwarded-For: 9.9.9.9, 1.1.1.1, 10.0.0.2", "X-Forwarded-For: [2001:db8:f::1]:443"}},
	{"forwarded", []string{`Forwarded: for=1.1.1.1;proto=http, for="[2001:db8:f::1]:443"`}},
	{"zone", []string{"X-Forwarded-For: fe80::1%eth0"}},
	{"garbage", []string{"X-Forwarded-For: unknown"}},
	{"long port name", []string{"X-Forwarded-For: 1.1.1.1:_0123456789012345678901234567890123456789"}},
}

func TestResolveAllocatesNothing(t *testing.T) {
	r := newResolver(t, "CF-Connecting-IP", "X-Forwarded-For", "Forwarded")
	peer := netip.MustParseAddr("127.0.0.1")
	for _, tc := range costly {
		h := request(tc.lines...)
		if n := testing.AllocsPerRun(100, func() { r.Resolve(peer, h) }); n != 0 {
			t.Errorf("%s %q: %v allocations, want 0", tc.name, tc.lines, n)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	r := newResolver(b, "X-Forwarded-For", "Forwarded")
	peer := netip.MustParseAddr("127.0.0.1")
	for _, tc := range costly {
		h := request(tc.lines...)
		b.Run(tc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Resolve(peer, h)
			}
		})
	}
}
