package device

import "strings"

// modern is the version of Chrome and Firefox from which on a desktop browser's
// string holds little beside the system and the browser. Older ones were full
// of toolbars, distributions and forks.
const modern = 55

// modernSafari is the same of Safari.
const modernSafari = 13

// stranded is the unknown word, if any, that a modern browser on a desktop has
// no room for. An app's window with a browser's engine has.
func (s *scanner) stranded() span {
	switch {
	case s.seen&embeds != 0:
		return span{}
	case s.inside.found() && s.major >= modern:
		return s.inside
	}
	return s.guest
}

// inComment tells whether w begins an item of the first comment, which holds the
// system and nothing else.
func (s *scanner) inComment(w span) bool {
	if s.depth != 1 || s.comments != 1 || !s.mozilla || w.to-w.from < 3 {
		return false
	}
	if gap := s.low[s.prev.to:w.from]; strings.IndexByte(gap, ';') < 0 {
		return false
	}
	for _, machine := range [...]string{"arm", "x86", "ppc", "mips", "win", "riscv", "loong"} {
		if strings.HasPrefix(s.text(w), machine) {
			return false
		}
	}
	return true
}

// stranger tells whether an unknown word begins a product where only the parts
// of a browser stand. A fork of a browser is no stranger: it calls itself a
// browser or keeps the version of what it was made from.
func (s *scanner) stranger(w span) bool {
	if !s.complete || w.to-w.from < 3 || strings.IndexByte(" ;,(", s.low[w.from-1]) < 0 {
		return false
	}
	for w.to < len(s.low) && s.joins(w.to) {
		w.to++
	}
	name := s.text(w)
	if strings.HasSuffix(name, "browser") || strings.HasSuffix(name, "explorer") {
		return false
	}
	return s.number(w.to) != s.major && !s.longVersion(w.to)
}

// longVersion tells whether a version of four numbers follows the slash at i, as
// Chrome's and its relatives' have.
func (s *scanner) longVersion(i int) bool {
	if i >= len(s.low) || s.low[i] != '/' {
		return false
	}
	dots := 0
	for i++; i < len(s.low) && (isDigit(s.low[i]) || s.low[i] == '.'); i++ {
		if s.low[i] == '.' {
			dots++
		}
	}
	return dots == 3
}

// number reads the version after the slash at i; 0 when there is none.
func (s *scanner) number(i int) int {
	if i >= len(s.low) || s.low[i] != '/' {
		return 0
	}
	n := 0
	for i++; i < len(s.low) && isDigit(s.low[i]) && n < 1e6; i++ {
		n = 10*n + int(s.low[i]-'0')
	}
	return n
}
