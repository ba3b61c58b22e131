package site

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"github.com/clickgate/clickgate/internal/source"
)

// maxHost is the longest host name that is looked at, in bytes: the longest
// there is in its ASCII form, and more than anybody registers in the other.
const maxHost = 253

// Check tells why data is no list of domains; nil if it is one.
func Check(data []byte) error {
	_, err := parseList("list", data)
	return err
}

// parseList reads a list of domains: those of each line in both of its forms,
// lower case.
func parseList(name string, data []byte) ([]string, error) {
	return source.ParseLines(name, data, parseLine)
}

// parseLine appends the forms of a domain to dst: "xn--e1afmkfd.example" and,
// where it differs, what that stands for: URLs come with both.
func parseLine(dst []string, entry string) ([]string, error) {
	domain := strings.TrimPrefix(strings.TrimPrefix(entry, "*"), ".")
	domain = strings.TrimSuffix(domain, ".")
	ascii, err := names.ToASCII(domain)
	if err != nil || !isHostName(ascii) {
		return nil, fmt.Errorf("%q is not a domain such as spam.example", source.Shorten(entry))
	}
	if !strings.Contains(ascii, ".") {
		return nil, fmt.Errorf("%q is a whole top-level domain; at least one label more is needed", source.Shorten(entry))
	}
	dst = append(dst, ascii)
	if words, err := names.ToUnicode(ascii); err == nil && words != ascii {
		dst = append(dst, words)
	}
	return dst, nil
}

// names maps and checks host names as browsers do (UTS 46).
var names = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// isHostName tells whether s may be a host name in its ASCII form.
func isHostName(s string) bool {
	if s == "" || len(s) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := range len(label) {
			if !isHostByte(label[i]) {
				return false
			}
		}
	}
	return true
}

func isHostByte(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z'
}
