package store

import (
	"bytes"
	"errors"
)

// The first byte of a stored row says how it is written.
const (
	plainRow   = 0 // the line follows
	shortRow   = 1 // the line follows without its beginning, which the key tells
	rowVersion = 1 // the highest of them
)

// rowStart is how the line of a click or impression begins.
func rowStart(dst []byte, text string) []byte {
	dst = append(append(dst, `{"tx_id":"`...), text...)
	dst = append(append(dst, `","real_tx_id":"`...), text...)
	return append(dst, '"')
}

// appendStored appends a line as it is stored under its id.
func appendStored(dst []byte, text string, line []byte) []byte {
	var room [96]byte
	if rest, ok := bytes.CutPrefix(line, rowStart(room[:0], text)); ok {
		return append(append(dst, shortRow), rest...)
	}
	return append(append(dst, plainRow), line...)
}

var errStored = errors.New("a row is stored in no form that is known")

// loadRow is the reverse of appendStored, in memory of its own.
func loadRow(d id, value []byte) ([]byte, error) {
	if len(value) == 0 || value[0] > rowVersion {
		return nil, errStored
	}
	line := make([]byte, 0, len(value)+95)
	if value[0] == shortRow {
		line = rowStart(line, d.String())
	}
	return append(line, value[1:]...), nil
}
