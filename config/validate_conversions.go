package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	answerFormats = []string{"standard", "affise", "tune", "metrics24"}
	matchedBy     = []string{"device_id", "uuid", "ip_user_agent"}
)

// The bounds of FallbackMatching.WindowSeconds: a minute and a week.
const shortestWindow, longestWindow = 60, 7 * 24 * 3600

// shortestSigningKey is in bytes: a shorter key is guessed faster than it is
// typed.
const shortestSigningKey = 16

// mostPaths is how many further paths an integration may have of each sort.
const mostPaths = 8

func (v *validator) conversionsConfig(c *ConversionsConfig) {
	v.within("conversions_config", func() {
		v.parameters(conversionFields(&c.RequestParametersMapping))
		v.addressList("allowed_ip", c.AllowedIP)
		v.signingKey(c.SigningKey)
		v.fallbackMatching(c.FallbackMatching)
		v.oneOf("answer_format", c.AnswerFormat, answerFormats)
	})
}

func (v *validator) signingKey(key string) {
	switch {
	case key == "":
	case len(key) < shortestSigningKey:
		v.fail("signing_key", "must have at least %d bytes, found %d", shortestSigningKey, len(key))
	case strings.TrimSpace(key) != key:
		v.fail("signing_key", "must not begin or end with a space")
	}
}

func (v *validator) fallbackMatching(m *FallbackMatching) {
	if m == nil {
		return
	}
	v.within("fallback_matching", func() {
		if len(m.By) == 0 {
			v.fail("by", "missing; allowed are %s", oneOf(matchedBy))
		}
		v.list("by", m.By, func(by string) error { return checkOneOf(by, matchedBy) })
		if m.WindowSeconds < shortestWindow || m.WindowSeconds > longestWindow {
			v.fail("window_seconds", "must be from %d to %d, found %d", shortestWindow, longestWindow, m.WindowSeconds)
		}
	})
}

// extraPaths checks the further paths of clicks and conversions: no path leads
// to both, nor to what the edge answers itself.
func (v *validator) extraPaths(d *Integration) {
	v.paths("click_paths", d.ClickPaths, checkExtraPath)
	v.paths("conversion_paths", d.ConversionPaths, func(path string) error {
		if slices.Contains(d.ClickPaths, path) {
			return fmt.Errorf("%q is in click_paths already; a path is for one of them", shorten(path))
		}
		return checkExtraPath(path)
	})
}

func (v *validator) paths(field string, paths []string, check func(path string) error) {
	if len(paths) > mostPaths {
		v.fail(field, "must have at most %d entries, found %d", mostPaths, len(paths))
		return
	}
	v.list(field, paths, check)
}

// reservedPaths are those that the edge answers whatever integrations say.
var reservedPaths = []string{
	"/", "/click", "/impression", "/conversion", "/conversions", "/pixel.gif", "/pixel", "/cg.js", "/robots.txt", "/favicon.ico",
}

// checkExtraPath accepts a plain path that is not one of the edge's own.
func checkExtraPath(path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	switch {
	case len(path) > 100:
		return fmt.Errorf("must have at most 100 bytes, found %d", len(path))
	case strings.HasPrefix(path, "/i/") || path == "/i":
		return errors.New("paths below /i/ name integrations")
	case slices.Contains(reservedPaths, path):
		return fmt.Errorf("%s has a meaning of its own", path)
	}
	return nil
}
