package store

import (
	"bytes"
	"encoding/json"
	"errors"
)

var errLine = errors.New("no JSON object, or cut off")

// eachField calls each for the fields of a JSON object without white space
// between its parts, as AppendRow writes it. Names and values are those of the line, which
// each must not keep; names come without quotes. Objects and lists
// inside are passed as one value. It finds a line that is cut off; of the
// values it checks no more than where they end.
func eachField(line []byte, each func(name, value []byte)) error {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte{'{'})
	if !ok || len(rest) == 0 {
		return errLine
	}
	if rest[0] == '}' && len(rest) == 1 {
		return nil
	}
	for {
		end := stringEnd(rest)
		if end < 0 || end >= len(rest) || rest[end] != ':' {
			return errLine
		}
		name := rest[1 : end-1]
		rest = rest[end+1:]
		if end = valueEnd(rest); end <= 0 || end >= len(rest) {
			return errLine
		}
		each(name, rest[:end])
		next := rest[end]
		rest = rest[end+1:]
		if next == '}' && len(rest) == 0 {
			return nil
		}
		if next != ',' {
			return errLine
		}
	}
}

// stringEnd is the index behind the string at the beginning of b, -1 where
// there is none or it does not end.
func stringEnd(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return -1
	}
	for i := 1; i < len(b); {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		i++
		if slashes%2 == 0 {
			return i
		}
	}
	return -1
}

// valueEnd is the index behind the value at the beginning of b, -1 where it
// does not end.
func valueEnd(b []byte) int {
	if len(b) == 0 {
		return -1
	}
	switch b[0] {
	case '"':
		return stringEnd(b)
	case '{', '[':
		return nestedEnd(b)
	}
	return bytes.IndexAny(b, ",}]")
}

// nestedEnd is valueEnd of an object or a list.
func nestedEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n := stringEnd(b[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// text is the text of a JSON string; empty for anything else.
func text(value []byte) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1])
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}
