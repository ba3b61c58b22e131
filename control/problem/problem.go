// Package problem is the one shape in which the control API tells what went
// wrong: problem details (RFC 9457) with every mistake of the request.
package problem

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
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
	// Value is what was found; left out for secrets, lists and objects.
	Value any `json:"value,omitempty" doc:"What was found there; long texts are cut, secrets, lists and objects left out"`
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

// New returns a problem with the mistakes as they may be repeated: see
// Detail.Value. Of very many, the first Most are listed and the others
// counted.
func New(status int, detail string, mistakes ...Detail) *Problem {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
	if more := len(mistakes) - Most; more > 1 { // a List adds one that counts
		mistakes = append(mistakes[:Most:Most], counted(more))
	}
	for _, m := range mistakes {
		m.Value = presentable(m.Location, m.Value)
		m.Location = shorten(m.Location, longestLocation)
		p.Errors = append(p.Errors, m)
	}
	return p
}

// Error implements error.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", p.Status, p.Detail)
	for _, d := range p.Errors {
		b.WriteString("; ")
		if d.Location != "" {
			b.WriteString(d.Location + ": ")
		}
		b.WriteString(d.Message)
	}
	return b.String()
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return ContentType }

// Write answers with a problem. It leaves p as it is.
func Write(w http.ResponseWriter, r *http.Request, p *Problem) {
	answer := *p
	answer.Instance = r.URL.Path
	h := w.Header()
	h.Set("Content-Type", ContentType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	body, err := json.Marshal(&answer)
	if err != nil { // a value that somebody put there without New
		panic(fmt.Sprintf("BUG: a problem is no JSON: %v", err))
	}
	_, _ = w.Write(append(body, '\n')) // the client is gone
}
