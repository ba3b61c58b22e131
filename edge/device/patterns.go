package device

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/clickgate/clickgate/internal/source"
)

// The bounds of a file of patterns. crawler-user-agents, the longest public
// list, has 1,500 patterns of at most 60 bytes.
const (
	maxPatterns    = 20_000
	maxPatternLen  = 500
	maxPatternFile = 16 << 20
)

// pattern is a regular expression from a file that makes a program of every
// user agent it matches.
type pattern struct {
	text string // as it stands in the file
	expr string // in package regexp's syntax
}

// name is what a program is called that only the pattern knows.
func (p pattern) name() string {
	return strings.ToValidUTF8(p.text[:min(len(p.text), maxName)], "")
}

// parsePatterns reads a file of patterns: a JSON list in crawler-user-agents'
// form when the name ends in .json, else a regular expression a line. One bad
// pattern refuses the file; the error names the bad ones and where they are.
func parsePatterns(name string, data []byte) ([]pattern, error) {
	if len(data) > maxPatternFile {
		return nil, fmt.Errorf("%s: %d bytes, at most %d are allowed", name, len(data), maxPatternFile)
	}
	read := parsePatternLines
	if strings.HasSuffix(strings.ToLower(name), ".json") {
		read = parsePatternJSON
	}
	all, err := read(name, data)
	if err == nil && len(all) > maxPatterns {
		err = fmt.Errorf("%s: %d patterns, at most %d are allowed", name, len(all), maxPatterns)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// parsePatternLines reads a pattern a line. Case does not matter. Lines that
// begin with # are comments; elsewhere # is a part of the pattern.
func parsePatternLines(name string, data []byte) ([]pattern, error) {
	if len(data) == 0 {
		// Whoever replaces a file in place empties it first.
		return nil, fmt.Errorf("%s: the file is empty: a list without patterns needs a comment line", name)
	}
	var found patternReader
	number := 0
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		number++
		text := string(bytes.TrimSpace(line))
		if text != "" && text[0] != '#' {
			found.add(fmt.Sprintf("%s:%d", name, number), text, "(?i)"+text)
		}
	}
	return found.result(name)
}

// parsePatternJSON reads crawler-user-agents.json: a list of objects of which
// the field pattern counts, a regular expression in JavaScript's syntax where
// case matters.
func parsePatternJSON(name string, data []byte) ([]pattern, error) {
	var entries []struct {
		Pattern *string `json:"pattern"`
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("%s: no list of objects with a pattern each: %w", name, err)
	}
	var found patternReader
	for i, e := range entries {
		where := fmt.Sprintf("%s: entry %d", name, i+1)
		if e.Pattern == nil {
			found.refuse(where, errors.New("has no field pattern"))
			continue
		}
		found.add(where, *e.Pattern, fromJavaScript(*e.Pattern))
	}
	return found.result(name)
}

// patternReader gathers the patterns of a file and what is wrong with it.
type patternReader struct {
	all  []pattern
	errs []error
	bad  int
}

func (r *patternReader) add(where, text, expr string) {
	if err := checkPattern(text, expr); err != nil {
		r.refuse(where, err)
		return
	}
	r.all = append(r.all, pattern{text, expr})
}

func (r *patternReader) refuse(where string, err error) {
	if r.bad++; r.bad <= source.BadLinesShown {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", where, err))
	}
}

func (r *patternReader) result(name string) ([]pattern, error) {
	if r.bad > source.BadLinesShown {
		r.errs = append(r.errs, fmt.Errorf("%s: %d more bad patterns", name, r.bad-source.BadLinesShown))
	}
	return r.all, errors.Join(r.errs...)
}

// everyday are user agents that a pattern which matches all of them is wrong
// about: it would take every visitor for a program.
var everyday = [...]string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}

func checkPattern(text, expr string) error {
	if text == "" {
		return errors.New("the pattern is empty")
	}
	if len(text) > maxPatternLen {
		return fmt.Errorf("pattern %q: %d bytes, at most %d are allowed", source.Shorten(text), len(text), maxPatternLen)
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return fmt.Errorf("pattern %q: %w (allowed is what Go's package regexp knows: no look-around, no back-references)", source.Shorten(text), unwrapSyntax(err))
	}
	for _, ua := range everyday {
		if !re.MatchString(ua) {
			return nil
		}
	}
	return fmt.Errorf("pattern %q matches every browser", source.Shorten(text))
}
