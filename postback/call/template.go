package call

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/postback/macro"
)

// Form is what a document says about its calls.
type Form struct {
	URL string
	// Method is GET when empty.
	Method  string
	Headers map[string][]string
	Body    string
	Use     macro.Use
}

// Template is a Form, compiled. It is immutable and serves any number of
// goroutines.
type Template struct {
	method string
	url    *macro.Template
	header []field
	body   *macro.Template // nil for none
	status bool
}

type field struct {
	name  string
	value *macro.Template
}

// maxHeaders is how many lines the header of a call may have.
const maxHeaders = 50

// ownHeaders are those that a call has by itself.
var ownHeaders = []string{
	"Connection", "Content-Length", "Host", "Idempotency-Key", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// Compile reads a form. The error names every mistake, each with its field.
func Compile(f Form) (*Template, error) {
	t := &Template{method: orElse(f.Method, http.MethodGet)}
	var errs []error
	note := func(field string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", field, err))
		}
	}
	var err error
	t.url, err = macro.URL(f.URL, f.Use)
	note("url", err)
	note("headers", t.compileHeader(f))
	if f.Body != "" && t.method != http.MethodGet {
		note("body", t.compileBody(f))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	t.status = t.url.TellsStatus() || t.body != nil && t.body.TellsStatus() ||
		slices.ContainsFunc(t.header, func(h field) bool { return h.value.TellsStatus() })
	return t, nil
}

func orElse(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}

func (t *Template) compileHeader(f Form) error {
	for name, values := range f.Headers {
		canonical := http.CanonicalHeaderKey(name)
		if !isToken(name) {
			return fmt.Errorf("%q is no name of a header", name)
		}
		if slices.Contains(ownHeaders, canonical) {
			return fmt.Errorf("%s is set by the call itself", canonical)
		}
		for _, value := range values {
			compiled, err := macro.Header(value, f.Use)
			if err != nil {
				return fmt.Errorf("%s: %w", canonical, err)
			}
			t.header = append(t.header, field{canonical, compiled})
		}
	}
	if len(t.header) > maxHeaders {
		return fmt.Errorf("%d lines: allowed are %d", len(t.header), maxHeaders)
	}
	return nil
}

func isToken(s string) bool {
	for i := range len(s) {
		b := s[i]
		letter := 'a' <= b|0x20 && b|0x20 <= 'z'
		if !letter && (b < '0' || b > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(b)) {
			return false
		}
	}
	return s != ""
}

// compileBody compiles the body for the content type of the header. Where that
// says none, it is JSON if it reads like it, and a form otherwise.
func (t *Template) compileBody(f Form) error {
	for name, values := range f.Headers {
		if strings.EqualFold(name, "Content-Type") && len(values) > 0 {
			var err error
			t.body, err = macro.Body(f.Body, values[0], f.Use)
			return err
		}
	}
	contentType := "application/x-www-form-urlencoded"
	if readsAsJSON(f.Body, f.Use) {
		contentType = "application/json"
	}
	var err error
	if t.body, err = macro.Body(f.Body, contentType, f.Use); err != nil {
		return err
	}
	literal, err := macro.Header(contentType, f.Use)
	t.header = append(t.header, field{"Content-Type", literal})
	return err
}

func readsAsJSON(body string, use macro.Use) bool {
	t, err := macro.Body(body, "application/json", use)
	if err != nil {
		return false
	}
	text, _, err := t.Fill(&macro.Values{})
	return err == nil && json.Valid([]byte(text))
}

// TellsStatus tells whether the call says what status the event has.
func (t *Template) TellsStatus() bool { return t.status }

// Fill writes the request of a call, whose Key is set. An error says that it
// became too long.
func (t *Template) Fill(c *Call, v macro.Values) error {
	v.Key, v.Random = c.Key, rand.Uint64()
	c.Method = t.method
	text, shown, err := t.url.Fill(&v)
	if err != nil {
		return fmt.Errorf("url: %w", err)
	}
	if c.URL = text; shown != text && v.AccountKey != "" {
		c.ShownURL, c.Secrets = shown, []string{v.AccountKey}
	}
	c.Header = make(http.Header, len(t.header)+1)
	for _, h := range t.header {
		value, _, err := h.value.Fill(&v)
		if err != nil {
			return fmt.Errorf("header %s: %w", h.name, err)
		}
		c.Header[h.name] = append(c.Header[h.name], value)
	}
	c.Header.Set("Idempotency-Key", c.Key)
	if t.body == nil {
		return nil
	}
	if c.Body, _, err = t.body.Fill(&v); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}
