package redirect

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/internal/cow"
)

// maxRequestedParams bounds the parameters of a URL that a link chose: each is
// compared with each extra parameter of the request, which a visitor could
// otherwise make cost milliseconds.
const maxRequestedParams = 100

// Hosts is a set of hosts that URLs chosen by a link may lead to: each with
// all its subdomains. It never changes, With makes another one, and any number
// of goroutines may read it. A nil Hosts is empty.
type Hosts struct {
	// uses counts who named a domain.
	uses cow.Map[string, int]
}

// NewHosts returns the set of the given domains. One that CheckDomain refuses
// admits nothing.
func NewHosts(domains ...string) *Hosts {
	uses := make(map[string]int, len(domains))
	for _, d := range domains {
		uses[d]++
	}
	return new(Hosts).With(uses)
}

// With returns a set in which each of the domains is named so many times more,
// or fewer where the number is negative. A domain that nobody names any more is
// not in it. The cost is that of the changes, not of the set.
func (h *Hosts) With(uses map[string]int) *Hosts {
	if h == nil {
		h = new(Hosts)
	}
	edit := h.uses.Edit()
	for domain, more := range uses {
		if more == 0 || CheckDomain(domain) != nil {
			continue
		}
		bare := bareDomain(domain)
		before, _ := edit.Get(bare)
		if before+more > 0 {
			edit.Put(bare, before+more)
		} else {
			edit.Delete(bare)
		}
	}
	return &Hosts{uses: edit.Map()}
}

// CheckDomain tells what is wrong with a domain of a set of hosts, or nil.
// Allowed are a domain name ("example.com", or "*.example.com" for the same),
// localhost and an IP address (IPv6 in brackets). A top-level domain is
// refused: it would admit everybody.
func CheckDomain(domain string) error {
	bare := bareDomain(domain)
	if !isHost(bare) {
		return fmt.Errorf("domain %q: allowed is a host name without scheme, port and path, such as example.com", domain)
	}
	if bare != "localhost" && bare[0] != '[' && strings.IndexByte(bare, '.') < 0 {
		return fmt.Errorf("domain %q would admit every host below it: allowed are names of two labels and more", domain)
	}
	return nil
}

func bareDomain(domain string) string {
	return strings.ToLower(strings.TrimPrefix(domain, "*."))
}

// Has tells whether host (lower case, no port) or a domain above it is in the
// set.
func (h *Hosts) Has(host string) bool {
	if h == nil {
		return false
	}
	for {
		if _, ok := h.uses.Get(host); ok {
			return true
		}
		dot := strings.IndexByte(host, '.')
		if dot < 0 {
			return false
		}
		host = host[dot+1:]
	}
}

// Admit tells whether a URL that a link chose may be sent to a browser: it is
// absolute with http or https, leads to a host of the set at the scheme's
// default port, has no user name, control character or backslash, at most 100
// parameters, and is no longer than MaxURL once AppendRequested has encoded it.
// International names are compared in punycode.
//
// It returns the host, and the authority as a request's Host header would show
// it, both in lower case. Nothing is allocated for a URL whose host is in lower
// case.
func (h *Hosts) Admit(url string) (authority, host string, ok bool) {
	if !isSendable(url) {
		return "", "", false
	}
	o, err := parseOrigin(url)
	if err != nil || !o.hasDefaultPort() {
		return "", "", false
	}
	host = strings.ToLower(o.host)
	if !h.Has(host) {
		return "", "", false
	}
	return host, host, true
}

// isSendable tells whether url has only bytes that can be encoded without
// changing where it leads, and not too much of anything.
func isSendable(url string) bool {
	if len(url) > MaxURL || strings.Count(url, "&") >= maxRequestedParams {
		return false
	}
	for i := range len(url) {
		if b := url[i]; b < ' ' || b == 0x7f || b == '\\' {
			return false
		}
	}
	return escapedLen(url, inURL) <= MaxURL
}
