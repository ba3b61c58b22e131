package link

import (
	"unsafe"

	"github.com/clickgate/clickgate/internal/click"
)

// decode returns s with its percent escapes and plus signs resolved: s itself
// when it has none, else a view into c.Scratch. A percent sign without two hex
// digits behind it stands for itself.
func decode(c *click.Click, s string) string {
	plain := plainPrefix(s)
	if plain == len(s) {
		return s
	}
	start := len(c.Scratch)
	buf := append(c.Scratch, s[:plain]...)
	for i := plain; i < len(s); i++ {
		switch {
		case s[i] == '+':
			buf = append(buf, ' ')
		case s[i] == '%' && i+2 < len(s) && unhex[s[i+1]] < 16 && unhex[s[i+2]] < 16:
			buf = append(buf, unhex[s[i+1]]<<4|unhex[s[i+2]])
			i += 2
		default:
			buf = append(buf, s[i])
		}
	}
	c.Scratch = buf
	return unsafe.String(&buf[start], len(buf)-start)
}

// plainPrefix is the length of the part of s that needs no decoding.
func plainPrefix(s string) int {
	for i := range len(s) {
		if s[i] == '%' || s[i] == '+' {
			return i
		}
	}
	return len(s)
}

// unhex holds the value of each hex digit and 255 for every other byte.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, digit := range []byte("0123456789abcdef") {
		t[digit] = byte(i)
	}
	for i, digit := range []byte("ABCDEF") {
		t[digit] = byte(10 + i)
	}
	return t
}()
