// Package explain holds what is asked and told when somebody wants to know why
// a click, an impression or a conversion was judged as it was. The edge fills it in, the control API and the
// command line show it; it is data only and imports nothing of clickgate.
package explain

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Request asks for the judgement of a click, an impression or a conversion: of
// one that is described, or of one in the event log.
type Request struct {
	// URL is the link, absolute or a path; a path alone is asked of the
	// default integration.
	URL string `json:"url,omitempty"`
	// Method is GET where it is empty.
	Method string `json:"method,omitempty"`
	// Body is that of a POST, at most MaxBody bytes. Its type is among Headers.
	Body string `json:"body,omitempty"`
	// Headers are those of the request in their order. Host comes from the URL
	// when it is not among them.
	Headers []Header `json:"headers,omitempty"`
	// Address is who connects: the visitor, or a trusted proxy whose headers
	// name him.
	Address string `json:"address,omitempty"`
	// Time is the moment to judge by; zero is now.
	Time time.Time `json:"time,omitzero"`
	// EventID is the tx_id of an event in the log, in place of all the above.
	EventID string `json:"event_id,omitempty"`
	// Node is the edge to ask; empty is any.
	Node string `json:"node,omitempty"`
}

// Methods are those that a request may have.
var Methods = []string{"GET", "HEAD", "POST"}

// MaxBody is the greatest length of a body: that of one conversion.
const MaxBody = 64 << 10

// Header is one header of a request.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Validate tells what is wrong with a request.
func (r *Request) Validate() error {
	if r.EventID != "" {
		return r.validateEvent()
	}
	var errs []error
	if r.URL == "" {
		errs = append(errs, errors.New("url: missing; give a link, or the event_id of an event in the log"))
	} else if u, err := url.Parse(r.URL); err != nil || u.IsAbs() && u.Host == "" || !u.IsAbs() && !strings.HasPrefix(r.URL, "/") {
		errs = append(errs, fmt.Errorf("url: %q is neither a URL nor a path such as /click?offer_id=1", r.URL))
	}
	if r.Address != "" {
		if _, err := netip.ParseAddr(r.Address); err != nil {
			errs = append(errs, fmt.Errorf("address: %q is not an IP address", r.Address))
		}
	}
	if r.Method != "" && !slices.Contains(Methods, r.Method) {
		errs = append(errs, fmt.Errorf("method: %q is not served; allowed are %s", r.Method, strings.Join(Methods, ", ")))
	}
	if r.Body != "" && r.Method != "POST" {
		errs = append(errs, errors.New("body: only a POST has one"))
	}
	if len(r.Body) > MaxBody {
		errs = append(errs, fmt.Errorf("body: it has %d bytes; allowed are %d", len(r.Body), MaxBody))
	}
	for i, h := range r.Headers {
		if h.Name == "" || strings.ContainsAny(h.Name+h.Value, "\r\n") {
			errs = append(errs, fmt.Errorf("headers[%d]: needs a name, and no line breaks", i))
		}
	}
	return errors.Join(errs...)
}

func (r *Request) validateEvent() error {
	if r.URL != "" || r.Method != "" || r.Body != "" || r.Address != "" || len(r.Headers) > 0 || !r.Time.IsZero() {
		return errors.New("event_id: the event says all about its request; leave out url, method, body, headers, address and time")
	}
	if len(r.EventID) != 32 || strings.Trim(r.EventID, "0123456789abcdef") != "" {
		return fmt.Errorf("event_id: %q is not a tx_id of 32 lower-case hex digits", r.EventID)
	}
	return nil
}
