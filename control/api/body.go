package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/schema"
)

// payload is a request body that was understood.
type payload struct {
	raw []byte
	// patch is the value as it came, with its nulls.
	patch any
	// value is the same without nulls.
	value any
}

// read reads the body and checks it against a schema.
func (c *call) read(s *huma.Schema) (payload, error) {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if c.r.Header.Get("Content-Type") != "" && (err != nil || kind != "application/json" && kind != "application/merge-patch+json") {
		return payload{}, problem.New(http.StatusUnsupportedMediaType, "the body must be JSON",
			problem.Detail{Location: "header.Content-Type", Message: "must be application/json", Value: c.r.Header.Get("Content-Type")})
	}
	raw, err := io.ReadAll(c.r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return payload{}, problem.New(http.StatusRequestEntityTooLarge, "the body is too large",
			problem.Detail{Location: "body", Message: "must have at most " + decimal(tooLarge.Limit) + " bytes"})
	case err != nil:
		return payload{}, problem.New(http.StatusBadRequest, "the body cannot be read: "+err.Error())
	}
	value, mistakes := schema.Parse(raw)
	if len(mistakes) > 0 {
		return payload{}, problem.New(http.StatusBadRequest, "the body is not JSON as it should be", mistakes...)
	}
	if mistakes := c.book.Validate(s, schema.WithoutNulls(value)); len(mistakes) > 0 {
		return payload{}, problem.New(http.StatusBadRequest, "the body has mistakes", mistakes...)
	}
	value = oneName(value)
	return payload{raw: raw, patch: value, value: schema.WithoutNulls(value)}, nil
}

// object is the body as an object with its nulls.
func (p payload) object() map[string]any {
	object, _ := p.patch.(map[string]any)
	return object
}

// copyOf returns a deep copy of a JSON value.
func copyOf(value map[string]any) map[string]any {
	return schema.Merge(nil, value)
}

// text is a JSON object as bytes.
func text(fields map[string]any) ([]byte, error) { return json.Marshal(fields) }
