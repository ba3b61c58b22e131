package geo

import (
	"fmt"
	"net/netip"
	"sync/atomic"

	"github.com/oschwald/maxminddb-golang/v2"
)

// database is one opened MaxMind DB file with the records decoded so far. It
// lives in the process's memory: a mapped file that is overwritten in place
// changes under its readers, and one that is cut short ends the process.
type database struct {
	reader *maxminddb.Reader
	decode func(maxminddb.Result, trust) (record, error)
	trusts trust
	offers offers
	cache  *cache
	faults atomic.Uint64 // records that could not be read
}

// CheckDatabase tells why data is no database that a Service can use; nil if it
// is one.
func CheckDatabase(data []byte) error {
	_, err := newDatabase(data, 0)
	return err
}

// newDatabase opens the content of a file and reads a sample of its records.
// Anonymisers that it is less sure of than minConfidence are none.
func newDatabase(data []byte, minConfidence int) (db *database, err error) {
	defer func() {
		if p := recover(); p != nil {
			db, err = nil, fmt.Errorf("malformed database: %v", p)
		}
	}()
	reader, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, err
	}
	if v := reader.Metadata.IPVersion; v != 4 && v != 6 {
		return nil, fmt.Errorf("malformed database: IP version %d is neither 4 nor 6", v)
	}
	s, err := inspect(reader)
	if err != nil {
		return nil, err
	}
	decode := decodeNested
	if s.flat {
		decode = decodeFlat
	}
	return &database{
		reader: reader, decode: decode, offers: s.offers, cache: newCache(len(data)),
		trusts: trust{minConfidence: uint16(minConfidence), residential: isResidential(reader.Metadata.DatabaseType)},
	}, nil
}

// covers tells whether the database has addresses of addr's family.
func (d *database) covers(addr netip.Addr) bool {
	return addr.Is4() || d.reader.Metadata.IPVersion == 6
}

// find returns the record and the network of an address; nil when there is none.
func (d *database) find(addr netip.Addr) (r *record, network netip.Prefix) {
	if !d.covers(addr) {
		return nil, network
	}
	// The library is careful, but a malformed file must not cost a visitor
	// his redirect.
	defer func() {
		if recover() != nil {
			d.faults.Add(1)
		}
	}()
	result := d.reader.Lookup(addr)
	if !result.Found() {
		return nil, network
	}
	r = d.cache.get(result.Offset())
	if r == nil {
		r = d.read(result)
	}
	network = result.Prefix()
	if network.Addr().BitLen() != addr.BitLen() {
		// A tree without IPv4 answers with a network of IPv6.
		return r, netip.Prefix{}
	}
	return r, network
}

// read decodes a record into the cache. One that cannot be decoded is kept as
// an empty one, so that it is not tried for every visitor.
func (d *database) read(result maxminddb.Result) *record {
	r, err := d.decode(result, d.trusts)
	if err != nil {
		d.faults.Add(1)
		r = record{}
	}
	return d.cache.put(result.Offset(), r)
}
