package macro

import (
	"encoding/json"
	"strings"
)

// writer appends a value as the place it stands in demands.
type writer func(dst []byte, value string) []byte

const hexDigits = "0123456789ABCDEF"

// unreserved are the bytes that stand for themselves everywhere in a URL.
var unreserved = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

// inPath and inQuery are those that a raw value keeps: nothing that ends the
// part it stands in, nothing outside ASCII.
var (
	inPath  = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/")
	inQuery = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/?")
)

func bytesOf(s string) (t [256]bool) {
	for i := range len(s) {
		t[s[i]] = true
	}
	return t
}

// percent writes a value as a component of a URL or a form, a space as %20.
func percent(dst []byte, value string) []byte {
	for i := range len(value) {
		dst = appendByte(dst, value[i], unreserved[value[i]])
	}
	return dst
}

func appendByte(dst []byte, b byte, plain bool) []byte {
	if plain {
		return append(dst, b)
	}
	return append(dst, '%', hexDigits[b>>4], hexDigits[b&15])
}

// appendLiteral writes what a URL's template says itself: all of it stands, but
// bytes that no URL has are encoded.
func appendLiteral(dst []byte, text string) []byte {
	for i := range len(text) {
		b := text[i]
		dst = appendByte(dst, b, '!' <= b && b <= '~' && !strings.ContainsRune("\"<>\\^`{|}", rune(b)))
	}
	return dst
}

// rawPath writes a value that is a piece of a path already. One that would
// climb is encoded.
func rawPath(dst []byte, value string) []byte {
	for segment := range strings.SplitSeq(value, "/") {
		if plain := strings.ReplaceAll(strings.ToLower(segment), "%2e", "."); plain == "." || plain == ".." {
			return percent(dst, strings.ReplaceAll(value, ".", ""))
		}
	}
	return appendRaw(dst, value, &inPath)
}

// rawQuery writes a value that is a piece of a query already.
func rawQuery(dst []byte, value string) []byte { return appendRaw(dst, value, &inQuery) }

// appendRaw keeps a value's own escapes and the bytes of a class.
func appendRaw(dst []byte, value string, class *[256]bool) []byte {
	for i := range len(value) {
		escape := value[i] == '%' && i+2 < len(value) && isHex(value[i+1]) && isHex(value[i+2])
		dst = appendByte(dst, value[i], escape || class[value[i]])
	}
	return dst
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f'
}

// headerText writes a value into a header: control characters become spaces.
func headerText(dst []byte, value string) []byte {
	for i := range len(value) {
		if isControl(value[i]) {
			dst = append(dst, ' ')
			continue
		}
		dst = append(dst, value[i])
	}
	return dst
}

func isControl(b byte) bool { return b < ' ' || b == 0x7f }

// jsonText writes a value into a JSON string, whose quotes the template has.
func jsonText(dst []byte, value string) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("BUG: a string has no JSON: " + err.Error())
	}
	return append(dst, text[1:len(text)-1]...)
}

// xmlEscapes make a value text between tags or within quotes.
var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// xmlText writes a value into XML, which has no control characters but tab and
// line ends.
func xmlText(dst []byte, value string) []byte {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, value)
	return append(dst, xmlEscapes.Replace(clean)...)
}

// asIs writes a value as it is.
func asIs(dst []byte, value string) []byte { return append(dst, value...) }
