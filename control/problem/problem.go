// Package problem is the one shape in which the control API tells what went
// wrong: problem details (RFC 9457) with every mistake of the request.
package problem

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// ContentType is that of an answer with a Problem.
const ContentType = "application/problem+json"

// Detail is one mistake.
type Detail struct {
	// Location is where it stands: "body.clicks_config.redirect_strategy",
	// "query.page[size]", "path.offerID", "header.If-Match".
	Location string `json:"location,omitempty" doc:"Where the mistake stands, such as body.name or query.page[size]"`
	// Message says what is wrong and what is allowed.
	Message string `json:"message" doc:"What is wrong and what is allowed"`
	// Value is what was found; left out for secrets.
	Value any `json:"value,omitempty" doc:"What was found there"`
}

// Problem is an answer that is no success. It is an error, so that code below
// a handler can return it.
type Problem struct {
	Type     string   `json:"type,omitempty" format:"uri-reference" doc:"What sort of problem it is; about:blank says that the status tells"`
	Title    string   `json:"title" doc:"The meaning of the status"`
	Status   int      `json:"status" doc:"The status of the answer"`
	Detail   string   `json:"detail,omitempty" doc:"What went wrong this time"`
	Instance string   `json:"instance,omitempty" doc:"The request that went wrong"`
	Errors   []Detail `json:"errors,omitempty" doc:"Every mistake of the request"`
}

// New returns a problem.
func New(status int, detail string, mistakes ...Detail) *Problem {
	for i := range mistakes {
		mistakes[i].Value = presentable(mistakes[i].Location, mistakes[i].Value)
	}
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Errors: mistakes}
}

// Error implements error.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", p.Status, p.Detail)
	for _, d := range p.Errors {
		fmt.Fprintf(&b, "; %s: %s", d.Location, d.Message)
	}
	return b.String()
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// Write answers with a problem.
func Write(w http.ResponseWriter, r *http.Request, p *Problem) {
	answer := *p
	answer.Instance = r.URL.Path
	body, err := json.Marshal(&answer)
	if err != nil { // a value that is no JSON: the messages matter more
		for i := range answer.Errors {
			answer.Errors[i].Value = nil
		}
		body, _ = json.Marshal(&answer)
	}
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(body, '\n')) // the client is gone
	}
}

// secrets are the names of fields whose values are never repeated.
var secrets = []string{"password", "conversion_secure_code", "account_key", "api_key", "hash", "API-KEY", "Authorization"}

// longestValue is how much of a text is repeated, in characters.
const longestValue = 100

// presentable is a value as it may be repeated.
func presentable(location string, value any) any {
	for _, name := range secrets {
		if strings.Contains(location, name) {
			return nil
		}
	}
	switch v := value.(type) {
	case map[string]any, []any:
		return nil // the message names what matters
	case string:
		if utf8.RuneCountInString(v) > longestValue {
			return string([]rune(v)[:longestValue]) + "..."
		}
	}
	return value
}
