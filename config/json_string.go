package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string whose opening quote is at pos.
func (p *jsonParser) string() (string, error) {
	p.pos++
	from := p.pos
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			return p.text[from : p.pos-1], nil
		case c == '\\':
			return p.escapedString(p.text[from:p.pos])
		case c < ' ':
			return "", fmt.Errorf(`control character 0x%02x in a string must be escaped as \u%04x`, c, c)
		}
		p.pos++
	}
	return "", errors.New("string has no closing quote")
}

// escapedString goes on with a string at its first escape.
func (p *jsonParser) escapedString(start string) (string, error) {
	out := []byte(start)
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			return string(out), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		case c < ' ':
			return "", fmt.Errorf(`control character 0x%02x in a string must be escaped as \u%04x`, c, c)
		default:
			out = append(out, c)
			p.pos++
		}
	}
	return "", errors.New("string has no closing quote")
}

func (p *jsonParser) escape() (rune, error) {
	if p.pos+1 >= len(p.text) {
		return 0, errEnd
	}
	c := p.text[p.pos+1]
	if c == 'u' {
		return p.unicodeEscape()
	}
	p.pos += 2
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	return 0, fmt.Errorf(`escape \%c is not known; allowed are \" \\ \/ \b \f \n \r \t and \uXXXX`, c)
}

func (p *jsonParser) unicodeEscape() (rune, error) {
	r, err := p.unit()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if strings.HasPrefix(p.text[p.pos:], `\u`) {
		low, err := p.unit()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, nil
		}
	}
	return 0, fmt.Errorf(`\u%04x is half of a surrogate pair; the other half is missing`, r)
}

// unit reads one \uXXXX.
func (p *jsonParser) unit() (rune, error) {
	if p.pos+6 > len(p.text) {
		return 0, errEnd
	}
	digits := p.text[p.pos+2 : p.pos+6]
	v, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0, fmt.Errorf(`\u must be followed by four hex digits, found %q`, digits)
	}
	p.pos += 6
	return rune(v), nil
}
