package explain

import (
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	event := strings.Repeat("0a", 16)
	for name, tt := range map[string]struct {
		request Request
		want    string // empty for a valid one
	}{
		"a path":              {Request{URL: "/click?offer_id=1"}, ""},
		"a URL":               {Request{URL: "https://t.example/click", Method: "HEAD", Address: "2001:db8::1", Headers: []Header{{"Accept", "*/*"}}}, ""},
		"an event":            {Request{EventID: event, Node: "a"}, ""},
		"nothing":             {Request{}, "url: missing"},
		"no host":             {Request{URL: "https:///click"}, "neither a URL nor a path"},
		"a word":              {Request{URL: "click"}, "neither a URL nor a path"},
		"no address":          {Request{URL: "/", Address: "somewhere"}, `address: "somewhere" is not an IP address`},
		"another method":      {Request{URL: "/", Method: "PUT"}, "allowed are GET, HEAD, POST"},
		"a post":              {Request{URL: "/conversion", Method: "POST", Body: "a=b"}, ""},
		"a body of a GET":     {Request{URL: "/", Body: "a=b"}, "body: only a POST has one"},
		"a long body":         {Request{URL: "/", Method: "POST", Body: strings.Repeat("x", MaxBody+1)}, "body: it has 65537 bytes; allowed are 65536"},
		"an event and a body": {Request{EventID: event, Body: "a=b"}, "leave out url"},
		"a header of two":     {Request{URL: "/", Headers: []Header{{"A", "b\r\nC: d"}}}, "headers[0]"},
		"a header of no name": {Request{URL: "/", Headers: []Header{{"", "b"}}}, "headers[0]"},
		"an event and more":   {Request{EventID: event, URL: "/"}, "leave out url"},
		"an event and a time": {Request{EventID: event, Time: time.Unix(1, 0)}, "leave out url"},
		"an id that is none":  {Request{EventID: "xyz"}, "32 lower-case hex digits"},
		"an id in upper case": {Request{EventID: strings.ToUpper(event)}, "32 lower-case hex digits"},
	} {
		err := tt.request.Validate()
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
