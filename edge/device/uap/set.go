package uap

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// set is a set of the matcher's bytes.
type set [256]bool

func (s *set) add(o *set) {
	for i, in := range o {
		s[i] = s[i] || in
	}
}

func (s *set) meets(o *set) bool {
	for i, in := range o {
		if in && s[i] {
			return true
		}
	}
	return false
}

// everything holds all bytes, and the end of the text.
var everything = func() (s set) {
	for i := range alphabet {
		s[i] = true
	}
	return s
}()

// runeSet is the set of one rune's bytes; !ok when the alphabet has no byte for
// that rune alone.
func runeSet(r rune, fold bool) (s set, ok bool) {
	if encode(r) == anyOther {
		return s, false
	}
	s[encode(r)] = true
	if !fold {
		return s, true
	}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		if encode(f) == anyOther {
			return s, false
		}
		s[encode(f)] = true
	}
	return s, true
}

// classSet is the set of a character class, given as pairs of first and last
// rune; !ok when it tells runes apart for which the alphabet has one byte.
func classSet(ranges []rune) (s set, ok bool) {
	others := 0
	for i := 0; i < len(ranges); i += 2 {
		lo, hi := ranges[i], ranges[i+1]
		for r := lo; r <= min(hi, utf8.RuneSelf-1); r++ {
			s[r] = true
		}
		for _, r := range []rune{'\u017f', '\u212a'} {
			if lo <= r && r <= hi {
				s[encode(r)] = true
				others--
			}
		}
		others += int(max(hi-max(lo, utf8.RuneSelf)+1, 0))
	}
	const all = unicode.MaxRune + 1 - utf8.RuneSelf - 2
	s[anyOther] = others == all
	return s, others == 0 || others == all
}

// single is the set that re stands for when it matches exactly one rune.
func single(re *syntax.Regexp) (s set, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		if len(re.Rune) != 1 {
			return s, false
		}
		return runeSet(re.Rune[0], re.Flags&syntax.FoldCase != 0)
	case syntax.OpCharClass:
		return classSet(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		s = everything
		s[atEnd], s['\n'] = false, re.Op == syntax.OpAnyChar
		return s, true
	}
	return s, false
}
