package guard

import "net/netip"

// notPublic4 are the networks of IPv4 that no call may reach: the special
// purpose registry (RFC 6890 and what came after it), multicast, and the one
// public address at which a cloud serves its machines' secrets.
var notPublic4 = prefixes(
	"0.0.0.0/8",        // this host
	"10.0.0.0/8",       // private
	"100.64.0.0/10",    // behind a carrier's NAT; metadata of Alibaba Cloud
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // Azure's platform
	"169.254.0.0/16",   // link-local; metadata of most clouds
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // protocol assignments; metadata of Oracle Cloud
	"192.0.2.0/24",     // documentation
	"192.31.196.0/24",  // AS112
	"192.52.193.0/24",  // AMT
	"192.88.99.0/24",   // 6to4 relays
	"192.168.0.0/16",   // private
	"192.175.48.0/24",  // AS112
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, broadcast
)

// public6 is where public addresses of IPv6 are; notPublic6 are the exceptions
// in it.
var (
	public6    = netip.MustParsePrefix("2000::/3")
	notPublic6 = prefixes(
		"2001::/23",     // protocol assignments: Teredo, ORCHID, benchmarks
		"2001:db8::/32", // documentation
		"3fff::/20",     // documentation
	)
)

// Forms of IPv6 addresses that hold one of IPv4, which is where packets to
// them go.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // in the last four bytes
	sixToIV = netip.MustParsePrefix("2002::/16")    // behind the first two
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// isPublic tells whether an address is one of the internet. What is not known
// to be public is not.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if a.Is4() {
		return !within(a, notPublic4)
	}
	bytes := a.As16()
	switch {
	case nat64.Contains(a):
		return isPublic(netip.AddrFrom4([4]byte(bytes[12:])))
	case sixToIV.Contains(a):
		return isPublic(netip.AddrFrom4([4]byte(bytes[2:6])))
	case isISATAP(bytes):
		return isPublic(netip.AddrFrom4([4]byte(bytes[12:])))
	}
	return public6.Contains(a) && !within(a, notPublic6)
}

// isISATAP tells an address whose interface id holds one of IPv4 (RFC 5214).
func isISATAP(b [16]byte) bool {
	return b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
