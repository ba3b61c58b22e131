package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

var (
	_ huma.StatusError       = (*Problem)(nil)
	_ huma.ContentTypeFilter = (*Problem)(nil)
)

func TestWrite(t *testing.T) {
	p := New(http.StatusUnprocessableEntity, "the rules refuse this", Detail{Location: "body.name", Message: "missing"})
	w := httptest.NewRecorder()
	Write(w, httptest.NewRequest("POST", "/api/v2/offers?page[size]=1", nil), p)
	if w.Code != http.StatusUnprocessableEntity || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %d as %s", w.Code, w.Header().Get("Content-Type"))
	}
	want := `{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"the rules refuse this",` +
		`"instance":"/api/v2/offers","errors":[{"location":"body.name","message":"missing"}]}`
	if got := strings.TrimSpace(w.Body.String()); got != want {
		t.Errorf("the body is\n%s\nwant\n%s", got, want)
	}
	if p.Instance != "" {
		t.Error("Write changed the problem")
	}
	w = httptest.NewRecorder()
	Write(w, httptest.NewRequest("HEAD", "/", nil), p)
	if w.Body.Len() > 0 {
		t.Errorf("a HEAD request was answered with a body: %s", w.Body)
	}
}

func TestError(t *testing.T) {
	err := fmt.Errorf("create: %w", New(http.StatusConflict, "taken", Detail{Location: "body.name", Message: "is taken"}, Detail{Message: "and so on"}))
	if got, want := err.Error(), "create: 409 taken; body.name: is taken; and so on"; got != want {
		t.Errorf("the error reads %q, want %q", got, want)
	}
	var status huma.StatusError
	if !errors.As(err, &status) || status.GetStatus() != http.StatusConflict {
		t.Errorf("the status is lost in %v", err)
	}
}

func TestValues(t *testing.T) {
	long := strings.Repeat("é", longest+1)
	for _, tc := range []struct {
		location string
		value    any
		want     string
	}{
		{"body.name", "x", `"x"`},
		{"body.name", nil, `null`},
		{"body.name", long, `"` + strings.Repeat("é", longest) + `..."`},
		{"body.name", strings.Repeat("é", longest), `"` + strings.Repeat("é", longest) + `"`},
		{"body.name", "a\xffb", `"a�b"`},
		{"body.priority", json.Number("12345678901234567890"), `12345678901234567890`},
		{"body.priority", json.Number(strings.Repeat("1", longest+1)), `"` + strings.Repeat("1", longest) + `..."`},
		{"body.priority", json.Number("no number"), `"no number"`},
		{"body.priority", int64(7), `7`},
		{"body.priority", 1.5, `1.5`},
		{"body.priority", math.NaN(), `"NaN"`},
		{"body.active", true, `true`},
		{"body.filters", []any{"x"}, `null`},
		{"body.filters", map[string]any{"password": "x"}, `null`},
		{"body.filters", make(chan int), `null`},
		{"body.password", "x", `null`},
		{"body.data[3].Password", "x", `null`},
		{"body.conversion_secure_code", "x", `null`},
		{"body.click_signing_configs.main.api_key", "x", `null`},
		{"body.account_key", json.Number("1"), `null`},
		{"body.password_hash", "x", `null`},
		{"header.API-KEY", "x", `null`},
		{"header.Authorization", "Bearer x", `null`},
	} {
		p := New(http.StatusBadRequest, "", Detail{tc.location, "wrong", tc.value})
		if got, err := json.Marshal(p.Errors[0].Value); string(got) != tc.want {
			t.Errorf("the value %v at %s is told as %s (%v), want %s", tc.value, tc.location, got, err, tc.want)
		}
	}
}

func TestLongLocations(t *testing.T) {
	p := New(http.StatusBadRequest, "", Detail{Location: "body." + strings.Repeat("x", 1000)})
	if got := p.Errors[0].Location; len(got) != longestLocation+3 {
		t.Errorf("the location has %d bytes: %s", len(got), got)
	}
}

func TestCallersMistakesStay(t *testing.T) {
	mine := []Detail{{"body.password", "too short", "x"}}
	if New(http.StatusBadRequest, "", mine...); mine[0].Value != "x" {
		t.Errorf("the caller's mistake became %v", mine[0])
	}
}

func TestManyMistakes(t *testing.T) {
	var l List
	for range Most + 5 {
		l.Add("body", nil, "wrong")
	}
	if l.Skip(); !l.Full() {
		t.Error("the list is not full")
	}
	p := New(http.StatusBadRequest, "", l.Details()...)
	if n, last := len(p.Errors), p.Errors[len(p.Errors)-1].Message; n != Most+1 || last != "and 6 more mistakes" {
		t.Errorf("%d mistakes are listed, the last one says %q", n, last)
	}
	p = New(http.StatusBadRequest, "", make([]Detail, Most+7)...)
	if n, last := len(p.Errors), p.Errors[len(p.Errors)-1].Message; n != Most+1 || last != "and 7 more mistakes" {
		t.Errorf("%d mistakes are told, the last one says %q", n, last)
	}
}
