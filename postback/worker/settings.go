package worker

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/clickgate/clickgate/postback/guard"
	"github.com/clickgate/clickgate/postback/queue"
)

// Settings are the boot settings of postbacks. Start from Default.
type Settings struct {
	// Calls bound a call and say what it may reach.
	Calls guard.Settings `yaml:"calls"`
	// Queue bounds what waits, and how much is under way.
	Queue queue.Settings `yaml:"queue"`
	// Retries is how often a call is repeated that failed for a reason that may
	// pass (D-28): 3, from 0 to 20.
	Retries int `yaml:"retries"`
	// RetryAfter and RetryMost: before the nth repetition a call waits for a
	// random time up to RetryAfter times 4 to the power of n-1, and RetryMost at
	// the most: 15s and 1h.
	RetryAfter time.Duration `yaml:"retry_after"`
	RetryMost  time.Duration `yaml:"retry_most"`
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Settings {
	return Settings{Calls: guard.Default(), Queue: queue.Default(), Retries: 3, RetryAfter: 15 * time.Second, RetryMost: time.Hour}
}

// Validate reports every mistake, each with its path.
func (s Settings) Validate() error {
	errs := []error{within("calls", s.Calls.Validate()), within("queue", s.Queue.Validate())}
	if s.Retries < 0 || s.Retries > 20 {
		errs = append(errs, fmt.Errorf("retries: %d is not between 0 and 20", s.Retries))
	}
	if s.RetryAfter < time.Millisecond || s.RetryAfter > time.Hour {
		errs = append(errs, fmt.Errorf("retry_after: %s is not between 1ms and 1h", s.RetryAfter))
	}
	if s.RetryMost < s.RetryAfter || s.RetryMost > 24*time.Hour {
		errs = append(errs, fmt.Errorf("retry_most: %s is not between retry_after and 24h", s.RetryMost))
	}
	return errors.Join(errs...)
}

// within puts a path before each line of an error.
func within(path string, err error) error {
	if err == nil {
		return nil
	}
	return errors.New(path + "." + strings.ReplaceAll(err.Error(), "\n", "\n"+path+"."))
}
