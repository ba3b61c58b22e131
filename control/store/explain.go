package store

import (
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// explained adds to problems what the plan knows about them: that a document
// is missing because the plan deletes it, or perhaps because it has no id in
// its file.
func (p *Plan) explained(problems config.Problems) config.Problems {
	told := slices.Clone(problems)
	for i := range told {
		missing, ok := strings.CutPrefix(told[i].Message, "there is no ")
		if !ok {
			continue
		}
		kind := missing
		if end := strings.IndexAny(missing, "/ "); end >= 0 {
			kind = missing[:end]
		}
		switch {
		case p.gone[missing]:
			told[i].Message += " any more: it would be deleted"
		case p.nameless[config.Kind(kind)]:
			told[i].Message += "; one of this kind has no id in its file: give it the id or number by which others refer to it"
		}
	}
	return told
}
