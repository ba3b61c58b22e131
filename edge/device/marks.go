package device

import "strings"

// markTable finds which of some sets of marks stand in a text, in one pass:
// each mark is filed under its first byte, and nearly all places of a text are
// passed over by a look at two bytes.
type markTable struct {
	byFirst [256][]mark
	// seconds has, for a first byte, a bit for the lower six bits of each
	// second byte.
	seconds [256]uint64
}

type mark struct {
	text string
	set  uint32 // the bit of its set
}

// add files the marks of set n, 0 to 31, of two bytes and more each.
func (t *markTable) add(marks []string, n int) {
	for _, m := range marks {
		t.byFirst[m[0]] = append(t.byFirst[m[0]], mark{m, 1 << n})
		t.seconds[m[0]] |= 1 << (m[1] & 63)
	}
}

// find returns the sets of which a mark stands in text, a bit each.
func (t *markTable) find(text string) (sets uint32) {
	for i := range len(text) - 1 {
		first := text[i]
		if t.seconds[first]&(1<<(text[i+1]&63)) == 0 {
			continue
		}
		for _, m := range t.byFirst[first] {
			if sets&m.set == 0 && strings.HasPrefix(text[i:], m.text) {
				sets |= m.set
			}
		}
	}
	return sets
}
