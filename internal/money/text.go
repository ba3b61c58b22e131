package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/govalues/decimal"
)

var (
	errLarge    = fmt.Errorf("must be at most %s", Max)
	errDecimals = fmt.Errorf("must have at most %d decimals", Decimals)
	errNumber   = errors.New("must be a number such as 12.50")
)

// Parse reads a number as people and JSON write it: 12, -0.5, 1.50, 15e-1.
// Nothing is rounded: more than Decimals decimals, other than zeros at the
// end, are an error, and so are amounts beyond Max. The error says what is
// allowed, and what was found.
func Parse(s string) (Amount, error) {
	a, err := parse(s)
	if err != nil {
		return Amount{}, fmt.Errorf("%w, found %s", err, shorten(s))
	}
	return a, nil
}

func parse(s string) (Amount, error) {
	digits, ok := significant(s)
	if !ok || len(s) > 330 { // what the library reads
		return Amount{}, errNumber
	}
	if digits == 0 {
		return Amount{}, nil
	}
	d, err := decimal.Parse(s)
	switch {
	case err != nil && strings.ContainsAny(s, "eE") && strings.Contains(s[1:], "-"):
		return Amount{}, errDecimals // 1e-999
	case err != nil || d.CmpAbs(Max.d) > 0:
		return Amount{}, errLarge
	case d.MinScale() > Decimals || d.IsZero() || digits > decimal.MaxPrec:
		return Amount{}, errDecimals // the library may have rounded to get there
	}
	return Amount{d.Trim(0)}, nil
}

// MustParse is Parse for numbers in the program itself; it panics where Parse
// fails.
func MustParse(s string) Amount {
	a, err := Parse(s)
	if err != nil {
		panic("BUG: amount " + err.Error())
	}
	return a
}

// significant counts the digits of a number from the first to the last that is
// not zero. It is false for what is no number.
func significant(s string) (digits int, ok bool) {
	mantissa := unsigned(s)
	if e := strings.IndexAny(mantissa, "eE"); e >= 0 {
		power := unsigned(mantissa[e+1:])
		if power == "" || strings.Trim(power, "0123456789") != "" {
			return 0, false
		}
		mantissa = mantissa[:e]
	}
	return significantOf(mantissa)
}

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func significantOf(mantissa string) (digits int, ok bool) {
	first, last, n, points := 0, -1, 0, 0
	for i := range len(mantissa) {
		switch c := mantissa[i]; {
		case c == '.' && points == 0:
			points++
			continue
		case c < '0' || c > '9':
			return 0, false
		case c != '0' && last < 0:
			first, last = n, n
		case c != '0':
			last = n
		}
		n++
	}
	return last - first + 1, n > 0
}

// shorten quotes a text for messages; numbers stay as they are.
func shorten(s string) string {
	const longest = 40
	if _, ok := significant(s); !ok {
		return fmt.Sprintf("%.40q", s)
	}
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}

// String is the shortest text: no exponent, no zeros at the end.
func (a Amount) String() string { return string(a.AppendTo(make([]byte, 0, 24))) }

// AppendTo appends String, without allocating.
func (a Amount) AppendTo(b []byte) []byte {
	b, _ = a.d.AppendText(b) // never fails
	return b
}

// MarshalJSON returns a number.
func (a Amount) MarshalJSON() ([]byte, error) { return a.AppendTo(nil), nil }

// UnmarshalJSON takes a number, or a string that holds one; null changes
// nothing.
func (a *Amount) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	s := string(text)
	if strings.HasPrefix(s, `"`) {
		if err := json.Unmarshal(text, &s); err != nil {
			return err
		}
	}
	parsed, err := Parse(s)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
