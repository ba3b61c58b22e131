package main

import "slices"

// network is one network of the demo: where it is, who runs it, what it is
// used for.
type network struct {
	cidr       string
	place      place
	asn        uint32
	name       string
	connection string // Cable/DSL, Cellular, Corporate or nothing
	role       role
}

// role is the list that a network stands on, if any, without ".txt".
type role string

const (
	visitors   role = ""
	datacenter role = "datacenter"
	vpn        role = "vpn"
	tor        role = "tor"
	crawler    role = "crawler"
)

const (
	cable    = "Cable/DSL"
	cellular = "Cellular"
	office   = "Corporate"
)

// networks are all networks of the demo.
func networks() []network {
	return slices.Concat(documentation, broadband, mobile, clouds, anonymisers, crawlers, resolvers)
}

// documentation holds the networks set aside for examples (RFC 5737, RFC 3849,
// RFC 5398). Nobody has them, so they can play any part.
var documentation = []network{
	{"203.0.113.0/24", berlin, 64500, "Example Broadband", cable, visitors},
	{"198.51.100.0/24", ashburn, 64501, "Example Hosting", office, datacenter},
	{"192.0.2.0/24", zurich, 64502, "Example VPN", office, vpn},

	{"2001:db8::/32", berlin, 64500, "Example Broadband", cable, visitors},
	{"2001:db8:1::/48", newYork, 64503, "Example Cable", cable, visitors},
	{"2001:db8:2::/48", london, 64504, "Example Fibre", cable, visitors},
	{"2001:db8:3::/48", paris, 64505, "Example Telecom", cable, visitors},
	{"2001:db8:4::/48", vienna, 64506, "Example Mobile", cellular, visitors},
	{"2001:db8:dc::/48", ashburn, 64501, "Example Hosting", office, datacenter},
	{"2001:db8:ee::/48", zurich, 64502, "Example VPN", office, vpn},
	{"2001:db8:ff::/48", zurich, 64507, "Example Onion", office, tor},
}

// What follows are well-known public facts, coarse on purpose: enough for a
// person who tries an address of his own to see sense.

var broadband = []network{
	{"84.128.0.0/10", germany, 3320, "Deutsche Telekom", cable, visitors},
	{"93.192.0.0/10", germany, 3320, "Deutsche Telekom", cable, visitors},
	{"88.64.0.0/12", germany, 3209, "Vodafone Germany", cable, visitors},
	{"24.0.0.0/12", unitedStates, 7922, "Comcast", cable, visitors},
	{"73.0.0.0/8", unitedStates, 7922, "Comcast", cable, visitors},
	{"71.160.0.0/11", unitedStates, 701, "Verizon", cable, visitors},
	{"86.128.0.0/10", unitedKingdom, 2856, "BT", cable, visitors},
	{"90.0.0.0/9", france, 3215, "Orange", cable, visitors},
	{"82.64.0.0/14", france, 12322, "Free", cable, visitors},
	{"79.0.0.0/10", italy, 3269, "TIM", cable, visitors},
	{"88.0.0.0/11", spain, 3352, "Telefonica de Espana", cable, visitors},
	{"1.128.0.0/11", australia, 1221, "Telstra", cable, visitors},
	{"2003::/19", germany, 3320, "Deutsche Telekom", cable, visitors},
	{"2601::/20", unitedStates, 7922, "Comcast", cable, visitors},
	{"2a01:e00::/26", france, 12322, "Free", cable, visitors},
}

var mobile = []network{
	{"172.32.0.0/11", unitedStates, 21928, "T-Mobile USA", cellular, visitors},
	{"49.32.0.0/11", india, 55836, "Reliance Jio", cellular, visitors},
}

var clouds = []network{
	{"3.0.0.0/9", unitedStates, 16509, "Amazon Web Services", office, datacenter},
	{"18.128.0.0/9", unitedStates, 16509, "Amazon Web Services", office, datacenter},
	{"52.0.0.0/10", unitedStates, 16509, "Amazon Web Services", office, datacenter},
	{"34.64.0.0/10", unitedStates, 396982, "Google Cloud", office, datacenter},
	{"35.184.0.0/13", unitedStates, 396982, "Google Cloud", office, datacenter},
	{"20.33.0.0/16", unitedStates, 8075, "Microsoft Azure", office, datacenter},
	{"40.80.0.0/12", unitedStates, 8075, "Microsoft Azure", office, datacenter},
	{"104.131.0.0/16", unitedStates, 14061, "DigitalOcean", office, datacenter},
	{"159.65.0.0/16", unitedStates, 14061, "DigitalOcean", office, datacenter},
	{"167.99.0.0/16", unitedStates, 14061, "DigitalOcean", office, datacenter},
	{"88.99.0.0/16", germany, 24940, "Hetzner", office, datacenter},
	{"95.216.0.0/16", finland, 24940, "Hetzner", office, datacenter},
	{"51.38.0.0/16", france, 16276, "OVH", office, datacenter},
	{"45.79.0.0/16", unitedStates, 63949, "Linode", office, datacenter},
	{"2a01:4f8::/32", germany, 24940, "Hetzner", office, datacenter},
}

var anonymisers = []network{
	{"185.213.154.0/24", sweden, 39351, "31173 Services (Mullvad VPN)", office, vpn},
	{"193.138.218.0/24", sweden, 39351, "31173 Services (Mullvad VPN)", office, vpn},
	{"171.25.193.0/24", sweden, 198093, "DFRI", office, tor},
	{"185.220.101.0/24", germany, 60729, "Stiftung Erneuerbare Freiheit", office, tor},
	{"199.249.230.0/24", unitedStates, 62744, "Quintex Alliance", office, tor},
}

var crawlers = []network{
	{"66.249.64.0/19", unitedStates, 15169, "Googlebot", office, crawler},
	{"40.77.167.0/24", unitedStates, 8075, "Bingbot", office, crawler},
	{"157.55.39.0/24", unitedStates, 8075, "Bingbot", office, crawler},
	{"207.46.13.0/24", unitedStates, 8075, "Bingbot", office, crawler},
}

// resolvers are the addresses that everybody tries first.
var resolvers = []network{
	{"8.8.4.0/24", unitedStates, 15169, "Google", office, datacenter},
	{"8.8.8.0/24", unitedStates, 15169, "Google", office, datacenter},
	{"1.0.0.0/24", australia, 13335, "Cloudflare", office, datacenter},
	{"1.1.1.0/24", australia, 13335, "Cloudflare", office, datacenter},
	{"9.9.9.0/24", unitedStates, 19281, "Quad9", office, datacenter},
	{"2001:4860::/32", unitedStates, 15169, "Google", office, datacenter},
	{"2606:4700::/32", unitedStates, 13335, "Cloudflare", office, datacenter},
}
