package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// report collects mistakes and knows where in a document the code stands, so
// that a path is built only when there is something to say.
type report struct {
	steps    []step
	problems Problems
}

// step is one part of a path: a field or map key, or an index when it is not
// negative.
type step struct {
	name  string
	index int
}

func (r *report) enter(name string) { r.steps = append(r.steps, step{name, -1}) }
func (r *report) enterIndex(i int)  { r.steps = append(r.steps, step{index: i}) }
func (r *report) leave()            { r.steps = r.steps[:len(r.steps)-1] }

// add notes a mistake at the present place.
func (r *report) add(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{Line: line, Path: r.path(), Message: fmt.Sprintf(format, args...)})
}

// addAll notes mistakes whose paths are relative to the present place.
func (r *report) addAll(problems Problems) {
	base := r.path()
	for _, p := range problems {
		p.Path = joinPath(base, p.Path)
		r.problems = append(r.problems, p)
	}
}

// path is the present place: "filters[2].settings.max_length".
func (r *report) path() string {
	var path string
	for _, s := range r.steps {
		path = joinPath(path, s.String())
	}
	return path
}

func (s step) String() string {
	switch {
	case s.index >= 0:
		return "[" + strconv.Itoa(s.index) + "]"
	case isPlainKey(s.name):
		return s.name
	}
	return "[" + strconv.Quote(s.name) + "]"
}

// isPlainKey tells whether a map key can stand in a path as it is.
func isPlainKey(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
}

func joinPath(base, rest string) string {
	if base == "" || rest == "" || rest[0] == '[' {
		return base + rest
	}
	return base + "." + rest
}

// in returns the problems as those of one document of one file.
func (ps Problems) in(file, document string) Problems {
	for i := range ps {
		p := &ps[i]
		p.File = file
		switch {
		case document == "":
		case p.Path == "":
			p.Path = document
		default:
			p.Path = document + ": " + p.Path
		}
	}
	return ps
}

// sorted orders problems by file, line and path, in place.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path))
	})
	return ps
}

// oneOf lists what is allowed: "a, b or c".
func oneOf(allowed []string) string {
	last := len(allowed) - 1
	if last < 1 {
		return strings.Join(allowed, "")
	}
	return strings.Join(allowed[:last], ", ") + " or " + allowed[last]
}
