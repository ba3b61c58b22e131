package guard

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
)

// Class is the sort of failure of a call that got no answer.
type Class string

// The classes.
const (
	ClassRefused  Class = "refused"  // the guard says no; trying again is in vain
	ClassRedirect Class = "redirect" // it leads round in circles, or out of encryption
	ClassCanceled Class = "canceled" // the caller's context ended
	ClassTimeout  Class = "timeout"
	ClassDNS      Class = "dns"
	ClassConnect  Class = "connect"
	ClassTLS      Class = "tls"
	ClassNetwork  Class = "network" // the connection broke
)

// Classes lists all classes.
func Classes() []Class {
	return []Class{ClassRefused, ClassRedirect, ClassCanceled, ClassTimeout, ClassDNS, ClassConnect, ClassTLS, ClassNetwork}
}

// Error is why a call got no answer.
type Error struct {
	Class Class
	err   error
}

// Error implements error. Queries of URLs are cut: they hold keys.
func (e *Error) Error() string { return Clean(e.err.Error()) }

// Unwrap returns the cause, whose text may hold a URL.
func (e *Error) Unwrap() error { return e.err }

// refuse is the guard's own no.
func refuse(format string, args ...any) error {
	return &Error{ClassRefused, fmt.Errorf(format, args...)}
}

// errorOf classifies what an HTTP client says.
func errorOf(err error) *Error {
	err = withoutURL(err)
	if ours, ok := errors.AsType[*Error](err); ok {
		return ours
	}
	return &Error{classOf(err), err}
}

func classOf(err error) Class {
	var timeout interface{ Timeout() bool }
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		return ClassCanceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ClassTimeout
	case errors.As(err, &dns):
		return ClassDNS
	case isTLS(err):
		return ClassTLS
	case errors.As(err, &op) && op.Op == "dial":
		return ClassConnect
	}
	return ClassNetwork
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert)
}

// withoutURL takes the URL out of an error of the HTTP client.
func withoutURL(err error) error {
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		return inURL.Err
	}
	return err
}

// query is what follows a question mark, up to what ends a URL in a text.
var query = regexp.MustCompile(`\?[^\s"'<>]+`)

// Clean returns a text without the queries of the URLs in it, and no longer
// than an error needs to be.
func Clean(text string) string {
	const most = 500
	text = query.ReplaceAllString(text, "?***")
	if len(text) > most {
		text = text[:most] + "..."
	}
	return text
}
