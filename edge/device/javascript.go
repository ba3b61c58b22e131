package device

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
)

// fromJavaScript writes a JavaScript regular expression in package regexp's
// syntax, where the two differ and both can say it: [^] is any character, [] is
// none, \uXXXX is a code point, \cX a control character. What package regexp
// cannot do is left as it is, and refused when it is compiled.
func fromJavaScript(expr string) string {
	var b strings.Builder
	for i := 0; i < len(expr); {
		rest := expr[i:]
		switch {
		case strings.HasPrefix(rest, "[^]"):
			b.WriteString(`(?s:.)`)
			i += 3
		case strings.HasPrefix(rest, "[]"):
			b.WriteString(`[^\x00-\x{10FFFF}]`)
			i += 2
		case rest[0] == '[':
			n := classLen(rest)
			writeClass(&b, rest[:n])
			i += n
		case rest[0] == '\\':
			i += writeEscape(&b, rest)
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}

// classLen is the length of the character class that s begins with.
func classLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return i + 1
		}
	}
	return len(s)
}

// writeClass writes a character class. Package regexp knows names such as
// [:alpha:] in there, which to JavaScript are letters.
func writeClass(b *strings.Builder, class string) {
	for i := 0; i < len(class); {
		switch {
		case class[i] == '\\':
			i += writeEscape(b, class[i:])
		case class[i] == '[' && i > 0:
			b.WriteString(`\[`)
			i++
		default:
			b.WriteByte(class[i])
			i++
		}
	}
}

// writeEscape writes the escape sequence that s begins with and returns its
// length.
func writeEscape(b *strings.Builder, s string) int {
	switch {
	case len(s) >= 6 && s[1] == 'u' && isHex(s[2:6]):
		b.WriteString(`\x{` + s[2:6] + `}`)
		return 6
	case len(s) >= 3 && s[1] == 'c' && isLetter(lower(s[2])):
		fmt.Fprintf(b, `\x%02x`, s[2]&31)
		return 3
	case len(s) >= 2:
		b.WriteString(s[:2])
		return 2
	}
	b.WriteString(s)
	return len(s)
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); !isDigit(c) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// unwrapSyntax shortens an error of package regexp, which repeats the whole
// expression.
func unwrapSyntax(err error) error {
	if e, ok := errors.AsType[*syntax.Error](err); ok {
		return fmt.Errorf("%s: `%s`", e.Code, e.Expr)
	}
	return err
}
