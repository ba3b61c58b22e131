// Package call holds an outgoing call: what makes it, and what it is once its
// macros are filled, ready to be sent as often as it takes.
package call

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Source is what asks for a call.
type Source string

// The sources.
const (
	Manager     Source = "postback_manager"
	Publisher   Source = "publisher_postback"
	Sync        Source = "third_party_sync"
	Forwarding  Source = "impression_forwarding"
	Parallel    Source = "parallel_tracking"
	TestRequest Source = "test"                  // somebody who wants to see it work
)

// Call is one outgoing call. It is what the queue keeps; nothing in it changes
// from attempt to attempt.
type Call struct {
	// Key is the idempotency key, 32 hex digits: the same in every attempt, and
	// when the log is read again.
	Key    string `json:"key"`
	Source Source `json:"source"`
	// Owner is the id of the document that asked for it: a postback manager, a
	// publisher postback, an integration or an offer.
	Owner string `json:"owner"`
	About About  `json:"about"`
	// Create is when the call was made up, Due when it may be sent.
	Create time.Time `json:"create"`
	Due    time.Time `json:"due"`

	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"`
	// ShownURL is the URL for logs and people, where it differs: without
	// secrets. Secrets are what no log may hold.
	ShownURL string   `json:"shown_url,omitempty"`
	Secrets  []string `json:"secrets,omitempty"`
}

// About is the event that a call is about, as its log row tells it (A20).
type About struct {
	TxID           string `json:"tx_id"`
	EventID        string `json:"event_id,omitempty"`
	ServiceType    string `json:"service_type"`
	IntegrationID  string `json:"integration_id,omitempty"`
	OrganizationID string `json:"organization_id,omitempty"`
	OfferID        string `json:"offer_id,omitempty"`
	Publisher      string `json:"publisher,omitempty"`
	Status         string `json:"status,omitempty"`
	ByPublisher    bool   `json:"by_publisher,omitempty"`
}

// KeyOf makes the idempotency key of a call: one for each event, for each
// document that asks for calls, and for each status it fires on.
func KeyOf(txID string, source Source, owner, status string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{txID, string(source), owner, status}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Host is the host and port that the call goes to, with its scheme: what the
// limits on calls are about.
func (c *Call) Host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return "?"
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// Shown is the URL without secrets.
func (c *Call) Shown() string {
	if c.ShownURL != "" {
		return c.ShownURL
	}
	return c.URL
}

// Mask takes the call's secrets out of a text that a stranger wrote, as they
// are and as a URL holds them.
func (c *Call) Mask(text string) string {
	for _, secret := range c.Secrets {
		escaped := url.QueryEscape(secret)
		for _, form := range []string{secret, escaped, strings.ReplaceAll(escaped, "+", "%20"), url.PathEscape(secret)} {
			text = strings.ReplaceAll(text, form, "***")
		}
	}
	return text
}

// ShownHeader is the header for logs and people: values of headers that carry
// keys are masked.
func (c *Call) ShownHeader() http.Header {
	shown := c.Header.Clone()
	for name, values := range shown {
		if !carriesKey(name) {
			continue
		}
		for i := range values {
			values[i] = "***"
		}
	}
	return shown
}

// telling are the words that names of headers with keys have.
var telling = []string{"auth", "key", "token", "secret", "password", "cookie", "signature", "credential", "session"}

func carriesKey(name string) bool {
	name = strings.ToLower(name)
	if name == "idempotency-key" {
		return false
	}
	for _, word := range telling {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
