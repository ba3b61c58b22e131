package filters

import (
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/internal/click"
)

// duplicateSettings are one rule. Each identifier it watches is counted on its
// own, and any of them may reject.
type duplicateSettings struct {
	EnableDuplicateIP          bool `json:"enable_duplicate_ip"`   // IPv4 addresses
	EnableDuplicateIPv6        bool `json:"enable_duplicate_ipv6"` // IPv6 networks of /64
	EnableDuplicateUUID        bool `json:"enable_duplicate_uuid"`
	EnableDuplicateFingerprint bool `json:"enable_duplicate_fingerprint"`
	EnableDuplicateDeviceID    bool `json:"enable_duplicate_device_id"`
	// MaxDuplicates is how often an identifier may come within the window.
	MaxDuplicates int64 `json:"max_duplicates"`
	// MaxDuplicateIPv6Wide is ours, for enable_duplicate_ipv6: how often all of
	// a /48 together may come within the window, not counting what its /64 had
	// too much of. Unset is 64 times max_duplicates, and 0 is no limit.
	MaxDuplicateIPv6Wide *int64 `json:"max_duplicate_ipv6_48,omitempty"`
	// ExpiresInSeconds is the window, which begins with its first click.
	ExpiresInSeconds int64 `json:"expires_in_seconds"`
	keyParts
}

// watched are the identifiers of a rule, named by the reasons they give.
func (s *duplicateSettings) watched() []click.Reason {
	var list []click.Reason
	for _, w := range []struct {
		on     bool
		reason click.Reason
	}{
		{s.EnableDuplicateIP, click.DuplicateIP},
		{s.EnableDuplicateIPv6, click.DuplicateIPv6},
		{s.EnableDuplicateUUID, click.DuplicateUUID},
		{s.EnableDuplicateFingerprint, click.DuplicateFingerprint},
		{s.EnableDuplicateDeviceID, click.DuplicateDeviceID},
	} {
		if w.on {
			list = append(list, w.reason)
		}
	}
	return list
}

func (s *duplicateSettings) validate(m *mistakes, path string) {
	if len(s.watched()) == 0 {
		m.add(path, "watches nothing; switch on one of enable_duplicate_ip, _ipv6, _uuid, _fingerprint, _device_id")
	}
	m.within(path+".max_duplicates", s.MaxDuplicates, 1, maxCount)
	m.window(path+".expires_in_seconds", s.ExpiresInSeconds)
	if wide := s.MaxDuplicateIPv6Wide; wide != nil {
		m.within(path+".max_duplicate_ipv6_48", *wide, 0, maxCount)
	}
}

// name is what makes a rule the same one after a reload: its window and its
// key. So a rule keeps its counts when its limit is changed or the order of
// the rules, and two rules with one name would count the same clicks twice.
func (s *duplicateSettings) name() string {
	return fmt.Sprintf("%d %v", s.ExpiresInSeconds, s.keyParts)
}

// repeats tells whether s counts something that an earlier rule counts too.
func (s *duplicateSettings) repeats(earlier duplicateSettings) bool {
	return earlier.name() == s.name() && slices.ContainsFunc(earlier.watched(), func(r click.Reason) bool {
		return slices.Contains(s.watched(), r)
	})
}
