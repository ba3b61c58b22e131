package uap

import "strings"

// freeSteps is how many choices a match may try before it remembers what it has
// tried. Nearly all end long before; those that do not then try nothing twice,
// so that no text takes more than choices times places.
const freeSteps = 256

// matcher runs programs on a text, by trying choices in the order of preference,
// which is the order of package regexp. Its memory is reused.
type matcher struct {
	p    *program
	s    string
	caps []int32

	steps int
	tried []uint64 // a bit for each choice at each place; used after freeSteps
}

// match looks for the leftmost match of p in s. The places of its groups are in
// m.caps then, -1 for those that took no part.
func (m *matcher) match(p *program, s string) bool {
	m.p, m.s, m.steps = p, s, 0
	m.caps = m.caps[:0]
	for range p.caps {
		m.caps = append(m.caps, -1)
	}
	for pos := 0; pos <= len(s); pos++ {
		if pos = m.start(pos); pos < 0 {
			return false
		}
		if m.run(0, pos) {
			m.caps[0] = int32(pos)
			return true
		}
		if p.anchored {
			return false
		}
	}
	return false
}

// start is the first place from pos on where a match can begin, -1 for none.
func (m *matcher) start(pos int) int {
	if m.p.prefix != "" {
		i := strings.Index(m.s[pos:], m.p.prefix)
		if i < 0 {
			return -1
		}
		return pos + i
	}
	if m.p.anchored {
		return pos
	}
	for ; pos < len(m.s); pos++ {
		if m.p.first[m.s[pos]] {
			return pos
		}
	}
	if m.p.first[atEnd] {
		return pos
	}
	return -1
}

// at is the byte at pos, or the mark of the end.
func (m *matcher) at(pos int) byte {
	if pos == len(m.s) {
		return atEnd
	}
	return m.s[pos]
}

// run tries to match from instruction pc and place pos on.
func (m *matcher) run(pc int32, pos int) bool {
	for {
		in := &m.p.insts[pc]
		pc++
		switch in.op {
		case opFail:
			return false
		case opMatch:
			m.caps[1] = int32(pos)
			return true
		case opLit:
			if !strings.HasPrefix(m.s[pos:], in.lit) {
				return false
			}
			pos += len(in.lit)
		case opFold:
			if !hasFolded(m.s[pos:], in.lit) {
				return false
			}
			pos += len(in.lit)
		case opSet:
			if !in.set[m.at(pos)] {
				return false
			}
			pos++
		case opRun:
			end := m.span(in, pos)
			if end-pos < int(in.min) {
				return false
			}
			pos = end
		case opLoop:
			return m.loop(in, pc, pos)
		case opAlt:
			list := in.alt.lists[in.alt.byFirst[m.at(pos)]]
			if len(list) == 0 {
				return false
			}
			if len(list) > 1 {
				return m.choose(in, list, pos)
			}
			pc = list[0]
		case opCap:
			return m.capture(in.to, pc, pos)
		case opJump:
			pc = in.to
		default:
			if !m.holds(in.op, pos) {
				return false
			}
		}
	}
}

func hasFolded(s, lit string) bool {
	if len(s) < len(lit) {
		return false
	}
	for i := range len(lit) {
		if folded[s[i]] != lit[i] {
			return false
		}
	}
	return true
}

// span is the end of the bytes of in.set from pos on, at most in.max of them.
func (m *matcher) span(in *inst, pos int) int {
	end := len(m.s)
	if in.max >= 0 && end-pos > int(in.max) {
		end = pos + int(in.max)
	}
	for pos < end && in.set[m.s[pos]] {
		pos++
	}
	return pos
}

func (m *matcher) loop(in *inst, pc int32, pos int) bool {
	if m.again(in.choice, pos) {
		return false
	}
	least, end := pos+int(in.min), m.span(in, pos)
	if in.lazy {
		for ; least <= end; least++ {
			if in.next[m.at(least)] && m.run(pc, least) {
				return true
			}
		}
		return false
	}
	for ; end >= least; end-- {
		if in.next[m.at(end)] && m.run(pc, end) {
			return true
		}
	}
	return false
}

func (m *matcher) choose(in *inst, list []int32, pos int) bool {
	if m.again(in.choice, pos) {
		return false
	}
	for _, branch := range list {
		if m.run(branch, pos) {
			return true
		}
	}
	return false
}

// capture notes a place, and takes it back when the rest does not match.
func (m *matcher) capture(n, pc int32, pos int) bool {
	before := m.caps[n]
	m.caps[n] = int32(pos)
	if m.run(pc, pos) {
		return true
	}
	m.caps[n] = before
	return false
}

// again tells whether a choice has been tried at this place, in vain.
func (m *matcher) again(choice int32, pos int) bool {
	m.steps++
	if m.steps < freeSteps {
		return false
	}
	if m.steps == freeSteps {
		m.forget()
	}
	bit := int(choice)*(len(m.s)+1) + pos
	if m.tried[bit/64]&(1<<(bit%64)) != 0 {
		return true
	}
	m.tried[bit/64] |= 1 << (bit % 64)
	return false
}

// forget clears the memory of what has been tried.
func (m *matcher) forget() {
	n := m.p.choices*(len(m.s)+1)/64 + 1
	if cap(m.tried) < n {
		m.tried = make([]uint64, n)
		return
	}
	m.tried = m.tried[:n]
	clear(m.tried)
}

// holds tells whether an assertion holds at pos.
func (m *matcher) holds(o op, pos int) bool {
	switch o {
	case opBegin:
		return pos == 0
	case opEnd:
		return pos == len(m.s)
	}
	before := pos > 0 && isWord(m.s[pos-1])
	after := pos < len(m.s) && isWord(m.s[pos])
	return (before != after) == (o == opWord)
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}
