package hints

import "strings"

const (
	// maxMembers bounds a list. Browsers send three or four brands.
	maxMembers = 16
	// maxText bounds the names of systems and devices that are believed.
	maxText = 64
)

// member is one brand of a list with its version; views into the header.
type member struct{ name, version string }

// cutMember cuts the first member off a list as RFC 8941 defines it, of strings
// with parameters: "Chromium";v="142", "Google Chrome";v="142".
func cutMember(list string) (m member, rest string, ok bool) {
	if m.name, rest, ok = cutString(list); !ok {
		return m, "", false
	}
	// Browsers write every member so.
	if strings.HasPrefix(rest, `;v="`) {
		if m.version, rest, ok = cutString(rest[len(";v="):]); !ok {
			return m, "", false
		}
	}
	for len(rest) > 0 && rest[0] == ';' {
		var key, value string
		if key, value, rest, ok = cutParameter(rest[1:]); !ok {
			return m, "", false
		}
		if key == "v" {
			m.version = value
		}
	}
	rest = skipSpace(rest)
	if rest == "" {
		return m, "", true
	}
	if rest[0] != ',' {
		return m, "", false
	}
	rest = skipSpace(rest[1:])
	return m, rest, rest != "" // no list ends in a comma
}

// cutParameter cuts key="value" off s. A key without a value is true; other
// values than strings are passed over.
func cutParameter(s string) (key, value, rest string, ok bool) {
	s = skipSpace(s)
	end := 0
	for end < len(s) && isKey(s[end]) {
		end++
	}
	if end == 0 {
		return "", "", "", false
	}
	key, s = s[:end], s[end:]
	if s == "" || s[0] != '=' {
		return key, "", s, true
	}
	if s = s[1:]; s != "" && s[0] == '"' {
		value, rest, ok = cutString(s)
		return key, value, rest, ok
	}
	end = 0
	for end < len(s) && s[end] != ';' && s[end] != ',' && s[end] != ' ' && s[end] != '"' {
		end++
	}
	return key, "", s[end:], end > 0
}

// cutString cuts a quoted string off s. Escapes stay as they are: what has any
// is compared with nothing.
func cutString(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		if plain[s[i]] {
			continue
		}
		if s[i] == '"' {
			return s[1:i], s[i+1:], true
		}
		if i++; s[i-1] != '\\' || i == len(s) || s[i] != '"' && s[i] != '\\' {
			break
		}
	}
	return "", "", false
}

// plain are the bytes that stand for themselves in a string.
var plain = func() (p [256]bool) {
	for c := byte(' '); c < 0x7f; c++ {
		p[c] = c != '"' && c != '\\'
	}
	return p
}()

func skipSpace(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

func isKey(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == '*'
}
