// Package guard calls servers whose addresses strangers chose, without being
// their weapon: it reaches public addresses only, on the ports of the web, and
// takes no more time and bytes than it was told.
//
// An address is checked when a connection is made to it, after the name was
// resolved and on every hop of a redirect, so that no answer of a name server
// and no redirect leads inside.
package guard

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strings"
	"time"
)

// Client makes calls. It is safe for concurrent use.
type Client struct {
	settings  Settings
	rules     rules
	resolver  *net.Resolver
	dialer    net.Dialer // checks addresses
	open      net.Dialer // for hosts that are allowed by name, and the proxy
	http      *http.Client
	transport *http.Transport
}

// Request is a call to make. The header is not changed.
type Request struct {
	Method, URL string
	Header      http.Header
	Body        string
}

// Answer is what a server said.
type Answer struct {
	Status int
	// Body is the beginning of the answer's body, at most
	// Settings.MaxAnswerBytes.
	Body string
	// RetryAfter is the header of that name.
	RetryAfter string
	// From is our address of the last connection.
	From netip.Addr
}

// New returns a client. An error names every mistake in the settings.
func New(s Settings) (*Client, error) {
	rules, err := s.compile()
	if err != nil {
		return nil, err
	}
	c := &Client{settings: s, rules: rules, resolver: net.DefaultResolver}
	c.dialer = net.Dialer{Timeout: s.Timeout, ControlContext: c.control}
	c.open = net.Dialer{Timeout: s.Timeout}
	c.transport = &http.Transport{
		DialContext:            c.dial,
		TLSHandshakeTimeout:    s.Timeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		// What is small when packed may be large unpacked.
		DisableCompression: true,
	}
	if rules.proxy != nil {
		c.transport.Proxy = http.ProxyURL(rules.proxy)
	}
	c.http = &http.Client{Transport: hops{c}, CheckRedirect: checkRedirect}
	return c, nil
}

// Close closes connections that no call uses.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do makes one call and reads its answer, within Settings.Timeout altogether.
// An answer of any status is none of an error, also when its body broke off.
// The error is an *Error, whose text has no value of a query in it.
func (c *Client) Do(ctx context.Context, r Request) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.settings.Timeout)
	defer cancel()
	var a Answer
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { a.From = addressOf(info.Conn.LocalAddr()) }}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		return a, &Error{ClassRefused, withoutURL(err)}
	}
	request.Header = r.Header.Clone()
	if request.Header == nil {
		request.Header = make(http.Header)
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", "clickgate")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return a, errorOf(err)
	}
	defer response.Body.Close()
	a.Status, a.RetryAfter = response.StatusCode, response.Header.Get("Retry-After")
	// What arrived is kept when the body breaks off: the status has been said.
	body, _ := io.ReadAll(io.LimitReader(response.Body, c.settings.MaxAnswerBytes))
	a.Body = string(body)
	return a, nil
}

// addressOf is the address of a TCP connection's end.
func addressOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// hops checks every request before it is sent, those of redirects too.
type hops struct{ c *Client }

// RoundTrip implements http.RoundTripper.
func (h hops) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := h.c.rules.checkURL(r.URL); err != nil {
		return nil, err
	}
	if h.c.rules.proxy != nil {
		if err := h.c.checkBehindProxy(r.Context(), r.URL.Hostname()); err != nil {
			return nil, err
		}
	}
	return h.c.transport.RoundTrip(r)
}

// checkBehindProxy looks up a host that a proxy is going to reach. The proxy
// resolves the name for itself and should have a guard of its own.
func (c *Client) checkBehindProxy(ctx context.Context, host string) error {
	if c.rules.allowsHost(host) {
		return nil
	}
	addresses, err := c.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		if err := c.rules.checkAddress(a); err != nil {
			return err
		}
	}
	return nil
}

// dial connects to host:port. Names that are allowed lead where they lead.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, refuse("%q is no host and port", address)
	}
	dialer := c.dialer
	if c.rules.allowsHost(host) || c.rules.isProxy(address) {
		dialer = c.open
	}
	dialer.Resolver = c.resolver
	return dialer.DialContext(ctx, network, address)
}

// maxRedirects is how many redirects a call follows.
const maxRedirects = 3

// kept are the headers that go along to another host: none that could hold a
// key.
var kept = []string{"Accept", "Content-Type", "Idempotency-Key", "User-Agent"}

// checkRedirect follows a few redirects, none that gives up encryption, and
// tells another host nothing of what the first one was told.
func checkRedirect(to *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return &Error{ClassRedirect, fmt.Errorf("more than %d redirects", maxRedirects)}
	}
	from := via[len(via)-1].URL
	if from.Scheme == "https" && to.URL.Scheme != "https" {
		return &Error{ClassRedirect, fmt.Errorf("redirected from https to %s://%s", to.URL.Scheme, to.URL.Host)}
	}
	// It would be the URL that was called, with all its parameters.
	to.Header.Del("Referer")
	if !strings.EqualFold(via[0].URL.Host, to.URL.Host) {
		only := make(http.Header, len(kept))
		for _, name := range kept {
			if values := to.Header[name]; len(values) > 0 {
				only[name] = values
			}
		}
		to.Header = only
	}
	return nil
}
