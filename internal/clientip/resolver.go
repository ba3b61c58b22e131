// Package clientip settles the visitor's address: the socket peer, or what a
// trusted proxy says in a header. A header is never believed further than the
// last proxy we trust.
package clientip

import (
	"bytes"
	"net/netip"

	"github.com/gaissmai/bart"
)

// Headers are the headers of one request. fasthttp's RequestHeader is one.
type Headers interface {
	// PeekAll returns the values of all lines of a header in the order of the
	// request. They are only read until the next call.
	PeekAll(name string) [][]byte
}

// Resolver settles addresses. It is immutable and safe for concurrent use.
type Resolver struct {
	trusted *bart.Lite
	headers []header
}

// header is one header a Resolver reads.
type header struct {
	name  string
	list  bool // a chain of hops; otherwise exactly one address
	parse func(element []byte) (netip.Addr, bool)
}

// Trusts tells whether addr is a trusted proxy.
func (r *Resolver) Trusts(addr netip.Addr) bool {
	return r.trusted.Contains(plain(addr))
}

// Resolve returns the visitor's address, unmapped and without zone. peer is the
// other end of the connection (after PROXY protocol); it is the answer unless
// it is trusted. Then the first configured header that the request carries
// decides, and one that makes no sense leaves the answer at the peer. Resolve
// allocates nothing for headers that hold addresses.
func (r *Resolver) Resolve(peer netip.Addr, h Headers) netip.Addr {
	peer = plain(peer)
	if !r.trusted.Contains(peer) {
		return peer
	}
	for i := range r.headers {
		hd := &r.headers[i]
		if lines := h.PeekAll(hd.name); !blank(lines) {
			return r.settle(hd, peer, lines)
		}
	}
	return peer
}

func (r *Resolver) settle(hd *header, peer netip.Addr, lines [][]byte) netip.Addr {
	if hd.list {
		return r.walk(hd, peer, lines)
	}
	// Two lines or a list mean that somebody could add to what the proxy set:
	// nobody can tell which one is the proxy's.
	if len(lines) != 1 {
		return peer
	}
	if addr, ok := hd.parse(trim(lines[0])); ok {
		return addr
	}
	return peer
}

// walk reads a chain from the right, where our own proxies wrote, to the left,
// where anybody may have written. The first hop that is not trusted is the
// visitor. Garbage ends the walk: whoever stands left of it is not vouched for.
func (r *Resolver) walk(hd *header, last netip.Addr, lines [][]byte) netip.Addr {
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var element []byte
			rest, element, more = cutLast(rest)
			if len(element) == 0 {
				continue // RFC 9110, 5.6.1: empty elements count for nothing
			}
			addr, ok := hd.parse(element)
			if !ok {
				return last
			}
			if !r.trusted.Contains(addr) {
				return addr
			}
			last = addr
		}
	}
	return last
}

// cutLast splits the last element off a comma-separated list. It does not look
// at quotes: an address holds no comma, and a quote that a visitor left open
// must not swallow the element a proxy wrote after it.
func cutLast(list []byte) (rest, element []byte, more bool) {
	if i := bytes.LastIndexByte(list, ','); i >= 0 {
		return list[:i], trim(list[i+1:]), true
	}
	return nil, trim(list), false
}

// blank tells whether lines hold nothing but separators.
func blank(lines [][]byte) bool {
	for _, line := range lines {
		for _, c := range line {
			if c != ' ' && c != '\t' && c != ',' {
				return false
			}
		}
	}
	return true
}

// plain is addr the way all addresses are compared: IPv4 as IPv4, no zone.
func plain(addr netip.Addr) netip.Addr {
	return addr.Unmap().WithZone("")
}
