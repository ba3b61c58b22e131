package config

import (
	"errors"
	"fmt"
	"strings"
)

// The longest templates of outgoing calls, in bytes.
const (
	longestPostbackURL    = 4 << 10
	longestPostbackHeader = 4 << 10
	longestPostbackBody   = 64 << 10
	// longestParam is the name in {param:NAME}.
	longestParam = 64
)

// postbackURL checks the URL of an outgoing call; an empty one is none.
func (v *validator) postbackURL(field, template string, use postbackUse) {
	if template != "" {
		v.failOn(field, checkPostbackURL(template, use))
	}
}

func checkPostbackURL(template string, use postbackUse) error {
	if err := checkURL(template); err != nil {
		return err
	}
	if len(template) > longestPostbackURL {
		return fmt.Errorf("must have at most %d bytes, found %d", longestPostbackURL, len(template))
	}
	if _, fragment, _ := strings.Cut(template, "#"); strings.ContainsAny(fragment, "{}") {
		return errors.New("must have no macros behind #: that part is never sent")
	}
	return checkMacros(template, use)
}

func (v *validator) postbackBody(field, template string, use postbackUse) {
	if len(template) > longestPostbackBody {
		v.fail(field, "must have at most %d bytes, found %d", longestPostbackBody, len(template))
		return
	}
	v.failOn(field, checkMacros(template, use))
}

// checkMacros checks the macros of a template. Braces around anything
// but a name are ordinary text, as in JSON.
func checkMacros(template string, use postbackUse) error {
	for at := 0; at < len(template); at++ {
		body, ok := macroAt(template[at:])
		if !ok {
			continue
		}
		if err := checkMacro(body, use); err != nil {
			return fmt.Errorf("{%s} at byte %d: %w", shorten(body), at, err)
		}
		at += len(body) + 1
	}
	return nil
}

// macroAt returns what stands between the braces at the beginning of text, if
// it looks like a macro: a name, and what may follow its colon.
func macroAt(text string) (body string, ok bool) {
	if text[0] != '{' {
		return "", false
	}
	end := strings.IndexAny(text[1:], "{}")
	if end <= 0 || text[1+end] != '}' {
		return "", false
	}
	body = text[1 : 1+end]
	name, _, _ := strings.Cut(body, ":")
	return body, isMacroName(name)
}

func isMacroName(s string) bool {
	return madeOf(s, 1, len(s), func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }) && isLetter(s[0])
}

// checkMacro checks what stands between braces.
func checkMacro(body string, use postbackUse) error {
	name := strings.TrimPrefix(body, "raw:")
	if param, ok := strings.CutPrefix(name, "param:"); ok {
		if !madeOf(param, 1, longestParam, isURLByte) {
			return fmt.Errorf(`the name of a parameter is 1 to %d letters, digits, "-", ".", "_" or "~", found %q`, longestParam, shorten(param))
		}
		return nil
	}
	m := postbackMacros[name]
	switch {
	case m == nil:
		names := use.names()
		return fmt.Errorf("unknown macro%s; allowed are %s and param:NAME", DidYouMean(name, names), strings.Join(names, ", "))
	case m.Private && use == forPublisher:
		return errors.New("is the network's own; what goes to a publisher must not tell it")
	case m.Platform && use != forPlatform:
		return errors.New("is for the platform behind an integration only")
	}
	return nil
}
