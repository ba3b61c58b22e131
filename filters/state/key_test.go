package state

import (
	"net/netip"
	"testing"
)

func TestNamespaces(t *testing.T) {
	m := NewMemory(Options{Keys: 1})
	base := m.Namespace("filter_group/a", "click", "VPN", "1")
	if again := m.Namespace("filter_group/a", "click", "VPN", "1"); again != base {
		t.Errorf("the same rule compiled twice has namespaces %v and %v", base, again)
	}
	for name, other := range map[string]Key{
		"another scope": m.Namespace("filter_group/b", "click", "VPN", "1"),
		"another plane": m.Namespace("filter_group/a", "impression", "VPN", "1"),
		"another type":  m.Namespace("filter_group/a", "click", "BOT", "1"),
		"another rule":  m.Namespace("filter_group/a", "click", "VPN", "2"),
		"shifted parts": m.Namespace("filter_group/aclick", "", "VPN", "1"),
	} {
		if other == base {
			t.Errorf("%s shares the namespace %v", name, base)
		}
	}
}

func TestKeyOfAddress(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true},
		{"2001:db8:0:1::1", "2001:db8:0:2::1", false},
		{"2001:db8::1%eth0", "2001:db8::2", true},
		{"0.0.0.0", "::", false},
	} {
		a, b := testKey.Addr(netip.MustParseAddr(tc.a)), testKey.Addr(netip.MustParseAddr(tc.b))
		if (a == b) != tc.same {
			t.Errorf("%s and %s have one key: %t, want %t", tc.a, tc.b, a == b, tc.same)
		}
	}
	testKey.Addr(netip.Addr{}) // does not panic
}

func TestKeyOfNetwork48(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{"2001:db8:1::1", "2001:db8:1:ffff:ffff::", true},
		{"2001:db8:1::1", "2001:db8:2::1", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
	} {
		a, b := netip.MustParseAddr(tc.a), netip.MustParseAddr(tc.b)
		if got := testKey.Network48(a) == testKey.Network48(b); got != tc.same {
			t.Errorf("%s and %s have one key: %t, want %t", a, b, got, tc.same)
		}
		if testKey.Network48(a) == testKey.Addr(a) {
			t.Errorf("%s has one key as address and as network", a)
		}
	}
}

func TestKeyDependsOnOrderAndEmptyValues(t *testing.T) {
	keys := map[Key]string{}
	for name, k := range map[string]Key{
		"a, b":        testKey.String("a").String("b"),
		"b, a":        testKey.String("b").String("a"),
		"ab":          testKey.String("ab"),
		"ab, empty":   testKey.String("ab").String(""),
		"empty, ab":   testKey.String("").String("ab"),
		"a, a":        testKey.String("a").String("a"),
		"mark 1, a":   testKey.Mark(1).String("a"),
		"mark 2, a":   testKey.Mark(2).String("a"),
		"nothing":     testKey,
		"an empty":    testKey.String(""),
		"two empties": testKey.String("").String(""),
	} {
		if other, taken := keys[k]; taken {
			t.Errorf("%q and %q have the key %v", name, other, k)
		}
		keys[k] = name
	}
}
