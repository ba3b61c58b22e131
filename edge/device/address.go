package device

import "strings"

// address tells whether a URL or an e-mail address begins at w. Programs leave
// one so that they can be complained to; browsers have nobody to complain to.
// A bare host name is noted as weaker evidence: some apps are called by one.
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
	s.domain = s.domain || s.endsHost(w)
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

// endsHost tells whether w is the top-level domain of a host name: "x.com" and
// "x.com/path", but neither ".NET CLR" nor the package name "com.x.app".
func (s *scanner) endsHost(w span) bool {
	if w.from < 2 || s.low[w.from-1] != '.' || !isWord(s.low[w.from-2]) {
		return false
	}
	if w.to < len(s.low) && (s.low[w.to] == '.' || s.low[w.to] == '_') {
		return false
	}
	switch s.text(w) {
	case "com", "net", "org", "info", "io", "ai", "co", "eu", "uk", "de", "ru", "ua", "fr", "jp", "cn", "cz", "at":
		return true
	}
	return false
}
