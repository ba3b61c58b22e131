package filters

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
)

// Bounds of settings.
const (
	maxWindowSeconds = int64(state.MaxWindow / time.Second)
	maxLookbackHours = state.MaxLookbackHours
	// maxCount lies below what the state can count to.
	maxCount = 1_000_000_000
	// Of lists of words to look for: a check looks for every one.
	maxKeywords      = 1000
	maxKeywordLength = 100
)

// mistakes collects what is wrong with settings.
type mistakes struct{ problems config.Problems }

// decode reads settings strictly into what into points to.
func decode(raw config.Raw, into any) *mistakes {
	return &mistakes{config.DecodeSettings(raw, into)}
}

// add notes a mistake, unless there is one at the same place already: a value
// that could not be decoded is not out of range on top of that.
func (m *mistakes) add(path, format string, args ...any) {
	if slices.ContainsFunc(m.problems, func(p config.Problem) bool { return p.Path == path }) {
		return
	}
	m.problems = append(m.problems, config.Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

// words notes what is wrong with a list of words to look for.
func (m *mistakes) words(path string, words []string) {
	if len(words) > maxKeywords {
		m.add(path, "must have at most %d entries, not %d", maxKeywords, len(words))
	}
	for i, word := range words {
		at := fmt.Sprintf("%s[%d]", path, i)
		if strings.TrimSpace(word) == "" {
			m.add(at, "is blank and would fit everything")
		}
		if len(word) > maxKeywordLength {
			m.add(at, "must have at most %d bytes, not %d", maxKeywordLength, len(word))
		}
	}
}

// within notes a value outside low to high.
func (m *mistakes) within(path string, v, low, high int64) {
	if v < low || v > high {
		m.add(path, "must be %d to %d, not %d", low, high, v)
	}
}
