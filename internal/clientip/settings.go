package clientip

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/gaissmai/bart"
)

// Settings are the boot settings of a Resolver.
type Settings struct {
	// TrustedProxies are the addresses and CIDRs of our own proxies and of the
	// CDN: the peers whose headers are believed.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// Headers are read in this order; the first one a request carries settles
	// the address. X-Forwarded-For and Forwarded (RFC 7239) are lists of hops;
	// any other name (CF-Connecting-IP, True-Client-IP, Fastly-Client-IP,
	// X-Real-IP) holds exactly one address. Name a header only if every trusted
	// proxy sets or strips it, or else visitors choose what stands in it.
	Headers []string `yaml:"client_ip_headers"`
}

// Default returns the settings for a proxy on the same host.
func Default() Settings {
	return Settings{
		TrustedProxies: []string{"127.0.0.0/8", "::1/128"},
		Headers:        []string{"X-Forwarded-For"},
	}
}

// New builds a Resolver. The error names every mistake of the settings.
func New(s Settings) (*Resolver, error) {
	r := &Resolver{trusted: new(bart.Lite)}
	var errs []error
	for i, text := range s.TrustedProxies {
		p, err := parseProxy(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("trusted_proxies[%d]: %w", i, err))
			continue
		}
		r.trusted.Insert(p)
	}
	for i, name := range s.Headers {
		if err := r.addHeader(name); err != nil {
			errs = append(errs, fmt.Errorf("client_ip_headers[%d]: %w", i, err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return r, nil
}

// parseProxy reads an address or a CIDR. IPv4-mapped forms become IPv4, since
// that is how peers are compared.
func parseProxy(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a CIDR such as 10.0.0.0/8", text)
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a CIDR such as 10.0.0.0/8", text)
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	if p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("%q has bits set beyond its length; the network is %s", text, p.Masked())
	}
	if p.Bits() == 0 {
		return netip.Prefix{}, fmt.Errorf("%q trusts every address, so any visitor could choose his own", text)
	}
	return p, nil
}

func (r *Resolver) addHeader(name string) error {
	if !isToken(name) {
		return fmt.Errorf("%q is not a header name: letters, digits and '-'", name)
	}
	for _, h := range r.headers {
		if strings.EqualFold(h.name, name) {
			return fmt.Errorf("%q is named twice", name)
		}
	}
	h := header{name: name, parse: parseNode}
	switch strings.ToLower(name) {
	case "x-forwarded-for":
		h.list = true
	case "forwarded":
		h.list, h.parse = true, parseForwarded
	}
	r.headers = append(r.headers, h)
	return nil
}

// isToken tells whether s is a name of letters, digits, '-' and '_'.
func isToken[T string | []byte](s T) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && !('0' <= c && c <= '9') && c != '-' && c != '_' {
			return false
		}
	}
	return len(s) > 0
}
