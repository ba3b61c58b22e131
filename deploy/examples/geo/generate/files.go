package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// buildEpoch is fixed, so that the same tables give the same bytes: 1 January
// 2026, 00:00 UTC.
const buildEpoch = 1_767_225_600

// lists are the text files and what stands at their head.
var lists = map[role]string{
	datacenter: "networks of hosting providers",
	vpn:        "exits of VPN providers",
	tor:        "Tor exit nodes",
	crawler:    "search engines",
}

// makeFiles returns the content of every file by its name.
func makeFiles(all []network) (map[string][]byte, error) {
	// Narrow networks are written over the wide ones around them.
	byWidth := slices.SortedStableFunc(slices.Values(all), func(a, b network) int {
		return cmp.Compare(prefixOf(a).Bits(), prefixOf(b).Bits())
	})
	city, err := database("clickgate-Demo-City", byWidth, placeRecord)
	if err != nil {
		return nil, err
	}
	asn, err := database("clickgate-Demo-ISP", byWidth, lineRecord)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"demo-city.mmdb": city, "demo-asn.mmdb": asn}
	for r, about := range lists {
		files[string(r)+".txt"] = list(all, r, about)
	}
	return files, nil
}

func prefixOf(n network) netip.Prefix { return netip.MustParsePrefix(n.cidr) }

// database writes a MaxMind DB of one record for each network.
func database(databaseType string, all []network, record func(network) mmdbtype.Map) ([]byte, error) {
	tree, err := mmdbwriter.New(mmdbwriter.Options{
		BuildEpoch:              buildEpoch,
		DatabaseType:            databaseType,
		Description:             map[string]string{"en": "clickgate demo data, not for production"},
		Languages:               []string{"en"},
		RecordSize:              24,
		IncludeReservedNetworks: true, // the documentation networks
	})
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		_, ipNet, err := net.ParseCIDR(n.cidr)
		if err != nil {
			return nil, err
		}
		if err := tree.Insert(ipNet, record(n)); err != nil {
			return nil, fmt.Errorf("insert %s: %w", n.cidr, err)
		}
	}
	var b bytes.Buffer
	_, err = tree.WriteTo(&b)
	return b.Bytes(), err
}

// placeRecord is a record as in GeoLite2-City.
func placeRecord(n network) mmdbtype.Map {
	p := n.place
	r := mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(p.country)}}
	if p.city == "" {
		return r
	}
	r["city"] = named(p.city)
	r["subdivisions"] = mmdbtype.Slice{named(p.state)}
	r["location"] = mmdbtype.Map{
		"latitude":  mmdbtype.Float64(p.lat),
		"longitude": mmdbtype.Float64(p.long),
		"time_zone": mmdbtype.String(p.timezone),
	}
	if p.postal != "" {
		r["postal"] = mmdbtype.Map{"code": mmdbtype.String(p.postal)}
	}
	return r
}

func named(name string) mmdbtype.Map {
	return mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String(name)}}
}

// lineRecord is a record as in GeoIP2-ISP, with the sort of connection.
func lineRecord(n network) mmdbtype.Map {
	r := mmdbtype.Map{
		"autonomous_system_number":       mmdbtype.Uint32(n.asn),
		"autonomous_system_organization": mmdbtype.String(n.name),
		"isp":                            mmdbtype.String(n.name),
	}
	if n.connection != "" {
		r["connection_type"] = mmdbtype.String(n.connection)
	}
	return r
}

// list writes the networks of one role, in the order of their addresses.
func list(all []network, r role, about string) []byte {
	var members []network
	for _, n := range all {
		if n.role == r {
			members = append(members, n)
		}
	}
	slices.SortFunc(members, func(a, b network) int {
		return prefixOf(a).Addr().Compare(prefixOf(b).Addr())
	})
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Demo data: %s. Written by ./generate, do not edit.\n", about)
	for _, n := range members {
		fmt.Fprintf(&b, "%-20s # %s\n", n.cidr, n.name)
	}
	return b.Bytes()
}
