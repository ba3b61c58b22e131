package rotate

import (
	"net/netip"
	"testing"
)

func TestVisitor(t *testing.T) {
	of := func(ip string) Visitor { return Visitor(0).WithAddress(netip.MustParseAddr(ip)) }
	for _, tc := range []struct {
		what string
		a, b Visitor
		same bool
	}{
		{"parts do not run into each other", Visitor(0).With("ab").With("c"), Visitor(0).With("a").With("bc"), false},
		{"an empty part is a part", Visitor(0).With("a").With(""), Visitor(0).With("a"), false},
		{"the order counts", Visitor(0).With("a").With("b"), Visitor(0).With("b").With("a"), false},
		{"the same parts are the same", Visitor(0).With("a").With("b"), Visitor(0).With("a").With("b"), true},
		{"addresses differ", of("192.0.2.1"), of("192.0.2.2"), false},
		{"networks of IPv6 are one", of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"), true},
		{"networks of IPv6 differ", of("2001:db8:1:2::1"), of("2001:db8:1:3::1"), false},
		{"IPv4 in IPv6 form is IPv4", of("::ffff:192.0.2.1"), of("192.0.2.1"), true},
		{"zones do not count", of("fe80::1%eth0"), of("fe80::1"), true},
		{"no address is no mistake", Visitor(0).WithAddress(netip.Addr{}), of("192.0.2.1"), false},
	} {
		if same := tc.a == tc.b; same != tc.same {
			t.Errorf("%s: %x and %x", tc.what, uint64(tc.a), uint64(tc.b))
		}
	}
	// Golden: other hashes would move visitors.
	if got, want := of("2001:db8::1").With("Mozilla/5.0"), Visitor(0xf8a6175d55ca4b2c); got != want {
		t.Errorf("the visitor's hash is %#x, always was %#x", uint64(got), uint64(want))
	}
}
