package state

import (
	"crypto/rand"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"unsafe"

	"github.com/dchest/siphash"
)

// seed is the secret of a memory's hashes. With it nobody can choose values
// that fall into one bucket. A snapshot holds it, since keys mean nothing
// without.
type seed struct{ a, b uint64 }

// newSeed draws a seed.
func newSeed() seed {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return seed{binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])}
}

func (s *seed) hash(b []byte) uint64 { return siphash.Hash(s.a, s.b, b) }

// Key is the 64-bit hash of a namespace and some values. It begins with
// Memory.Namespace and is of use in that memory only, and in one loaded from
// its snapshot. Keys can be compared; the zero Key is none.
type Key struct {
	sum  uint64
	seed *seed
}

// Namespace returns the key that all keys of one rule start from. It only
// depends on what it is given, so a rule that is compiled again counts on
// where it was. Scope names the group the filter stands in, code is the filter
// type, and rule tells the rules of one filter apart; keep out of it what an
// operator changes without wanting to lose the counts, such as a limit.
func (m *Memory) Namespace(scope, plane, code, rule string) Key {
	return Key{seed: &m.seed}.String(scope).String(plane).String(code).String(rule)
}

// String adds a value. The order of values matters, and so do empty ones.
func (k Key) String(s string) Key {
	return k.join(k.seed.hash(unsafe.Slice(unsafe.StringData(s), len(s))))
}

// Mark adds a small number: which field the next value comes from.
func (k Key) Mark(n uint8) Key { return k.join(uint64(n)) }

// Addr adds an address: an IPv4 address as it is, an IPv6 address by its /64,
// because a visitor changes the rest at will.
func (k Key) Addr(a netip.Addr) Key { return k.network(a, 8) }

// Network48 adds the network above that: an IPv6 address by its /48, which is
// what a customer gets and can draw 65,536 networks of /64 from. An IPv4
// address is added as it is. The key differs from that of Addr.
func (k Key) Network48(a netip.Addr) Key { return k.Mark(48).network(a, 6) }

// network adds an IPv4 address, or the first bytes of an IPv6 address.
func (k Key) network(a netip.Addr, bytes int) Key {
	if a.Is4() || a.Is4In6() {
		b := a.As4()
		return k.Mark(4).join(k.seed.hash(b[:]))
	}
	b := a.As16()
	return k.Mark(6).join(k.seed.hash(b[:bytes]))
}

// join folds a hash into k so that the order of joins matters.
func (k Key) join(h uint64) Key {
	hi, lo := bits.Mul64(k.sum^0xa0761d6478bd642f, h^0xe7037ed1a0b428db)
	k.sum = hi ^ lo
	return k
}
