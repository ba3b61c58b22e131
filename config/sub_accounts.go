package config

import (
	"fmt"
	"strconv"
	"strings"
)

// SplitSubAccounts are the entries of a list with commas, trimmed; none for an
// empty text. Entries may be empty, which Validate refuses.
func SplitSubAccounts(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	entries := strings.Split(text, ",")
	for i := range entries {
		entries[i] = strings.TrimSpace(entries[i])
	}
	return entries
}

// ParseASN reads an AS number such as "AS3320"; ok is false for anything else,
// which is a provider's name.
func ParseASN(s string) (asn uint32, ok bool) {
	if len(s) < 3 || !strings.EqualFold(s[:2], "AS") || !isDigit(s[2]) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:], 10, 32)
	return uint32(n), err == nil && n > 0
}

// longestISP is the length of the longest provider's name in rules, in bytes.
const longestISP = 100

func checkISP(s string) error {
	_, isASN := ParseASN(s)
	switch {
	case isASN:
		return nil
	case len(s) > 2 && strings.EqualFold(s[:2], "AS") && strings.Trim(s[2:], "0123456789") == "":
		return fmt.Errorf("AS numbers are 1 to 4294967295, found %q", shorten(s))
	case len(s) > longestISP:
		return fmt.Errorf("must have at most %d bytes, found %d", longestISP, len(s))
	case !strings.ContainsFunc(s, isWordRune):
		return fmt.Errorf("must be a provider's name or an AS number such as AS3320, found %q", shorten(s))
	}
	return nil
}
