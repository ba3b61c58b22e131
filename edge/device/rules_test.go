package device

import (
	"testing"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/testdata"
)

// With uap-core's newest rules the families are those its own tests want. (The
// package's built-in rules are older than the test data.)
func TestFamiliesOfUapCore(t *testing.T) {
	rules, err := uap.New(testdata.Read(t, "ua/uap-core/regexes.yaml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		set  string
		same func(row, uap.Result) bool
	}{
		{"ua/uap-core/test_ua.jsonl", func(r row, got uap.Result) bool { return got.Browser.Family == r.Family }},
		{"ua/uap-core/test_os.jsonl", func(r row, got uap.Result) bool { return got.OS.Family == r.Family }},
		{"ua/uap-core/test_device.jsonl.gz", func(r row, got uap.Result) bool {
			return got.Device.Family == r.Family && got.Device.Brand == r.Brand && got.Device.Model == r.Model
		}},
	} {
		for _, r := range corpus(t, tc.set) {
			if got := rules.Parse(r.UA); !tc.same(r, got) {
				t.Errorf("%s: %+v, want %+v", tc.set, got, r)
			}
		}
	}
}

// The rules see programs that the classifier does not, and are believed where
// they do not just find a word inside another.
func TestLookBelievesSpiders(t *testing.T) {
	p := newParser(t, Options{})
	for _, tc := range []struct {
		ua  string
		bot bool
	}{
		{"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Banca Caboto)", false},
		{"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/4.0 oegp", true},
	} {
		if r := p.rules.Parse(tc.ua); r.Device.Family != uap.Spider {
			t.Fatalf("the rules no longer take %q for a spider: %+v", tc.ua, r)
		}
		if d := look(p.rules, tc.ua); d.Bot != tc.bot {
			t.Errorf("look(%q) = %+v, want Bot %v", tc.ua, *d, tc.bot)
		}
	}
}
