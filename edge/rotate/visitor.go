package rotate

import (
	"net/netip"
	"unsafe"

	"github.com/dchest/siphash"
)

// Visitor is a hash of what tells a visitor from others. Begin with the zero
// Visitor and add, always in the same order, what he shows on his first click
// and on every later one: a cookie that he gets with the first would make him
// another one with the second.
type Visitor uint64

// The key of the hashes. It is no secret: who wants another offer can always
// come as another visitor. It must never change, or all visitors move.
const (
	keyLow  = 0x636c69636b676174 // "clickgat"
	keyHigh = 0x652e726f74617465 // "e.rotate"
)

// With returns the visitor with a part more, such as his device id or user
// agent. Parts do not run into each other: "ab" and "c" are not "a" and "bc".
func (v Visitor) With(part string) Visitor {
	return v.with(unsafe.Slice(unsafe.StringData(part), len(part)))
}

// WithAddress returns the visitor with the network he comes from: an IPv4
// address, or the /64 of an IPv6 one, in which programs change addresses as
// they please. IPv4 addresses in IPv6 form are IPv4 ones.
func (v Visitor) WithAddress(ip netip.Addr) Visitor {
	var b [8]byte
	if ip = ip.Unmap(); ip.Is4() {
		a := ip.As4()
		return v.with(append(b[:0], a[:]...))
	}
	a := ip.As16() // the zero Addr is ::
	return v.with(append(b[:0], a[:8]...))
}

// with chains the parts: the hash so far is part of the key of the next.
func (v Visitor) with(part []byte) Visitor {
	return Visitor(siphash.Hash(keyLow, keyHigh^uint64(v), part))
}
