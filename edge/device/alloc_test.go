//go:build !race

package device

import "testing"

// The common case, an answer from the cache, and the classifier's look at a
// person must not allocate. (The cache makes a new buffer for its statistics
// every 64 hits, too little to show in the average.)
func TestHotPathDoesNotAllocate(t *testing.T) {
	p := newParser(t, Options{})
	for _, ua := range []string{chromeAndroid, googlebot} {
		p.known(ua)
		if n := testing.AllocsPerRun(1000, func() { p.Parse(ua) }); n != 0 {
			t.Errorf("Parse(%q) from the cache allocates %v times, want 0", ua, n)
		}
	}
	if n := testing.AllocsPerRun(1000, func() { classify(chromeAndroid) }); n != 0 {
		t.Errorf("classify(%q) allocates %v times, want 0", chromeAndroid, n)
	}
}
