package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
)

// Bounds of settings.
const (
	// maxWindowSeconds is 30 days.
	maxWindowSeconds = 30 * 24 * 3600
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

// values notes what is wrong with a list of values of a parameter.
func (m *mistakes) values(path string, values []string) {
	if len(values) > maxParameterValues {
		m.add(path, "must have at most %d entries, not %d", maxParameterValues, len(values))
	}
	for i, value := range values {
		at := fmt.Sprintf("%s[%d]", path, i)
		if value == "" {
			m.add(at, "is empty; reject_empty_value rejects what is")
		}
		if len(value) > maxParameterContent {
			m.add(at, "must have at most %d bytes, not %d", maxParameterContent, len(value))
		}
	}
}

// rules notes a list of rules that is empty or too long.
func (m *mistakes) rules(n, most int) {
	if n < 1 || n > most {
		m.add("", "must be a list of 1 to %d rules, not of %d", most, n)
	}
}

// within notes a value outside low to high.
func (m *mistakes) within(path string, v, low, high int64) {
	if v < low || v > high {
		m.add(path, "must be %d to %d, not %d", low, high, v)
	}
}

// window notes a window of seconds that is out of range.
func (m *mistakes) window(path string, seconds int64) { m.within(path, seconds, 1, maxWindowSeconds) }

// percent notes a share that is none.
func (m *mistakes) percent(path string, v float64) {
	if v < 0 || v > 100 {
		m.add(path, "must be 0 to 100, not %g", v)
	}
}

// holder is a memory that may be too small for a lookback.
type holder interface{ Holds(hours int) error }

// lookback notes a lookback that is out of range or too long for the memory it
// takes. 0 takes none.
func (m *mistakes) lookback(path string, hours int64, memory holder) {
	m.within(path, hours, 0, maxLookbackHours)
	if hours < 1 || hours > maxLookbackHours {
		return
	}
	if err := memory.Holds(int(hours)); err != nil {
		m.add(path, "%v", err)
	}
}

// setOf is a list as a set; nil for an empty one.
func setOf(list []string) map[string]struct{} {
	if len(list) == 0 {
		return nil
	}
	set := make(map[string]struct{}, len(list))
	for _, v := range list {
		set[v] = struct{}{}
	}
	return set
}
