package config

import (
	"fmt"
	"strings"
)

// Problem is one mistake in a document or a boot file.
type Problem struct {
	// File and Line say where it stands; empty and 0 when it came from
	// elsewhere than a file.
	File string
	Line int
	// Path leads to the value: "offer/demo: default_payout.payout_type".
	Path string
	// Message says what is wrong and what is allowed.
	Message string
	// Taken says that a value which may occur once belongs to another document.
	Taken bool

	// about is the other document that the rule looked at, if it did.
	about relation
}

// String is the problem on one line: "demo.yaml:12: offer/demo: name: missing".
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

// Problems are all mistakes of one attempt. As an error it lists them a line
// each.
type Problems []Problem

// Error implements error.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err is ps as an error; nil when there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
