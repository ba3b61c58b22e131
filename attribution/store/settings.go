package store

import (
	"errors"
	"fmt"
	"time"
)

// Settings are the boot settings of the click store. Start from Default.
type Settings struct {
	// CacheBytes is the memory for what was read from the disk lately: 256 MiB.
	// A growing store needs up to 130 MiB besides for what is not on disk yet.
	CacheBytes int64 `yaml:"cache_bytes"`
	// ClickDays is how long clicks, their conversions and dedupe keys stay: 400
	// days. A conversion that comes later is not attributed.
	ClickDays int `yaml:"click_days"`
	// ImpressionDays is the same for impressions: 8 days.
	ImpressionDays int `yaml:"impression_days"`
	// MatchDays is how far back a click is found without its id: 8 days.
	MatchDays int `yaml:"match_days"`
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Settings {
	return Settings{CacheBytes: 256 << 20, ClickDays: 400, ImpressionDays: 8, MatchDays: 8}
}

// Validate reports every mistake, each with its field and what is allowed.
func (s Settings) Validate() error {
	var errs []error
	between := func(field string, value, low, high int64) {
		if value < low || value > high {
			errs = append(errs, fmt.Errorf("%s: %d is not between %d and %d", field, value, low, high))
		}
	}
	between("cache_bytes", s.CacheBytes, 1<<20, 1<<40)
	between("click_days", int64(s.ClickDays), 1, 3660)
	between("impression_days", int64(s.ImpressionDays), 1, 3660)
	between("match_days", int64(s.MatchDays), 1, 366)
	return errors.Join(errs...)
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
