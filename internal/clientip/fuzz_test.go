package clientip

import (
	"net/netip"
	"testing"
)

// oneHeader answers every name with the same lines.
type oneHeader [][]byte

func (h oneHeader) PeekAll(string) [][]byte { return h }

func FuzzXFF(f *testing.F) {
	for _, s := range []string{
		"1.1.1.1", "9.9.9.9, 1.1.1.1:80", "[2001:db8::1]:443,10.0.0.1", "fe80::1%eth0", "::ffff:1.2.3.4, ,", "a, 10.0.0.1", "[::1",
	} {
		f.Add(s, "10.0.0.1")
	}
	f.Fuzz(func(t *testing.T, a, b string) { checkChain(t, "X-Forwarded-For", a, b) })
}

func FuzzForwarded(f *testing.F) {
	for _, s := range []string{
		"for=1.1.1.1", `for="[2001:db8::1]:443";proto=https, for=unknown`, `for="1.1.1.1`, "for=_x;FOR=1.1.1.1", `by="a\";";for=::1`,
	} {
		f.Add(s, "for=10.0.0.1")
	}
	f.Fuzz(func(t *testing.T, a, b string) { checkChain(t, "Forwarded", a, b) })
}

// checkChain holds what is true of every chain: an untrusted peer is the
// answer, and an answer other than the peer literally stands in the header.
func checkChain(t *testing.T, name, a, b string) {
	r := newResolver(t, name)
	lines := oneHeader{[]byte(a), []byte(b)}
	stranger, proxy := netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("127.0.0.1")
	if got := r.Resolve(stranger, lines); got != stranger {
		t.Fatalf("%s %q %q from untrusted %s: visitor is %s, want the peer", name, a, b, stranger, got)
	}
	got := r.Resolve(proxy, lines)
	if got != proxy && !standsIn(got, a) && !standsIn(got, b) {
		t.Fatalf("%s %q %q: visitor is %s, which stands nowhere", name, a, b, got)
	}
	if string(lines[0]) != a || string(lines[1]) != b {
		t.Fatalf("%s %q %q: Resolve changed the header to %q", name, a, b, lines)
	}
}

// standsIn tries every part of text that could be an address.
func standsIn(want netip.Addr, text string) bool {
	for i := range text {
		for j := i + 2; j <= min(len(text), i+maxAddrLen); j++ {
			if a, err := netip.ParseAddr(text[i:j]); err == nil && plain(a) == want {
				return true
			}
		}
	}
	return false
}
