package clientip

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// request is a Headers made of "Name: value" lines, in order.
func request(lines ...string) *fasthttp.RequestHeader {
	h := new(fasthttp.RequestHeader)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

func newResolver(t testing.TB, headers ...string) *Resolver {
	t.Helper()
	r, err := New(Settings{
		TrustedProxies: []string{"127.0.0.0/8", "10.0.0.0/8", "2001:db8:f::/48", "192.0.2.7"},
		Headers:        headers,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResolve(t *testing.T) {
	const (
		xff = "X-Forwarded-For"
		fwd = "Forwarded"
		cf  = "CF-Connecting-IP"
	)
	for _, tc := range []struct {
		name    string
		headers string // the configured ones, comma-separated
		peer    string
		lines   []string
		want    string
	}{
		{"no header", xff, "127.0.0.1", nil, "127.0.0.1"},
		{"untrusted peer", xff, "8.8.8.8", []string{"X-Forwarded-For: 1.1.1.1"}, "8.8.8.8"},
		{"untrusted peer, every header", xff + "," + fwd + "," + cf, "8.8.8.8",
			[]string{"CF-Connecting-IP: 1.1.1.1", "Forwarded: for=1.1.1.1", "X-Forwarded-For: 1.1.1.1"}, "8.8.8.8"},
		{"mapped peer is trusted", xff, "::ffff:127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1"}, "1.1.1.1"},
		{"mapped peer is unmapped", xff, "::ffff:8.8.8.8", nil, "8.8.8.8"},
		{"untrusted peer with zone", xff, "fe80::1%eth0", nil, "fe80::1"},
		{"peer with zone", xff, "2001:db8:f::1%eth0", []string{"X-Forwarded-For: 1.1.1.1"}, "1.1.1.1"},
		{"single trusted address", xff, "192.0.2.7", []string{"X-Forwarded-For: 1.1.1.1"}, "1.1.1.1"},

		{"spoofed left part", xff, "127.0.0.1", []string{"X-Forwarded-For: 9.9.9.9, 1.1.1.1"}, "1.1.1.1"},
		{"through trusted hops", xff, "127.0.0.1", []string{"X-Forwarded-For: 9.9.9.9, 1.1.1.1, 10.0.0.2, 10.0.0.1"}, "1.1.1.1"},
		{"all trusted: leftmost", xff, "127.0.0.1", []string{"X-Forwarded-For: 10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"lines are joined in order", xff, "127.0.0.1",
			[]string{"X-Forwarded-For: 9.9.9.9", "X-Forwarded-For: 1.1.1.1, 10.0.0.2", "X-Forwarded-For: 10.0.0.1"}, "1.1.1.1"},
		{"garbage rightmost", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1, unknown"}, "127.0.0.1"},
		{"garbage ends the walk", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1, <script>, 10.0.0.2"}, "10.0.0.2"},
		{"garbage line ends the walk", xff, "127.0.0.1",
			[]string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 999.1.1.1", "X-Forwarded-For: 10.0.0.2"}, "10.0.0.2"},
		{"garbage left of the visitor", xff, "127.0.0.1", []string{"X-Forwarded-For: x, 1.1.1.1"}, "1.1.1.1"},
		{"empty elements", xff, "127.0.0.1", []string{"X-Forwarded-For: 9.9.9.9, ,1.1.1.1,, ,"}, "1.1.1.1"},
		{"port", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1:4711"}, "1.1.1.1"},
		{"port out of range", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1:65536"}, "127.0.0.1"},
		{"empty port", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1:"}, "127.0.0.1"},
		{"v6", xff, "127.0.0.1", []string{"X-Forwarded-For: 2001:DB8::1"}, "2001:db8::1"},
		{"v6 in brackets", xff, "127.0.0.1", []string{"X-Forwarded-For: [2001:db8::1]"}, "2001:db8::1"},
		{"v6 with port", xff, "127.0.0.1", []string{"X-Forwarded-For: [2001:db8::1]:443"}, "2001:db8::1"},
		{"v6 bracket left open", xff, "127.0.0.1", []string{"X-Forwarded-For: [2001:db8::1"}, "127.0.0.1"},
		{"v6 text after bracket", xff, "127.0.0.1", []string{"X-Forwarded-For: [2001:db8::1]x"}, "127.0.0.1"},
		{"v4 in brackets", xff, "127.0.0.1", []string{"X-Forwarded-For: [1.1.1.1]"}, "127.0.0.1"},
		{"zone is dropped", xff, "127.0.0.1", []string{"X-Forwarded-For: fe80::1%eth0"}, "fe80::1"},
		{"v4 has no zone", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1%eth0"}, "127.0.0.1"},
		{"empty zone", xff, "127.0.0.1", []string{"X-Forwarded-For: fe80::1%"}, "127.0.0.1"},
		{"mapped is unmapped", xff, "127.0.0.1", []string{"X-Forwarded-For: ::ffff:1.1.1.1"}, "1.1.1.1"},
		{"mapped proxy is trusted", xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1, ::ffff:10.0.0.1"}, "1.1.1.1"},
		{"leading zero is no address", xff, "127.0.0.1", []string{"X-Forwarded-For: 01.1.1.1"}, "127.0.0.1"},

		{"cdn header", cf, "127.0.0.1", []string{"CF-Connecting-IP: 1.1.1.1"}, "1.1.1.1"},
		{"cdn header with spaces", cf, "127.0.0.1", []string{"CF-Connecting-IP:  1.1.1.1 "}, "1.1.1.1"},
		{"cdn header is one address", cf, "127.0.0.1", []string{"CF-Connecting-IP: 9.9.9.9, 1.1.1.1"}, "127.0.0.1"},
		{"cdn header comes once", cf, "127.0.0.1", []string{"CF-Connecting-IP: 1.1.1.1", "CF-Connecting-IP: 9.9.9.9"}, "127.0.0.1"},
		{"first present header decides", cf + "," + xff, "127.0.0.1",
			[]string{"X-Forwarded-For: 9.9.9.9", "CF-Connecting-IP: 1.1.1.1"}, "1.1.1.1"},
		{"garbage in the first decides too", cf + "," + xff, "127.0.0.1",
			[]string{"X-Forwarded-For: 9.9.9.9", "CF-Connecting-IP: none"}, "127.0.0.1"},
		{"absent header is passed over", cf + "," + xff, "127.0.0.1", []string{"X-Forwarded-For: 1.1.1.1"}, "1.1.1.1"},
		{"empty header is passed over", cf + "," + xff, "127.0.0.1",
			[]string{"CF-Connecting-IP: ", "X-Forwarded-For: 1.1.1.1"}, "1.1.1.1"},
		{"header that is not configured", xff, "127.0.0.1", []string{"CF-Connecting-IP: 1.1.1.1"}, "127.0.0.1"},

		{"forwarded", fwd, "127.0.0.1", []string{"Forwarded: for=1.1.1.1;proto=http;by=203.0.113.43"}, "1.1.1.1"},
		{"forwarded, case and order", fwd, "127.0.0.1", []string{"Forwarded: Proto=https; FOR=1.1.1.1"}, "1.1.1.1"},
		{"forwarded v6 with port", fwd, "127.0.0.1", []string{`Forwarded: for="[2001:db8::1]:4711"`}, "2001:db8::1"},
		{"forwarded obfuscated port", fwd, "127.0.0.1", []string{`Forwarded: for="1.1.1.1:_gazonk"`}, "1.1.1.1"},
		{"forwarded chain", fwd, "127.0.0.1", []string{`Forwarded: for=9.9.9.9, for=1.1.1.1, for="10.0.0.1:80"`}, "1.1.1.1"},
		{"forwarded lines", fwd, "127.0.0.1", []string{"Forwarded: for=9.9.9.9, for=1.1.1.1", "Forwarded: for=10.0.0.1"}, "1.1.1.1"},
		{"forwarded unknown", fwd, "127.0.0.1", []string{"Forwarded: for=1.1.1.1, for=unknown, for=10.0.0.1"}, "10.0.0.1"},
		{"forwarded obfuscated", fwd, "127.0.0.1", []string{"Forwarded: for=1.1.1.1, for=_hidden, for=10.0.0.1"}, "10.0.0.1"},
		{"forwarded without for", fwd, "127.0.0.1", []string{"Forwarded: for=1.1.1.1, proto=https"}, "127.0.0.1"},
		{"forwarded for twice", fwd, "127.0.0.1", []string{"Forwarded: for=1.1.1.1;for=9.9.9.9"}, "127.0.0.1"},
		{"forwarded escape", fwd, "127.0.0.1", []string{`Forwarded: for="1.1.1\.1"`}, "127.0.0.1"},
		{"forwarded semicolon in quotes", fwd, "127.0.0.1", []string{`Forwarded: by="a;for=9.9.9.9";for=1.1.1.1`}, "1.1.1.1"},
		{"forwarded open quote of a visitor", fwd, "127.0.0.1", []string{`Forwarded: for="9.9.9.9, for=1.1.1.1`}, "1.1.1.1"},
		{"forwarded open quote in another parameter", fwd, "127.0.0.1", []string{`Forwarded: for=1.1.1.1;by="x`}, "127.0.0.1"},
		{"forwarded open quote in the last hop", fwd, "127.0.0.1", []string{`Forwarded: for="1.1.1.1`}, "127.0.0.1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newResolver(t, strings.Split(tc.headers, ",")...)
			got := r.Resolve(netip.MustParseAddr(tc.peer), request(tc.lines...))
			if got.String() != tc.want {
				t.Errorf("peer %s, headers %q, reading %s: visitor is %s, want %s", tc.peer, tc.lines, tc.headers, got, tc.want)
			}
		})
	}
}

func TestResolveWithoutPeer(t *testing.T) {
	r := newResolver(t, "X-Forwarded-For")
	if got := r.Resolve(netip.Addr{}, request("X-Forwarded-For: 1.1.1.1")); got.IsValid() {
		t.Errorf("a connection without an address (a pipe) got the visitor %s from a header, want none", got)
	}
}

func TestTrusts(t *testing.T) {
	r := newResolver(t)
	for addr, want := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "11.0.0.1": false, "192.0.2.7": true, "192.0.2.8": false} {
		if got := r.Trusts(netip.MustParseAddr(addr)); got != want {
			t.Errorf("Trusts(%s) = %v, want %v", addr, got, want)
		}
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := New(Settings{
		TrustedProxies: []string{"10.0.0.0/8", "10.0.0.1/8", "nonsense", "10.0.0.0/33", "0.0.0.0/0", "fe80::1%eth0"},
		Headers:        []string{"X-Forwarded-For", "x-forwarded-for", "Bad Name", ""},
	})
	if err == nil {
		t.Fatal("New accepted settings full of mistakes")
	}
	for _, want := range []string{
		`trusted_proxies[1]: "10.0.0.1/8" has bits set beyond its length; the network is 10.0.0.0/8`,
		`trusted_proxies[2]: "nonsense"`,
		`trusted_proxies[3]: "10.0.0.0/33"`,
		`trusted_proxies[4]: "0.0.0.0/0" trusts every address`,
		`trusted_proxies[5]: "fe80::1%eth0"`,
		`client_ip_headers[1]: "x-forwarded-for" is named twice`,
		`client_ip_headers[2]: "Bad Name" is not a header name`,
		`client_ip_headers[3]: "" is not a header name`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s:\n%v", want, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 8 {
		t.Errorf("%d mistakes reported, want 8:\n%v", n, err)
	}
}

func TestMappedNetworkIsIPv4(t *testing.T) {
	r, err := New(Settings{TrustedProxies: []string{"::ffff:10.0.0.0/104"}})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Trusts(netip.MustParseAddr("10.1.2.3")) {
		t.Error("::ffff:10.0.0.0/104 does not trust 10.1.2.3")
	}
}

func TestDefaultIsValid(t *testing.T) {
	r, err := New(Default())
	if err != nil {
		t.Fatal(err)
	}
	if !r.Trusts(netip.MustParseAddr("::1")) || r.Trusts(netip.MustParseAddr("10.0.0.1")) {
		t.Error("the default trusts something else than loopback")
	}
}
