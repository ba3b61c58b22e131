package link

import (
	"strconv"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// FuzzParse compares Parse with a decoder too simple to be wrong.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		typicalQuery, "", "&&=&%&%4&a=%zz", "a=1;b=2&+=+", "offer=%00%0d%0a", "redirect_url=https%3A%2F%2Fa.example%2F%3Fb%3Dc",
		strings.Repeat("a=b&", MaxParams+1), "a=" + strings.Repeat("%41", MaxQuery/3),
	} {
		f.Add(seed)
	}
	m, c := NewMapping(config.ClickParameters{}), new(click.Click)
	f.Fuzz(func(t *testing.T, query string) {
		c.Reset()
		options := m.Parse(c, query)
		want, truncated := reference(query)
		if options.Truncated != truncated {
			t.Fatalf("truncated is %v, want %v", options.Truncated, truncated)
		}
		if len(c.Params) != len(want) {
			t.Fatalf("%d parameters, want %d", len(c.Params), len(want))
		}
		offer, short := "", ""
		for i, p := range c.Params {
			if p.Name != want[i].Name || p.Value != want[i].Value {
				t.Errorf("parameter %d is %q=%q, want %q=%q", i, p.Name, p.Value, want[i].Name, want[i].Value)
			}
			if p.Name == "offer_id" && offer == "" {
				offer = p.Value
			}
			if p.Name == "offer" && short == "" {
				short = p.Value
			}
		}
		if offer == "" {
			offer = short
		}
		if c.Offer != offer {
			t.Errorf("offer is %q, want %q", c.Offer, offer)
		}
	})
}

func reference(query string) (params []click.Param, truncated bool) {
	size := 0
	for i, pair := range strings.Split(query, "&") {
		size += len(pair)
		if i > 0 {
			size++
		}
		if size > MaxQuery {
			return params, true
		}
		if pair == "" {
			continue
		}
		if len(params) == MaxParams {
			return params, true
		}
		name, value, _ := strings.Cut(pair, "=")
		params = append(params, click.Param{Name: referenceDecode(name), Value: referenceDecode(value)})
	}
	return params, false
}

func referenceDecode(s string) string {
	out := ""
	for s != "" {
		if s[0] == '%' && len(s) > 2 {
			if b, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
				out += string([]byte{byte(b)})
				s = s[3:]
				continue
			}
		}
		if s[0] == '+' {
			out += " "
		} else {
			out += s[:1]
		}
		s = s[1:]
	}
	return out
}
