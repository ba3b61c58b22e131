package guard

import (
	"context"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// rules are compiled settings.
type rules struct {
	networks []netip.Prefix
	hosts    map[string]bool
	ports    []portRange
	proxy    *url.URL
}

type portRange struct{ first, last uint16 }

// checkURL checks what a URL says by itself.
func (r *rules) checkURL(u *url.URL) error {
	port := u.Port()
	switch u.Scheme {
	case "http":
		port = orElse(port, "80")
	case "https":
		port = orElse(port, "443")
	default:
		return refuse("scheme %q: only http and https are called", u.Scheme)
	}
	if u.User != nil {
		return refuse("a user name before the host is not allowed")
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || !r.allowsPort(uint16(n)) {
		return refuse("port %s is not called; allowed are 80, 443 and those of allow_ports", port)
	}
	return nil
}

func orElse(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}

func (r *rules) allowsPort(port uint16) bool {
	if port == 80 || port == 443 {
		return true
	}
	for _, allowed := range r.ports {
		if allowed.first <= port && port <= allowed.last {
			return true
		}
	}
	return false
}

func (r *rules) allowsHost(host string) bool {
	return r.hosts[strings.ToLower(strings.TrimSuffix(host, "."))]
}

func (r *rules) isProxy(address string) bool {
	return r.proxy != nil && address == r.proxy.Host
}

// control is asked about the very address before a socket connects to it.
func (c *Client) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return refuse("%s address %q is not called", network, address)
	}
	return c.rules.checkAddress(to.Addr())
}

// checkAddress refuses every address that is not a public one, unless it is
// allowed.
func (r *rules) checkAddress(a netip.Addr) error {
	plain := a.Unmap().WithZone("")
	for _, network := range r.networks {
		if network.Contains(plain) {
			return nil
		}
	}
	if a.Zone() != "" || !isPublic(plain) {
		return refuse("address %s is not public; allow_networks would have to name it", a)
	}
	return nil
}
