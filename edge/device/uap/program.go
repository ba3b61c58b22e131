package uap

// op is what an instruction does.
type op uint8

const (
	opFail   op = iota
	opMatch     // the whole pattern has matched
	opLit       // lit follows
	opFold      // lit follows, in any case; lit is in lower case
	opSet       // one byte of set follows
	opRun       // as many bytes of set as follow, at least min, at most max
	opLoop      // the same, but gives bytes back (or takes them one by one, when lazy)
	opAlt       // one of several branches, the first that leads to a match
	opCap       // notes the place in captures[to]
	opJump      // goes on at to
	opBegin     // at the beginning
	opEnd       // at the end
	opWord      // between a word and no word
	opNoWord    // not there
)

// inst is an instruction; those without branches go on with the next.
type inst struct {
	op       op
	lazy     bool
	to       int32  // opJump: instruction; opCap: index
	min, max int32  // opRun, opLoop; max < 0: no limit
	choice   int32  // opLoop, opAlt: number among the program's choices
	lit      string // opLit, opFold
	set      *set   // opSet, opRun, opLoop
	next     *set   // opLoop: what the instruction behind it can begin with
	alt      *alt   // opAlt
}

// alt holds the branches of a choice, in the order of preference, sorted out by
// the byte they can begin with: a rule of 150 names tries few of them at a place.
type alt struct {
	branches []int32
	byFirst  [alphabet]uint16 // index into lists
	lists    [][]int32
}

// program is a compiled pattern. It never changes.
type program struct {
	insts    []inst
	first    set    // what a match can begin with
	prefix   string // what every match begins with, case and all
	anchored bool   // matches only at the beginning
	caps     int    // length of captures: two for each group, and the whole
	choices  int
}

// firsts finds what a match from pc on can begin with. Where an assertion
// stands, that is more than really can.
func (p *program) firsts(pc int32, memo map[int32]*set) *set {
	if s := memo[pc]; s != nil {
		return s
	}
	s := new(set)
	in := &p.insts[pc]
	switch in.op {
	case opFail:
	case opMatch:
		*s = everything
	case opLit:
		s[in.lit[0]] = true
	case opFold:
		for i, f := range folded[:alphabet] {
			s[i] = f == in.lit[0]
		}
	case opSet:
		*s = *in.set
	case opRun, opLoop:
		*s = *in.set
		if in.min == 0 {
			s.add(p.firsts(pc+1, memo))
		}
	case opAlt:
		for _, b := range in.alt.branches {
			s.add(p.firsts(b, memo))
		}
	case opJump:
		s = p.firsts(in.to, memo)
	case opEnd:
		s[atEnd] = true
	default:
		s = p.firsts(pc+1, memo)
	}
	memo[pc] = s
	return s
}

// finish works out what the instructions need to know of each other.
func (p *program) finish() {
	memo := map[int32]*set{}
	for pc := range p.insts {
		in := &p.insts[pc]
		switch in.op {
		case opLoop:
			in.next = p.firsts(int32(pc)+1, memo)
			// Nothing that is given back could be what follows: no need to try.
			if !in.set.meets(in.next) {
				in.op = opRun
				continue
			}
		case opAlt:
			in.alt.sort(p, memo)
		default:
			continue
		}
		in.choice = int32(p.choices)
		p.choices++
	}
	p.first = *p.firsts(0, memo)
	start := 0
	for p.insts[start].op == opCap {
		start++
	}
	p.anchored = p.insts[start].op == opBegin
	if p.insts[start].op == opLit {
		p.prefix = p.insts[start].lit
	}
}

// sort makes the lists of branches by first byte.
func (a *alt) sort(p *program, memo map[int32]*set) {
	known := map[string]uint16{}
	for c := range a.byFirst {
		var list []int32
		var key []byte
		for i, b := range a.branches {
			if p.firsts(b, memo)[c] {
				list = append(list, b)
				key = append(key, byte(i), byte(i>>8))
			}
		}
		n, ok := known[string(key)]
		if !ok {
			n = uint16(len(a.lists))
			known[string(key)] = n
			a.lists = append(a.lists, list)
		}
		a.byFirst[c] = n
	}
}
