package state

import (
	"hash/maphash"
	"math/bits"
	"net/netip"
)

// seed makes hashes of this process unpredictable, so that nobody can choose
// values that fall into one bucket.
var seed = maphash.MakeSeed()

// Key is the 64-bit hash of a namespace and some values. Build one with
// NewNamespace and the methods below; a number that is not a hash fills a
// table unevenly.
type Key uint64

// NewNamespace returns the key that all keys of one rule start from. It only
// depends on what it is given, so a rule that is compiled again counts on
// where it was. Scope names the group the filter stands in, code is the filter
// type, and rule tells the rules of one filter apart; keep out of it what an
// operator changes without wanting to lose the counts, such as a limit.
func NewNamespace(scope, plane, code, rule string) Key {
	return Key(0).String(scope).String(plane).String(code).String(rule)
}

// String adds a value. The order of values matters, and so do empty ones.
func (k Key) String(s string) Key { return k.join(maphash.String(seed, s)) }

// Mark adds a small number: which field the next value comes from.
func (k Key) Mark(n uint8) Key { return k.join(uint64(n)) }

// Addr adds an address: an IPv4 address as it is, an IPv6 address by its /64,
// because a visitor changes the rest at will.
func (k Key) Addr(a netip.Addr) Key {
	if a.Is4() || a.Is4In6() {
		b := a.As4()
		return k.Mark(4).join(maphash.Bytes(seed, b[:]))
	}
	b := a.As16()
	return k.Mark(6).join(maphash.Bytes(seed, b[:8]))
}

// join folds a hash into k so that the order of joins matters.
func (k Key) join(h uint64) Key {
	hi, lo := bits.Mul64(uint64(k)^0xa0761d6478bd642f, h^0xe7037ed1a0b428db)
	return Key(hi ^ lo)
}
