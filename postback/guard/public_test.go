package guard

import (
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "93.184.216.34": true, "172.15.255.255": true, "172.32.0.0": true,
		"100.63.255.255": true, "100.128.0.0": true, "2606:4700::1111": true, "2a00:1450:4001::1": true,

		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false,
		"10.0.0.1": false, "10.255.255.255": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"100.64.0.1": false, "100.127.255.255": false, "100.100.100.200": false,
		"169.254.169.254": false, "169.254.0.1": false, "168.63.129.16": false, "192.0.0.192": false,
		"192.0.2.1": false, "198.18.0.1": false, "198.19.255.255": false, "198.51.100.7": false, "203.0.113.9": false,
		"192.88.99.1": false, "224.0.0.1": false, "239.255.255.250": false, "240.0.0.1": false, "255.255.255.255": false,

		"::": false, "::1": false, "fe80::1": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "ff0e::1": false, "100::1": false, "2001:db8::1": false, "3fff::1": false,
		"2001::1": false, "2001:10::1": false, "2001:20::1": false, "5f00::1": false,

		// IPv4 within IPv6.
		"::ffff:8.8.8.8": true, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false,
		"::ffff:0:127.0.0.1": false, "::127.0.0.1": false, "::8.8.8.8": false,
		"64:ff9b::8.8.8.8": true, "64:ff9b::10.0.0.1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::8.8.8.8": false,
		"2002:808:808::1": true, "2002:7f00:1::1": false, "2002:a9fe:a9fe::": false, "2002:c0a8:101::1": false,
		"2606:4700::5efe:8.8.8.8": true, "2606:4700::5efe:10.0.0.1": false, "2606:4700::200:5efe:169.254.169.254": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("isPublic(%s) = %v, want %v", address, got, want)
		}
	}
}

func TestAllowedNetworks(t *testing.T) {
	s := Default()
	s.AllowNetworks = []string{"10.1.0.0/16", "fe80::/10", "127.0.0.1"}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"10.1.2.3:80": true, "[::ffff:10.1.2.3]:80": true, "10.2.0.1:80": false, "127.0.0.1:80": true, "127.0.0.2:80": false,
		"[fe80::1%eth0]:80": true, "[fd00::1]:80": false, "8.8.8.8:443": true, "no address": false,
	} {
		if err := c.control(t.Context(), "tcp4", address, nil); (err == nil) != want {
			t.Errorf("%s: %v, want allowed %v", address, err, want)
		}
	}
	if err := c.control(t.Context(), "udp4", "8.8.8.8:53", nil); err == nil {
		t.Error("a socket that is no TCP is opened")
	}
}
