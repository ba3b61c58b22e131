package store

import (
	"encoding/binary"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// priorVersion is the first byte of a stored conversion.
const priorVersion = 1

// appendPrior encodes a conversion: version, kind, time, then event, status and
// hash, each with its length, then the line. So a list of conversions needs no
// JSON to be read.
func appendPrior(dst []byte, kind events.Kind, l *conversionLine, line []byte) []byte {
	dst = append(dst, priorVersion, byte(kind))
	dst = binary.BigEndian.AppendUint64(dst, uint64(l.timeMS))
	for _, text := range [...]string{l.EventID, l.Status, l.Hash} {
		dst = append(binary.AppendUvarint(dst, uint64(len(text))), text...)
	}
	return append(dst, line...)
}

// loadPrior is the reverse of appendPrior. Without withRow the line is left
// out.
func loadPrior(own id, value []byte, withRow bool) (attribution.Prior, error) {
	p := attribution.Prior{TxID: own.String()}
	if len(value) < 10 || value[0] != priorVersion {
		return p, errStored
	}
	p.Kind, p.TimeMS = events.Kind(value[1]), int64(binary.BigEndian.Uint64(value[2:]))
	rest := value[10:]
	for _, field := range [...]*string{&p.EventID, &p.Status, &p.Hash} {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return p, errStored
		}
		rest = rest[size:]
		*field, rest = string(rest[:n]), rest[n:]
	}
	if withRow {
		p.Row = append(make([]byte, 0, len(rest)), rest...)
	}
	return p, nil
}
