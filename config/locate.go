package config

import (
	"os"
	"strconv"
	"strings"
)

// Locate adds file and line to problems that know only the document and the
// path of a value: those of Set.Validate. It reads the files again, since
// documents do not remember where they came from and most sets have no
// mistake. Problems about documents of other origin stay as they are.
func Locate(problems Problems, paths ...string) Problems {
	located := append(Problems{}, problems...)
	for _, path := range paths {
		files, _ := filesOf(path) // what cannot be read now has no lines
		for _, file := range files {
			located.locateIn(file)
		}
	}
	return located.sorted()
}

func (ps Problems) locateIn(file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		return
	}
	trees, _ := parserOf(file)(data)
	for i := range trees {
		t := &trees[i]
		kind, ok := t.takeKind()
		if !ok {
			continue
		}
		document := t.name(kind)
		for j := range ps {
			p := &ps[j]
			rest, about := strings.CutPrefix(p.Path, document)
			if p.File != "" || !about || rest != "" && !strings.HasPrefix(rest, ": ") {
				continue
			}
			p.File = file
			p.Line = int(t.root.at(strings.TrimPrefix(rest, ": ")).line)
		}
	}
}

// at returns the value at a path as a report writes it, or the innermost one
// around it.
func (n *node) at(path string) *node {
	for path != "" {
		var step string
		step, path = cutStep(path)
		next := n.step(step)
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

func (n *node) step(step string) *node {
	inner, isIndex := strings.CutPrefix(step, "[")
	if !isIndex {
		return n.member(step)
	}
	inner = strings.TrimSuffix(inner, "]")
	if name, err := strconv.Unquote(inner); err == nil {
		return n.member(name)
	}
	if i, err := strconv.Atoi(inner); err == nil && n.kind == listNode && i < len(n.items) {
		return &n.items[i]
	}
	return nil
}

// cutStep splits the first step off a path: a name, or an index or quoted name
// in brackets.
func cutStep(path string) (step, rest string) {
	end := strings.IndexAny(path, ".[")
	if path[0] == '[' {
		end = strings.IndexByte(path, ']') + 1
		if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
			end = len(quoted) + 2
		}
	}
	if end <= 0 || end > len(path) {
		return path, ""
	}
	return path[:end], strings.TrimPrefix(path[end:], ".")
}
