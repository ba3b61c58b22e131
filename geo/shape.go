package geo

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"
)

// offers is what a file can tell.
type offers uint8

const (
	offersPlace offers = 1 << iota
	offersISP
	offersProxy
	offersConnection
	offersASN // and therefore isp: it has no name of its own
)

// knownShapes tells the operator what sort of file would do.
const knownShapes = "City or Country (country, city, location), " +
	"ASN or ISP (autonomous_system_number, isp), " +
	"Anonymous-IP, Anonymous-Plus or Residential-Proxy (is_anonymous_vpn, is_tor_exit_node, anonymizer_confidence, ...), " +
	"Connection-Type (connection_type) and IPinfo (country_code, asn, vpn, proxy, tor, relay, hosting)"

var offerNames = [...]string{"place", "isp", "proxy", "connection"}

// String is the kind of a database in FileStatus, such as "place+isp".
func (o offers) String() string {
	var names []string
	for i, name := range offerNames {
		if o&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// fieldOffers says what the presence of a field at the top of a record, or in
// its traits, means.
var fieldOffers = map[string]offers{
	"continent":                      offersPlace,
	"country":                        offersPlace,
	"country_code":                   offersPlace,
	"registered_country":             offersPlace,
	"city":                           offersPlace,
	"location":                       offersPlace,
	"asn":                            offersISP | offersASN,
	"autonomous_system_number":       offersISP | offersASN,
	"autonomous_system_organization": offersISP,
	"isp":                            offersISP,
	"organization":                   offersISP,
	"is_anonymous":                   offersProxy,
	"is_anonymous_vpn":               offersProxy,
	"is_tor_exit_node":               offersProxy,
	"is_public_proxy":                offersProxy,
	"is_residential_proxy":           offersProxy,
	"is_hosting_provider":            offersProxy,
	"anonymizer":                     offersProxy,
	"anonymizer_confidence":          offersProxy,
	"is_vpn":                         offersProxy,
	"is_proxy":                       offersProxy,
	"is_tor":                         offersProxy,
	"is_relay":                       offersProxy,
	"is_hosting":                     offersProxy,
	"vpn":                            offersProxy,
	"proxy":                          offersProxy,
	"tor":                            offersProxy,
	"relay":                          offersProxy,
	"hosting":                        offersProxy,
	"connection_type":                offersConnection,
}

// typeOffers says what a database type promises. It decides only for a
// database without records.
var typeOffers = []struct {
	word   string
	offers offers
}{
	{"City", offersPlace},
	{"Country", offersPlace},
	{"Enterprise", offersPlace},
	{"ASN", offersISP | offersASN},
	{"ISP", offersISP | offersASN},
	{"Anonymous", offersProxy},
	{residentialType, offersProxy},
	{"Connection-Type", offersConnection},
}

// shape is what a sample of a database's records has in common.
type shape struct {
	offers offers
	flat   bool // the layout of IPinfo
	seen   map[uintptr]struct{}
}

// maxSampled bounds the records of a sample. A crafted record may take a
// millisecond to decode.
const maxSampled = 512

// inspect reads a sample of the records. A record that cannot be read refuses
// the file: it is cheaper to keep yesterday's database than to trust this one.
func inspect(r *maxminddb.Reader) (shape, error) {
	s := shape{seen: make(map[uintptr]struct{})}
	for _, start := range sampleStarts(r.Metadata.IPVersion) {
		if err := sample(r, start, s.note); err != nil {
			return s, err
		}
	}
	if len(s.seen) == 0 {
		s.offers = promised(r.Metadata.DatabaseType)
	}
	if s.offers == 0 {
		return s, fmt.Errorf("database type %q has none of the known shapes: %s",
			r.Metadata.DatabaseType, knownShapes)
	}
	return s, nil
}

// note adds one record to the shape.
func (s *shape) note(result maxminddb.Result) error {
	if _, again := s.seen[result.Offset()]; again || len(s.seen) == maxSampled {
		return nil
	}
	s.seen[result.Offset()] = struct{}{}
	var fields map[string]any
	if err := result.Decode(&fields); err != nil {
		return fmt.Errorf("record of %s: %w", result.Prefix(), err)
	}
	for name, value := range fields {
		s.offers |= fieldOffers[name]
		if isFlatField(name, value) {
			s.flat = true
		}
	}
	traits, _ := fields["traits"].(map[string]any)
	for name := range traits {
		s.offers |= fieldOffers[name]
	}
	return nil
}

// isFlatField tells whether a field is one of the flat layout: a place in text,
// or a sign of an anonymiser by its short name.
func isFlatField(name string, value any) bool {
	_, isText := value.(string)
	switch name {
	case "country_code", "country", "city", "asn":
		return isText
	case "vpn", "proxy", "tor", "relay", "hosting", "is_vpn", "is_proxy", "is_tor", "is_relay", "is_hosting":
		_, isBool := value.(bool)
		return isText || isBool
	}
	return false
}

func promised(databaseType string) offers {
	var o offers
	for _, t := range typeOffers {
		if strings.Contains(databaseType, t.word) {
			o |= t.offers
		}
	}
	return o
}

// sampleStarts spreads 16 starting points over the IPv4 addresses and, in an
// IPv6 database, 16 over the global unicast ones of IPv6.
func sampleStarts(ipVersion uint) []netip.Addr {
	var starts []netip.Addr
	for i := range byte(16) {
		starts = append(starts, netip.AddrFrom4([4]byte{i << 4}))
	}
	if ipVersion == 6 {
		for i := range byte(16) {
			starts = append(starts, netip.AddrFrom16([16]byte{0x20 + i<<1}))
		}
	}
	return starts
}

// networksPerStart bounds the networks of a sample.
const networksPerStart = 64

// sample visits the records of the networks that follow an address. It goes by
// look-ups and not by the library's iterator, which a crafted tree can keep
// busy for ever.
func sample(r *maxminddb.Reader, addr netip.Addr, visit func(maxminddb.Result) error) error {
	for range networksPerStart {
		result := r.Lookup(addr)
		if err := result.Err(); err != nil {
			return fmt.Errorf("look up %s: %w", addr, err)
		}
		if result.Found() {
			if err := visit(result); err != nil {
				return err
			}
		}
		network := result.Prefix()
		// A tree without IPv4 answers with a network of IPv6.
		if network.Addr().BitLen() != addr.BitLen() {
			return nil
		}
		if addr = lastAddr(network).Next(); !addr.IsValid() {
			return nil
		}
	}
	return nil
}
