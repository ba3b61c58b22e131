// Package listen accepts visitors' connections and refuses what is not a clean
// HTTP/1.1 request. It stands before everything else of the edge: what passes
// means the same to the CDN before us as it does to us.
package listen

import (
	"errors"
	"fmt"
	"time"
)

// ProxyProtocol says whether connections begin with a PROXY protocol header.
type ProxyProtocol string

// The modes of PROXY protocol, version 1 or 2.
const (
	// ProxyOff treats a header as the malformed request it then is.
	ProxyOff ProxyProtocol = "off"
	// ProxyOptional believes a header of a trusted proxy and serves other
	// connections as they are.
	ProxyOptional ProxyProtocol = "optional"
	// ProxyRequired closes whatever does not come from a trusted proxy, and
	// refuses its connections without a header.
	ProxyRequired ProxyProtocol = "required"
)

// Settings are the boot settings of the visitors' listener. Their zero value is
// not valid: start from Default.
type Settings struct {
	ProxyProtocol ProxyProtocol `yaml:"proxy_protocol"`
	// ProxyHeaderTimeout is how long a trusted proxy may take for its header.
	ProxyHeaderTimeout time.Duration `yaml:"proxy_header_timeout"`

	// ReadTimeout is how long a request may take to arrive, body included.
	ReadTimeout time.Duration `yaml:"read_timeout"`
	// WriteTimeout is how long an answer may take to leave.
	WriteTimeout time.Duration `yaml:"write_timeout"`
	// IdleTimeout is how long a connection may wait for its next request. Keep
	// it longer than the CDN does, or some of its requests meet a closed door.
	IdleTimeout time.Duration `yaml:"idle_timeout"`

	// MaxHeaderBytes bounds request line and headers together. Each connection
	// holds a buffer of this size.
	MaxHeaderBytes int `yaml:"max_header_bytes"`
	// MaxBodyBytes bounds a request's body. A batch of conversions must fit in:
	// a thousand of them (convert.MaxBatch), each of some hundred bytes.
	MaxBodyBytes int `yaml:"max_body_bytes"`
	// MaxConnections bounds the connections served at once; more are answered
	// 503 and closed.
	MaxConnections int `yaml:"max_connections"`
}

// Default returns the settings for an edge behind a CDN that speaks plain HTTP.
func Default() Settings {
	return Settings{
		ProxyProtocol:      ProxyOff,
		ProxyHeaderTimeout: 3 * time.Second,
		ReadTimeout:        5 * time.Second,
		WriteTimeout:       5 * time.Second,
		IdleTimeout:        90 * time.Second,
		MaxHeaderBytes:     16 << 10,
		MaxBodyBytes:       1 << 20,
		MaxConnections:     10_000,
	}
}

// Validate returns every mistake, a line each, named by its YAML field.
func (s Settings) Validate() error {
	var errs []error
	switch s.ProxyProtocol {
	case ProxyOff, ProxyOptional, ProxyRequired:
	default:
		errs = append(errs, fmt.Errorf("proxy_protocol: %q is not off, optional or required", s.ProxyProtocol))
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{
		{"proxy_header_timeout", s.ProxyHeaderTimeout},
		{"read_timeout", s.ReadTimeout},
		{"write_timeout", s.WriteTimeout},
		{"idle_timeout", s.IdleTimeout},
	} {
		if d.value < 10*time.Millisecond || d.value > time.Hour {
			errs = append(errs, fmt.Errorf("%s: %s is not between 10ms and 1h", d.field, d.value))
		}
	}
	for _, n := range []struct {
		field            string
		value, low, high int
	}{
		{"max_header_bytes", s.MaxHeaderBytes, 1 << 10, 1 << 20},
		{"max_body_bytes", s.MaxBodyBytes, 1, 64 << 20},
		{"max_connections", s.MaxConnections, 1, 1 << 20},
	} {
		if n.value < n.low || n.value > n.high {
			errs = append(errs, fmt.Errorf("%s: %d is not between %d and %d", n.field, n.value, n.low, n.high))
		}
	}
	return errors.Join(errs...)
}
