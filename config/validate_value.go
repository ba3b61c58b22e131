package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/money"
)

// The checks of single values that all documents share. Each names the field
// it is about, relative to the present place.

func (v *validator) fail(field, format string, args ...any) {
	v.enter(field)
	v.add(0, format, args...)
	v.leave()
}

// failOn reports err, when there is one.
func (v *validator) failOn(field string, err error) {
	if err != nil {
		v.enter(field)
		v.addError(err)
		v.leave()
	}
}

// addError reports err at the present place.
func (v *validator) addError(err error) {
	v.add(0, "%s", err)
	if between, ok := errors.AsType[*relationError](err); ok {
		v.problems[len(v.problems)-1].about = between.relation
	}
}

// within runs checks with field entered.
func (v *validator) within(field string, checks func()) {
	v.enter(field)
	checks()
	v.leave()
}

func (v *validator) required(field, value string) {
	if strings.TrimSpace(value) == "" {
		v.fail(field, "missing")
	}
}

// oneOf accepts the empty value too: it is the default.
func (v *validator) oneOf(field, value string, allowed []string) {
	if value != "" {
		v.failOn(field, checkOneOf(value, allowed))
	}
}

func checkOneOf(value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("unknown value %q%s; allowed are %s", shorten(value), DidYouMean(value, allowed), oneOf(allowed))
}

func (v *validator) longest(field, value string, most int) {
	if n := utf8.RuneCountInString(value); n > most {
		v.fail(field, "must have at most %d characters, found %d", most, n)
	}
}

func (v *validator) notNegative(field string, value int64) {
	if value < 0 {
		v.fail(field, "must not be negative, found %d", value)
	}
}

// amount checks money.
func (v *validator) amount(field string, value money.Amount) {
	if value.Sign() < 0 {
		v.fail(field, "must not be negative, found %s", value)
	}
}

var hundred = money.New(100, 0)

func (v *validator) percent(field string, value money.Amount) {
	if v.amount(field, value); value.Cmp(hundred) > 0 {
		v.fail(field, "must be at most 100, found %s", value)
	}
}

// url checks a URL template; an empty one is none.
func (v *validator) url(field, template string) {
	if template == "" {
		return
	}
	if err := checkURL(template); err != nil {
		v.failOn(field, err)
		return
	}
	if v.checks.URL != nil {
		v.failOn(field, v.checks.URL(template))
	}
}

func (v *validator) host(field, host string) {
	if host != "" && !isHost(host) {
		v.fail(field, "must be a host name in lower case without scheme, port and path, such as go.example.com, found %q", shorten(host))
	}
}

// list checks that no entry is empty or occurs twice, and each entry alone
// with check, which may be nil.
func (v *validator) list(field string, entries []string, check func(entry string) error) {
	if len(entries) == 0 {
		return
	}
	v.enter(field)
	defer v.leave()
	first := make(map[string]int, len(entries))
	for i, entry := range entries {
		v.enterIndex(i)
		if at, twice := first[entry]; twice {
			v.add(0, "%q is given already as entry %d; keep one", shorten(entry), at)
		} else if first[entry] = i; strings.TrimSpace(entry) == "" {
			v.add(0, "must not be empty")
		} else if check != nil {
			if err := check(entry); err != nil {
				v.addError(err)
			}
		}
		v.leave()
	}
}

// keysOf checks the keys of a map as list does, and that no two differ in case
// only, since they are compared without it.
func keysOf[T any](v *validator, field string, m map[string]T, check func(key string) error) {
	if len(m) == 0 {
		return
	}
	v.enter(field)
	defer v.leave()
	first := make(map[string]string, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		folded := strings.ToLower(key)
		if other, twice := first[folded]; twice {
			v.fail(key, "differs from %q in case only; keep one", shorten(other))
		} else if first[folded] = key; strings.TrimSpace(key) == "" {
			v.fail(key, "key must not be empty")
		} else if check != nil {
			v.failOn(key, check(key))
		}
	}
}
