package boot

import (
	"time"

	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/filters/state"
)

// Filters are the settings of the filters' memory.
type Filters struct {
	// TrackedKeys is how many addresses, visitors and devices can be watched
	// at once, 13.5 bytes each.
	TrackedKeys int `yaml:"tracked_keys"`
	// RateBytes, LedgerBytes and UniqueKeys size the memory of thresholds, of
	// conversion rates and of limited sets of sub ids; see state.Options. 0 is
	// its default.
	RateBytes   int `yaml:"rate_bytes"`
	LedgerBytes int `yaml:"ledger_bytes"`
	UniqueKeys  int `yaml:"unique_keys"`
	// SaveEvery is how often the counts are saved to the data folder, beside at
	// every stop: what a kill or a power cut loses at the most.
	SaveEvery time.Duration `yaml:"save_every"`
}

// Memory is the size of the filters' memory.
func (f *Filters) Memory() state.Options {
	return state.Options{Keys: f.TrackedKeys, RateBytes: f.RateBytes, LedgerBytes: f.LedgerBytes, UniqueKeys: f.UniqueKeys}
}

// Devices say what user agents are read by.
type Devices struct {
	// RulesFile is a regexes.yaml of uap-core; empty takes the built-in one.
	RulesFile string `yaml:"rules_file"`
	// BotPatterns are files of further programs' patterns: a pattern a line, or
	// crawler-user-agents.json. They are read again when they change.
	BotPatterns []string `yaml:"bot_patterns"`
}

// Options are what a device parser needs.
func (d *Devices) Options() device.Options {
	return device.Options{RulesFile: d.RulesFile, BotPatterns: d.BotPatterns}
}
