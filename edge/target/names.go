package target

import (
	"unicode"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/family"
)

// names is one map of a dimension: folded value to verdict.
type names struct {
	verdicts map[string]bool
	admits   bool // some value is admitted, so unlisted ones are not
}

func (n *names) empty() bool { return len(n.verdicts) == 0 }

// admit judges a value; without rules it admits everything.
func (n *names) admit(value string) bool {
	if n.empty() {
		return true
	}
	var buf folded
	if verdict, listed := n.verdicts[string(fold(buf[:0], value))]; listed {
		return verdict
	}
	return !n.admits
}

// admitFamily judges a value that may be listed by its own name or, failing
// that, by the name of its family.
func (n *names) admitFamily(value string, families *family.Names) bool {
	if n.empty() {
		return true
	}
	var buf folded
	name := fold(buf[:0], value)
	if verdict, listed := n.verdicts[string(name)]; listed {
		return verdict
	}
	if verdict, listed := n.verdicts[families.Of(name)]; listed {
		return verdict
	}
	return !n.admits
}

// maxName is the longest name in bytes that rules may hold.
const maxName = 100

// folded holds a folded name on the stack: lower case takes up to half as much
// room again.
type folded [2 * maxName]byte

// fold appends s in lower case to dst. A value longer than any name of a rule
// folds to nothing, which no rule lists.
func fold(dst []byte, s string) []byte {
	if len(s) > maxName {
		return dst
	}
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, lower(c))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if size == 1 {
			dst = append(dst, s[i]) // not UTF-8: the byte stands for itself
			i++
			continue
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += size
	}
	return dst
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
