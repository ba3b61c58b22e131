package queue

import (
	"errors"
	"fmt"
	"time"
)

// Settings bound a queue. Start from Default.
type Settings struct {
	// PerHost is how many calls to one host may be under way, Global how many
	// to all.
	PerHost int `yaml:"per_host"`
	Global  int `yaml:"global"`
	// BreakAfter failures in a row leave a host alone: for BreakFor, and each
	// time that a try fails again twice as long, up to BreakMost.
	BreakAfter int           `yaml:"break_after"`
	BreakFor   time.Duration `yaml:"break_for"`
	BreakMost  time.Duration `yaml:"break_most"`
	// GiveUpAfter is how long a call may be due: one that could not be sent until
	// then becomes a dead letter.
	GiveUpAfter time.Duration `yaml:"give_up_after"`
	// KeepDead is how long dead letters are kept, MaxDead how many: the oldest
	// give way.
	KeepDead time.Duration `yaml:"keep_dead"`
	MaxDead  int64         `yaml:"max_dead"`
	// MaxWaiting is how many calls may wait before those of clicks and
	// impressions are dropped. Those of conversions never are.
	MaxWaiting int64 `yaml:"max_waiting"`
	// RememberDays is how long it is remembered which calls of conversions were
	// made: a change by hand after that may fire a postback again, with the same
	// idempotency key. RememberClickDays is the same for clicks and impressions,
	// which the log may bring again but nobody changes.
	RememberDays      int `yaml:"remember_days"`
	RememberClickDays int `yaml:"remember_click_days"`
	// CacheBytes is the memory for what was read from the disk lately.
	CacheBytes int64 `yaml:"cache_bytes"`
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Settings {
	return Settings{
		PerHost: 8, Global: 256,
		BreakAfter: 10, BreakFor: 10 * time.Second, BreakMost: 5 * time.Minute,
		GiveUpAfter: 72 * time.Hour,
		KeepDead:    30 * 24 * time.Hour, MaxDead: 1_000_000, MaxWaiting: 2_000_000,
		RememberDays: 400, RememberClickDays: 8, CacheBytes: 16 << 20,
	}
}

// Validate reports every mistake, each with its field and what is allowed.
func (s Settings) Validate() error {
	var errs []error
	between := func(field string, value, low, high int64) {
		if value < low || value > high {
			errs = append(errs, fmt.Errorf("%s: %d is not between %d and %d", field, value, low, high))
		}
	}
	lasts := func(field string, value, low, high time.Duration) {
		if value < low || value > high {
			errs = append(errs, fmt.Errorf("%s: %s is not between %s and %s", field, value, low, high))
		}
	}
	between("per_host", int64(s.PerHost), 1, 1000)
	between("global", int64(s.Global), 1, 10_000)
	between("break_after", int64(s.BreakAfter), 1, 1_000_000)
	lasts("break_for", s.BreakFor, time.Millisecond, time.Hour)
	lasts("break_most", s.BreakMost, s.BreakFor, 24*time.Hour)
	lasts("give_up_after", s.GiveUpAfter, time.Minute, 30*24*time.Hour)
	lasts("keep_dead", s.KeepDead, time.Minute, 400*24*time.Hour)
	between("max_dead", s.MaxDead, 1, 1<<32)
	between("max_waiting", s.MaxWaiting, 1, 1<<40)
	between("remember_days", int64(s.RememberDays), 1, 3660)
	between("remember_click_days", int64(s.RememberClickDays), 1, 3660)
	between("cache_bytes", s.CacheBytes, 1<<20, 1<<40)
	return errors.Join(errs...)
}
