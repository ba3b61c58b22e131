package source

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
)

// BadLinesShown is how many bad entries of a list an error spells out.
const BadLinesShown = 20

// ParseLines reads a text list, an entry a line, with comments after # or ;
// and blank lines. parse appends what one entry stands for to dst.
//
// One bad line refuses the list, so that half a list is never taken for a whole
// one. The error names the first bad lines as name:line and counts the others.
func ParseLines[T any](name string, data []byte, parse func(dst []T, entry string) ([]T, error)) ([]T, error) {
	if len(data) == 0 {
		// Whoever replaces a file in place empties it first.
		return nil, errors.New("the file is empty: a list without entries needs a comment line")
	}
	var all []T
	var errs []error
	bad := 0
	for number, entry := range lines(data) {
		if entry == "" {
			continue
		}
		more, err := parse(all, entry)
		if err == nil {
			all = more
			continue
		}
		if bad++; bad <= BadLinesShown {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, number, err))
		}
	}
	if bad > BadLinesShown {
		errs = append(errs, fmt.Errorf("%s: %d more bad lines", name, bad-BadLinesShown))
	}
	return all, errors.Join(errs...)
}

// Entries yields the entries of a text list.
func Entries(data []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, entry := range lines(data) {
			if entry != "" && !yield(entry) {
				return
			}
		}
	}
}

// lines yields every line's number and what is left of it without comment and
// blanks.
func lines(data []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
			number++
			if i := bytes.IndexAny(line, "#;"); i >= 0 {
				line = line[:i]
			}
			if !yield(number, string(bytes.TrimSpace(line))) {
				return
			}
		}
	}
}

// Shorten cuts an entry for an error text: a line of another sort of file may
// be a megabyte.
func Shorten(entry string) string {
	const longest = 60
	if len(entry) > longest {
		return entry[:longest] + "..."
	}
	return entry
}
