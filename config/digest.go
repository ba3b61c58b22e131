package config

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

type lazyDigest struct {
	once sync.Once
	text string
}

type lazySum struct {
	once sync.Once
	sum  [sha256.Size]byte
	err  error
}

// Digest is the SHA-256, in hex, of all keys and canonical JSON texts. Sets
// that say the same have the same digest, however they came about. Each
// document is encoded once, for all sets that share it.
func (s *Set) Digest() string {
	s.digest.once.Do(func() {
		all := sha256.New()
		for i, shelf := range s.shelves {
			for _, e := range shelf {
				all.Write(e.digest(kinds[i].kind))
			}
		}
		s.digest.text = hex.EncodeToString(all.Sum(nil))
	})
	return s.digest.text
}

func (e *entry) digest(kind Kind) []byte {
	e.encode(kind)
	return e.sum.sum[:]
}

// encode sums up the document once. The error is that of Encode; the sum then
// stands for the error, since Validate refuses the document anyway.
func (e *entry) encode(kind Kind) error {
	e.sum.once.Do(func() {
		text, err := Encode(e.document)
		if err != nil {
			text, e.sum.err = []byte(err.Error()), err
		}
		key := Key{kind, e.id}.String() + "\n"
		e.sum.sum = sha256.Sum256(append([]byte(key), text...))
	})
	return e.sum.err
}
