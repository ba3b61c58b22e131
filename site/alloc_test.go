//go:build !race

package site

import (
	"strings"
	"testing"
)

func TestLookupDoesNotAllocate(t *testing.T) {
	s := serviceOf(t, spamList)
	for _, url := range []string{
		"https://www.semalt.com/a?b", "https://WWW.Semalt.COM/", "https://www.КУПИТЬ.рф/", "//good.example", "x",
		"https://" + strings.Repeat("Ü.", 120) + "semalt.com/",
	} {
		if n := testing.AllocsPerRun(100, func() { s.Lookup(url) }); n != 0 {
			t.Errorf("looking up %.40q allocates %v times, want 0", url, n)
		}
	}
}
