package device

import "strings"

// address tells whether a URL or an e-mail address begins at w. Programs leave
// one so that they can be complained to; browsers have nobody to complain to.
// A bare host name proves nothing: some apps and devices are called by one.
func (s *scanner) address(w span) bool {
	rest := s.low[w.to:]
	switch s.text(w) {
	case "http", "https":
		s.contact = s.contact || strings.HasPrefix(rest, "://")
	case "www":
		s.contact = s.contact || strings.HasPrefix(rest, ".")
	case "mailto":
		s.contact = s.contact || strings.HasPrefix(rest, ":")
	}
	if strings.HasPrefix(rest, "@") && isHost(rest[1:]) {
		s.contact = true
	}
	return s.contact
}

// isHost tells whether text begins with a host name that ends in letters.
func isHost(text string) bool {
	end := 0
	for end < len(text) && (isWord(text[end]) || text[end] == '-' || text[end] == '.') {
		end++
	}
	host := strings.TrimRight(text[:end], ".")
	dot := strings.LastIndexByte(host, '.')
	if dot < 1 || len(host)-dot < 3 {
		return false
	}
	return isLetter(host[dot+1]) && isLetter(host[dot+2])
}

// sites are the endings of host names that no product's name has.
var sites = [...]string{".com", ".net", ".org", ".io", ".co", ".ai", ".eu", ".ru", ".de", ".fr", ".uk", ".info", ".app", ".dev", ".me", ".biz"}

// isSite tells whether text begins with what can only be a host name, alone or
// with a path.
func isSite(text string) bool {
	end := 0
	for end < len(text) && (isWord(text[end]) || text[end] == '-' || text[end] == '.') {
		end++
	}
	for _, ending := range sites {
		if strings.HasSuffix(text[:end], ending) && end > len(ending) {
			return true
		}
	}
	return false
}
