package target

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddressList(t *testing.T) {
	list, problems := ParseAddressList("192.0.2.1\r\n\n 192.0.2.8 - 192.0.2.15 \n198.51.100.0/24\n192.0.2.10-192.0.2.20\n2001:db8::/32\n")
	if problems != nil {
		t.Fatal(problems)
	}
	for addr, want := range map[string]bool{
		"192.0.2.0": false, "192.0.2.1": true, "192.0.2.2": false, "192.0.2.7": false, "192.0.2.8": true, "192.0.2.20": true, "192.0.2.21": false,
		"198.51.99.255": false, "198.51.100.0": true, "198.51.100.255": true, "198.51.101.0": false, "::ffff:192.0.2.1": true, "::c000:201": false,
		"2001:db7:ffff::": false, "2001:db8::": true, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff": true, "2001:db9::": false,
	} {
		if list.Contains(netip.MustParseAddr(addr)) != want {
			t.Errorf("%s is on the list: %t", addr, !want)
		}
	}
	if list.Contains(netip.Addr{}) {
		t.Error("no address is on the list")
	}
	if n := list.Len(); n != 4 {
		t.Errorf("the list has %d ranges, want 4", n)
	}
	if n := testing.AllocsPerRun(100, func() { list.Contains(netip.Addr{}) }); n != 0 {
		t.Errorf("Contains makes %v allocations", n)
	}
}

func TestEmptyAndBrokenAddressLists(t *testing.T) {
	for _, text := range []string{"", "\n \n"} {
		if list, problems := ParseAddressList(text); list != nil || problems != nil || list.Len() != 0 || list.Contains(netip.IPv4Unspecified()) {
			t.Errorf("%q is the list %v with problems %v", text, list, problems)
		}
	}
	list, problems := ParseAddressList("192.0.2.1\nx\n192.0.2.2\n192.0.2.1/24")
	if list != nil || len(problems) != 2 || !strings.HasPrefix(problems[0].Message, "line 2: ") || !strings.HasPrefix(problems[1].Message, "line 4: ") {
		t.Errorf("a broken list is %v with problems %v", list, problems)
	}
}

// FuzzAddressList looks for lists that hold what their lines do not, or the
// other way round.
func FuzzAddressList(f *testing.F) {
	f.Add("192.0.2.0/24\n192.0.2.9-192.0.3.1", "192.0.2.255")
	f.Add("2001:db8::1\n::ffff:1.2.3.4", "1.2.3.4")
	f.Fuzz(func(t *testing.T, text, addr string) {
		list, problems := ParseAddressList(text)
		a, err := netip.ParseAddr(addr)
		if err != nil || problems != nil {
			return
		}
		want := false
		for line := range strings.Lines(text) {
			one, _ := ParseAddressList(line)
			want = want || one.Contains(a)
		}
		if list.Contains(a) != want {
			t.Errorf("%q holds %s: %t, its lines say %t", text, a, !want, want)
		}
	})
}
