package convert

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/click"
)

func told(params []click.Param) string {
	var b strings.Builder
	for _, p := range params {
		fmt.Fprintf(&b, "%s=%s;", p.Name, p.Value)
	}
	return b.String()
}

func TestReadBody(t *testing.T) {
	for name, tt := range map[string]struct{ contentType, body, want, err string }{
		"nothing":            {"", " ", "", ""},
		"form":               {"application/x-www-form-urlencoded; charset=utf-8", "a=1+2&b=%C3%BC&&c", "a=1 2;b=ü;c=;", ""},
		"json":               {"application/json", `{"a":"x","b":12.50,"c":true,"d":null,"e":""}`, "a=x;b=12.50;c=true;", ""},
		"json in text":       {"text/plain;charset=UTF-8", `{"a":1}`, "a=1;", ""},
		"form without type":  {"", "a=1", "a=1;", ""},
		"another type":       {"multipart/form-data; boundary=x", "--x", "", ErrMediaType.Error()},
		"a bad type":         {"a/b/c;;", "x", "", ErrMediaType.Error()},
		"nested":             {"application/json", `{"a":{"b":1}}`, "", `parameter "a": it must be a text, a number or a boolean`},
		"a list":             {"application/json", `[1]`, "", "the body must be a JSON object"},
		"two objects":        {"application/json", `{} {}`, "", "the body holds more than one JSON object"},
		"cut off":            {"application/json", `{"a":`, "", "the body is JSON that ends too soon"},
		"bad escape":         {formType, "a=%zz", "", `parameter "a": its value is badly escaped`},
		"bad escape in name": {formType, "%zz=1", "", `parameter "%zz": its name is badly escaped`},
		"no UTF-8":           {formType, "a=%ff", "", `parameter "a": it is no UTF-8`},
		"no name":            {formType, "=1", "", `parameter "": a name has 1 to 255 bytes`},
		"a long value":       {formType, "a=" + strings.Repeat("x", maxValue+1), "", `parameter "a": a value has at most 4096 bytes, not 4097`},
		"too many":           {formType, strings.Repeat("a=1&", maxParams+1), "", "at most 256 parameters are allowed"},
		"too many in json":   {jsonType, "{" + strings.Repeat(`"a":1,`, maxParams) + `"a":1}`, "", "at most 256 parameters are allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			params, err := ReadBody(nil, tt.contentType, []byte(tt.body))
			if got := told(params); tt.err == "" && got != tt.want {
				t.Errorf("read %q, want %q", got, tt.want)
			}
			if got := fmt.Sprint(err); tt.err != "" && got != tt.err || tt.err == "" && err != nil {
				t.Errorf("the error is %q, want %q", got, tt.err)
			}
		})
	}
}

func TestReadBatch(t *testing.T) {
	for name, tt := range map[string]struct{ body, want, err string }{
		"list":        {`[{"a":1},{"b":"x"}]`, "a=1;|b=x;|", ""},
		"wrapped":     {`{"conversions":[{"a":1}]}`, "a=1;|", ""},
		"one is bad":  {`[{"a":1},{"b":[]},7]`, `a=1;|parameter "b": it must be a text, a number or a boolean|the body must be a JSON object|`, ""},
		"empty":       {`[]`, "", "a batch holds 1 to 1000 conversions, not 0"},
		"too many":    {`[` + strings.Repeat(`{},`, MaxBatch) + `{}]`, "", "a batch holds 1 to 1000 conversions, not 1001"},
		"cut off":     {`[{"a":1}`, "", "the body is JSON that ends too soon"},
		"more behind": {`[{"a":1}] x`, "", "something follows the list of conversions"},
	} {
		t.Run(name, func(t *testing.T) {
			batch, err := ReadBatch([]byte(tt.body))
			got := ""
			for _, e := range batch {
				if e.Err != nil {
					got += e.Err.Error()
				}
				got += told(e.Params) + "|"
			}
			if got != tt.want || tt.err != "" && fmt.Sprint(err) != tt.err || tt.err == "" && err != nil {
				t.Errorf("read %q and %v, want %q and %q", got, err, tt.want, tt.err)
			}
		})
	}
}

// FuzzRead: whatever comes, what is read keeps to its bounds.
func FuzzRead(f *testing.F) {
	f.Add("application/json", []byte(`{"a":"x","b":1e5}`))
	f.Add("", []byte("a=1&b=%41"))
	f.Add("text/plain", []byte(`[{"a":1}]`))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		params, err := ReadBody(nil, contentType, body)
		if err != nil {
			return
		}
		check(t, params)
		batch, _ := ReadBatch(body)
		for _, e := range batch {
			check(t, e.Params)
		}
	})
}

func check(t *testing.T, params []click.Param) {
	t.Helper()
	if len(params) > maxParams {
		t.Errorf("%d parameters were read", len(params))
	}
	for _, p := range params {
		if p.Name == "" || len(p.Name) > maxName || len(p.Value) > maxValue || !utf8.ValidString(p.Name+p.Value) {
			t.Errorf("%q=%q was read", p.Name, p.Value)
		}
	}
}
