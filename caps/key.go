package caps

import (
	"encoding/binary"
	"unsafe"

	"github.com/dchest/siphash"
)

// Key names a counter of a cap: Owner is a hash of the offer or publisher that
// has the cap, Sum one of the cap's measure, the period, and the publisher,
// goal and sub id it tells apart. It is the same on every node and in every
// version of the program; sums on workers' disks carry it.
type Key struct{ Owner, Sum uint64 }

// The hashes have no secret, since all nodes must agree on them. Who makes two
// sub ids collide has them share a counter of one offer, that is all.
const saltA, saltB = 0x636c69636b676174, 0x652e636170732e31

// ownerHash is Key.Owner of an offer or publisher.
func ownerHash(o Owner) uint64 {
	return hashOf(saltA, saltB+uint64(o.Kind), o.ID)
}

func hashOf(a, b uint64, s string) uint64 {
	return siphash.Hash(a, b, unsafe.Slice(unsafe.StringData(s), len(s)))
}

// keyOf names the counter of a meter in a period. Values that the meter does
// not tell apart are empty.
func keyOf(owner, meter uint64, period int64, publisher, goal, subID string) Key {
	var b [32]byte
	binary.LittleEndian.PutUint64(b[:], uint64(period))
	for i, s := range [...]string{publisher, goal, subID} {
		if s != "" {
			binary.LittleEndian.PutUint64(b[8+8*i:], hashOf(owner, meter, s))
		}
	}
	return Key{owner, siphash.Hash(meter, owner, b[:])}
}
