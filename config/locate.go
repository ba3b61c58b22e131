package config

import (
	"strconv"
	"strings"
)

// Mistakes returns all mistakes of the files: those of syntax and shape, and
// those found since in what the documents say, such as Set.Validate's, with
// file and line. names are what the documents are called by now; nil when they
// are called as in the files. What was found about documents whose shape is
// wrong is left out, as it follows from that; so is what others say of them, and
// that documents are missing when they may be those that could not be read. Problems about documents of other origin stay
// as they are.
func (f *Files) Mistakes(found Problems, names []Key) Problems {
	places, unread := f.byName(names), f.unread(names)
	lines := lines{files: f, trees: map[int][]tree{}}
	all := append(Problems{}, f.Problems...)
	for _, p := range found {
		if unread.explains(p) {
			continue
		}
		document, path, _ := strings.Cut(p.Path, ": ")
		at, ours := places[document]
		if ours && at.broken {
			continue
		}
		if ours && p.File == "" {
			p.File, p.Line = f.sources[at.source].name, lines.of(at, path)
		}
		all = append(all, p)
	}
	return all.sorted()
}

// byName finds the places of documents by the first part of their paths. Of
// several of one name it is the last, as in NewSet.
func (f *Files) byName(names []Key) map[string]place {
	places := make(map[string]place, len(f.places))
	for i, at := range f.places {
		key := f.Documents[i].Key()
		if i < len(names) {
			key = names[i]
		}
		places[pathOf(key)] = at
	}
	return places
}

// Path is what a problem's path calls the document; an id that is too long for
// any document is cut.
func (k Key) Path() string { return pathOf(k) }

// lines finds lines. It parses texts again, since documents do not remember
// where they came from and most files have no mistake.
type lines struct {
	files *Files
	trees map[int][]tree
}

func (l lines) of(at place, path string) int {
	trees, parsed := l.trees[at.source]
	if !parsed {
		s := l.files.sources[at.source]
		trees, _ = s.parse(s.data)
		l.trees[at.source] = trees
	}
	return int(trees[at.tree].root.at(path).line)
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
