package clickid

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"sync"
)

// macBits is the part of the low word that holds the MAC.
const macBits = 1<<48 - 1

// mac is the keyed function over the first 80 bits of an id: AES-128 of one
// block, those bits and zeros, cut to 48 bits. AES is a pseudo-random
// permutation, and a permutation of inputs of one fixed length that fit a
// single block is a MAC: there is no second block, so nothing can be extended
// or spliced as with CBC-MAC. Cutting the output only hides more of it. HMAC
// would be safe too, but costs ten times as much and allocates.
//
// 48 bits mean that a forger needs 2^47 requests on average for one id that
// passes; each try is a request to us.
type mac struct{ block cipher.Block }

// buffers lend the cipher its blocks: it is called through an interface, so
// blocks on the stack would escape, one allocation per id.
var buffers = sync.Pool{New: func() any { return new([2 * aes.BlockSize]byte) }}

// sum is the MAC of the 80 bits in hi and the top of lo.
func (m mac) sum(hi, lo uint64) uint64 {
	buf := buffers.Get().(*[2 * aes.BlockSize]byte)
	in, out := buf[:aes.BlockSize], buf[aes.BlockSize:]
	binary.BigEndian.PutUint64(in, hi)
	binary.BigEndian.PutUint64(in[8:], lo&^macBits)
	m.block.Encrypt(out, in)
	sum := binary.BigEndian.Uint64(out) & macBits
	buffers.Put(buf)
	return sum
}

// macs are the compiled Keys. Without a previous key it is the current one, so
// that checking always takes the same two steps.
type macs struct {
	current, previous mac
	fromMS            uint64 // when current begins to make ids, in unix milliseconds
}

func newMACs(keys Keys) (*macs, error) {
	if keys.Current.IsZero() {
		return nil, errors.New("click id keys: no current key")
	}
	m := &macs{current: newMAC(keys.Current)}
	m.previous = m.current
	if !keys.Previous.IsZero() {
		m.previous = newMAC(keys.Previous)
		m.fromMS = uint64(max(keys.Current.Created.Add(SettleTime).UnixMilli(), 0))
	}
	return m, nil
}

func newMAC(k Key) mac {
	block, err := aes.NewCipher(k.Secret[:])
	if err != nil {
		panic("BUG: " + err.Error()) // 16 bytes are always a key
	}
	return mac{block}
}

// making is the key of ids that are made at a time.
func (m *macs) making(ms uint64) mac {
	if ms < m.fromMS {
		return m.previous
	}
	return m.current
}

// accept tells whether lo ends in the MAC of either key, in constant time.
func (m *macs) accept(hi, lo uint64) bool {
	return equal(m.current.sum(hi, lo), lo)|equal(m.previous.sum(hi, lo), lo) == 1
}

func equal(sum, lo uint64) int {
	diff := sum ^ lo&macBits
	return subtle.ConstantTimeEq(int32(diff>>32), 0) & subtle.ConstantTimeEq(int32(diff), 0)
}
