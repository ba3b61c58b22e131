package device

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// absurd finds what nobody sends who wants to pass for a browser: nothing, no
// words, control characters, a template that was not filled in.
func absurd(ua string) finding {
	visible, letters := 0, 0
	for i := range len(ua) {
		c := ua[i]
		switch {
		case c < ' ' && c != '\t', c == 0x7f:
			return finding{class: program, traffic: click.SIVT, reason: "control characters"}
		case isLetter(lower(c)):
			letters++
			visible++
		case c > ' ':
			visible++
		}
	}
	switch {
	case visible == 0:
		return finding{class: program, traffic: click.GIVT, reason: "empty user agent"}
	case letters < 3:
		return finding{class: program, traffic: click.GIVT, reason: "user agent without words"}
	case unfilled(ua):
		return finding{class: program, traffic: click.SIVT, reason: "template not filled in"}
	}
	return finding{}
}

// unfilled tells whether ua holds a placeholder: {version}, ${version}, %s.
// In-app browsers use braces and percent signs for other things, such as
// {density=3.0} and %20.
func unfilled(ua string) bool {
	for rest := ua; ; {
		i := strings.IndexAny(rest, "{%")
		if i < 0 || i+1 == len(rest) {
			return false
		}
		mark := rest[i]
		rest = rest[i+1:]
		if mark == '%' {
			if (rest[0] == 's' || rest[0] == 'd') && (len(rest) == 1 || !isWord(lower(rest[1]))) {
				return true
			}
			continue
		}
		end := 0
		for end < len(rest) && (isLetter(lower(rest[end])) || rest[end] == '_') {
			end++
		}
		if end > 0 && end < len(rest) && rest[end] == '}' {
			return true
		}
	}
}
