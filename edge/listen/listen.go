package listen

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pires/go-proxyproto"

	"github.com/clickgate/clickgate/internal/metrics"
)

// Listen opens addr ("host:port"; without a host all addresses, IPv4 and IPv6).
// trusted tells which peers may send a PROXY protocol header; it may be nil
// when that is off. The address a connection shows is that of the header, if
// there is one, and for the LOCAL command or v1 UNKNOWN that of the peer.
//
// The header is read with the connection's first byte and never by Accept, so
// that a silent proxy holds up nobody else.
func Listen(addr string, s Settings, trusted func(netip.Addr) bool) (net.Listener, error) {
	if s.ProxyProtocol != ProxyOff && trusted == nil {
		return nil, fmt.Errorf("listen on %s: proxy_protocol is %s, but no proxy is trusted", addr, s.ProxyProtocol)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return withProxyProtocol(&listener{Listener: ln, pause: time.Sleep}, s, trusted), nil
}

func withProxyProtocol(ln net.Listener, s Settings, trusted func(netip.Addr) bool) net.Listener {
	if s.ProxyProtocol == ProxyOff {
		return ln
	}
	return &proxyproto.Listener{
		Listener:          ln,
		ConnPolicy:        proxyPolicy(s.ProxyProtocol, trusted),
		ValidateHeader:    checkProxyHeader,
		ReadHeaderTimeout: s.ProxyHeaderTimeout,
	}
}

func proxyPolicy(mode ProxyProtocol, trusted func(netip.Addr) bool) proxyproto.ConnPolicyFunc {
	return func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
		switch known := trusted(addrOf(o.Upstream)); {
		case known && mode == ProxyRequired:
			return proxyproto.REQUIRE, nil
		case known:
			return proxyproto.USE, nil
		case mode == ProxyRequired:
			return proxyproto.REJECT, proxyproto.ErrInvalidUpstream // closes it
		}
		// Nobody looks for a header, so one is a malformed request: 400.
		return proxyproto.SKIP, nil
	}
}

// checkProxyHeader admits addresses of TCP only: a visitor's connection is
// nothing else, and what a header says of UDP or sockets is no address of his.
func checkProxyHeader(h *proxyproto.Header) error {
	if h.Command.IsLocal() {
		return nil
	}
	if _, _, ok := h.TCPAddrs(); !ok {
		return errors.New("proxy header: not a TCP connection")
	}
	return nil
}

// addrOf is the address of a TCP peer; the zero Addr, which nobody trusts, for
// any other.
func addrOf(a net.Addr) netip.Addr {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}

var acceptErrors = metrics.NewCounter(`clickgate_listen_accept_errors_total`)

// listener accepts TCP connections and outlives a shortage of descriptors or
// memory: fasthttp takes any error of Accept for the end of the listener, which
// would let whoever opens enough connections stop the edge.
type listener struct {
	net.Listener
	pause    func(time.Duration)
	draining atomic.Bool
}

// Close stops accepting; connections go on until their answers have left.
func (l *listener) Close() error {
	l.draining.Store(true)
	return l.Listener.Close()
}

// Accept waits for the next connection. Errors are permanent.
func (l *listener) Accept() (net.Conn, error) {
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c, err := l.Listener.Accept()
		if err == nil {
			return wrap(c, &l.draining), nil
		}
		if !passing(err) {
			return nil, err
		}
		acceptErrors.Inc()
		l.pause(wait)
	}
}

// passing tells whether an error of Accept goes away by itself.
func passing(err error) bool {
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
