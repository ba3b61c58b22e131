package geo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/internal/source"
)

// asnHeader is the first column of a list that names its columns.
const asnHeader = "asn"

// namesASNs tells whether the first entry of a text list is an AS number. A
// list of addresses may be cut to "19" in its last line, never in its first.
func namesASNs(data []byte) bool {
	for entry := range source.Entries(data) {
		entry = firstColumn(entry)
		_, err := parseASN(entry)
		return err == nil || strings.EqualFold(entry, asnHeader)
	}
	return false
}

// firstColumn returns what stands before the first comma, without quotes.
func firstColumn(entry string) string {
	column, _, _ := strings.Cut(entry, ",")
	column = strings.TrimSpace(column)
	if n := len(column); n >= 2 && column[0] == '"' && column[n-1] == '"' {
		column = strings.TrimSpace(column[1 : n-1])
	}
	return column
}

// parseASNLine appends the AS number of one entry to dst.
func parseASNLine(dst []uint32, entry string) ([]uint32, error) {
	column := firstColumn(entry)
	if len(dst) == 0 && strings.EqualFold(column, asnHeader) {
		return dst, nil
	}
	number, err := parseASN(column)
	if err != nil {
		return nil, err
	}
	if _, columns, _ := strings.Cut(entry, ","); columns != "" {
		second, _, _ := strings.Cut(columns, ",")
		if _, err := parseASN(strings.TrimSpace(second)); err == nil {
			return nil, fmt.Errorf("%q follows in one line: put each AS number on a line of its own", source.Shorten(strings.TrimSpace(second)))
		}
	}
	return append(dst, number), nil
}

// parseASN reads "AS64500" or "64500". The number 0 is reserved (RFC 7607).
func parseASN(s string) (uint32, error) {
	digits := s
	if len(s) > 2 && strings.EqualFold(s[:2], "AS") {
		digits = s[2:]
	}
	number, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || number == 0 {
		return 0, fmt.Errorf("%q is not an AS number such as AS64500, 1 to 4294967295", source.Shorten(s))
	}
	return uint32(number), nil
}
