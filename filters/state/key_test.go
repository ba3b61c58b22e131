package state

import (
	"net/netip"
	"testing"
)

func TestNamespaces(t *testing.T) {
	base := NewNamespace("filter_group/a", "click", "VPN", "1")
	if again := NewNamespace("filter_group/a", "click", "VPN", "1"); again != base {
		t.Errorf("the same rule compiled twice has namespaces %x and %x", base, again)
	}
	for name, other := range map[string]Key{
		"another scope": NewNamespace("filter_group/b", "click", "VPN", "1"),
		"another plane": NewNamespace("filter_group/a", "impression", "VPN", "1"),
		"another type":  NewNamespace("filter_group/a", "click", "BOT", "1"),
		"another rule":  NewNamespace("filter_group/a", "click", "VPN", "2"),
		"shifted parts": NewNamespace("filter_group/aclick", "", "VPN", "1"),
	} {
		if other == base {
			t.Errorf("%s shares the namespace %x", name, base)
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
		a, b := Key(1).Addr(netip.MustParseAddr(tc.a)), Key(1).Addr(netip.MustParseAddr(tc.b))
		if (a == b) != tc.same {
			t.Errorf("%s and %s have one key: %t, want %t", tc.a, tc.b, a == b, tc.same)
		}
	}
	Key(1).Addr(netip.Addr{}) // does not panic
}

func TestKeyDependsOnOrderAndEmptyValues(t *testing.T) {
	keys := map[Key]string{}
	for name, k := range map[string]Key{
		"a, b":        Key(1).String("a").String("b"),
		"b, a":        Key(1).String("b").String("a"),
		"ab":          Key(1).String("ab"),
		"ab, empty":   Key(1).String("ab").String(""),
		"empty, ab":   Key(1).String("").String("ab"),
		"a, a":        Key(1).String("a").String("a"),
		"mark 1, a":   Key(1).Mark(1).String("a"),
		"mark 2, a":   Key(1).Mark(2).String("a"),
		"nothing":     Key(1),
		"an empty":    Key(1).String(""),
		"two empties": Key(1).String("").String(""),
	} {
		if other, taken := keys[k]; taken {
			t.Errorf("%q and %q have the key %x", name, other, k)
		}
		keys[k] = name
	}
}
