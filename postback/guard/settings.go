package guard

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Settings bound calls and name what they may reach beside public addresses.
// Start from Default.
type Settings struct {
	// AllowNetworks are addresses and networks that may be called although they
	// are not public: "10.1.2.0/24". For tests and intranets.
	AllowNetworks []string `yaml:"allow_networks"`
	// AllowHosts are names that may be called whatever address they have.
	AllowHosts []string `yaml:"allow_hosts"`
	// AllowPorts are ports beside 80 and 443: "8080", "9000-9100".
	AllowPorts []string `yaml:"allow_ports"`
	// Timeout bounds one call with its redirects and its answer, 100ms to 2m.
	Timeout time.Duration `yaml:"timeout"`
	// MaxAnswerBytes is how much of an answer's body is read, up to 16 MiB.
	MaxAnswerBytes int64 `yaml:"max_answer_bytes"`
	// Proxy is the URL of an HTTP proxy for all calls; empty is none, whatever
	// the environment says. Addresses of what lies behind are checked, but it is
	// the proxy that resolves the names.
	Proxy string `yaml:"proxy"`
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Settings {
	return Settings{Timeout: 10 * time.Second, MaxAnswerBytes: 64 << 10}
}

// Validate reports every mistake, each with its path.
func (s Settings) Validate() error {
	_, err := s.compile()
	return err
}

func (s Settings) compile() (r rules, err error) {
	var errs []error
	note := func(field string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", field, err))
		}
	}
	for i, text := range s.AllowNetworks {
		network, err := parseNetwork(text)
		note(fmt.Sprintf("allow_networks[%d]", i), err)
		r.networks = append(r.networks, network)
	}
	r.hosts = make(map[string]bool, len(s.AllowHosts))
	for i, host := range s.AllowHosts {
		note(fmt.Sprintf("allow_hosts[%d]", i), checkHost(host))
		r.hosts[strings.ToLower(host)] = true
	}
	for i, text := range s.AllowPorts {
		ports, err := parsePorts(text)
		note(fmt.Sprintf("allow_ports[%d]", i), err)
		r.ports = append(r.ports, ports)
	}
	if s.Timeout < 100*time.Millisecond || s.Timeout > 2*time.Minute {
		note("timeout", fmt.Errorf("%s is not between 100ms and 2m", s.Timeout))
	}
	if s.MaxAnswerBytes < 0 || s.MaxAnswerBytes > 16<<20 {
		note("max_answer_bytes", fmt.Errorf("%d is not between 0 and %d", s.MaxAnswerBytes, 16<<20))
	}
	r.proxy, err = parseProxy(s.Proxy)
	note("proxy", err)
	return r, errors.Join(errs...)
}

func parseNetwork(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return network, fmt.Errorf("%q is no address and no network such as 10.1.2.0/24", text)
	}
	if network != network.Masked() {
		return network, fmt.Errorf("%q has bits behind its length; the network is %s", text, network.Masked())
	}
	return network, nil
}

func checkHost(host string) error {
	if host == "" || strings.ContainsAny(host, "/:@?# *[]") {
		return fmt.Errorf("%q is no host name such as hooks.example.com, without scheme, port and wildcard", host)
	}
	return nil
}

func parsePorts(text string) (portRange, error) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	low, err1 := strconv.ParseUint(first, 10, 16)
	high, err2 := strconv.ParseUint(last, 10, 16)
	if err1 != nil || err2 != nil || low == 0 || low > high {
		return portRange{}, fmt.Errorf("%q is no port or range of ports from 1 to 65535 such as 8080 or 9000-9100", text)
	}
	return portRange{uint16(low), uint16(high)}, nil
}

// parseProxy reads the URL of a proxy, whose port must be written out: it is
// what tells a connection to it from others.
func parseProxy(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Port() == "" {
		return nil, errors.New("is no URL such as http://proxy.example:3128, with its port")
	}
	return u, nil
}
