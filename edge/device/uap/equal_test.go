package uap

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ua-parser/uap-go/uaparser"
	"go.yaml.in/yaml/v3"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
	"github.com/clickgate/clickgate/internal/testdata"
)

// pair is our parser and the package's, made of the same rules.
type pair struct {
	ours *Parser
	pkg  *uaparser.Parser
}

func newPair(tb testing.TB, rules []byte) pair {
	tb.Helper()
	ours, err := New(rules)
	if err != nil {
		tb.Fatal(err)
	}
	var defs uaparser.RegexDefinitions
	if err := yaml.Unmarshal(rules, &defs); err != nil {
		tb.Fatal(err)
	}
	pkg, err := uaparser.New(uaparser.WithRegexDefinitions(defs), uaparser.WithCacheSize(1))
	if err != nil {
		tb.Fatal(err)
	}
	return pair{ours, pkg}
}

var defaultPair = sync.OnceValue(func() pair { return newPair(panicky{}, uaparser.DefinitionYaml) })

// panicky is for what is made once for many tests.
type panicky struct{ testing.TB }

func (panicky) Helper()           {}
func (panicky) Fatal(args ...any) { panic(args) }

func (p pair) want(ua string) Result { return pkgParse(p.pkg, ua) }

// pkgParse asks the package for all three, one after the other: its Parse starts
// a goroutine for each, which is slower for short strings.
func pkgParse(pkg *uaparser.Parser, ua string) Result {
	b, o, d := pkg.ParseUserAgent(ua), pkg.ParseOs(ua), pkg.ParseDevice(ua)
	return Result{
		Browser{b.Family, b.Major, b.Minor, b.Patch},
		OS{o.Family, o.Major, o.Minor, o.Patch, o.PatchMinor},
		Device{d.Family, d.Brand, d.Model},
	}
}

// compare reports where the two differ, for each of the user agents.
func (p pair) compare(t *testing.T, uas []string) {
	t.Helper()
	var wg sync.WaitGroup
	next := make(chan string)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ua := range next {
				p.compareOne(t, ua)
			}
		})
	}
	for _, ua := range uas {
		next <- ua
	}
	close(next)
	wg.Wait()
	t.Logf("compared %d user agents", len(uas))
}

// compareOne reports where the two differ. What a device rule calls Spider out
// of the user agent's own words is no spider to Browse.
func (p pair) compareOne(t *testing.T, ua string) {
	t.Helper()
	want := p.want(ua)
	if got := p.ours.Parse(ua); got != want {
		t.Errorf("%q\n got %+v\nwant %+v", ua, got, want)
	}
	spider := want.Device.Family == Spider && want.Device.Brand == Spider
	if b, o, s := p.ours.Browse(ua); b != want.Browser || o != want.OS || s != spider {
		t.Errorf("%q\n Browse says %+v %+v %v\nwant %+v %+v %v", ua, b, o, s, want.Browser, want.OS, spider)
	}
}

// corpus reads the distinct user agents of all data sets: every JSON line with
// a "ua", and crawler-user-agents' own format.
func corpus(tb testing.TB) []string {
	tb.Helper()
	seen := map[string]bool{}
	var uas []string
	for _, folder := range []string{"ua", "bots"} {
		root := testdata.Path(tb, folder)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.Contains(path, ".jsonl") {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			for _, ua := range agents(tb, filepath.Join(folder, rel)) {
				if !seen[ua] {
					seen[ua] = true
					uas = append(uas, ua)
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if len(uas) < 1000 {
		tb.Fatalf("the data sets hold only %d user agents", len(uas))
	}
	return uas
}

func agents(tb testing.TB, name string) []string {
	var uas []string
	lines := bufio.NewScanner(bytes.NewReader(testdata.Read(tb, name)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct{ UA string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			tb.Fatalf("%s: %v in %s", name, err, lines.Bytes())
		}
		uas = append(uas, row.UA)
	}
	return uas
}

// every keeps each nth.
func every(n int, uas []string) []string {
	var kept []string
	for i := 0; i < len(uas); i += n {
		kept = append(kept, uas[i])
	}
	return kept
}

// thorough asks for all that a machine has time for at night.
var thorough = os.Getenv("CLICKGATE_THOROUGH") != ""

func TestEqualOnCorpus(t *testing.T) {
	step := 8 * sparse
	if thorough {
		step = 1
	}
	defaultPair().compare(t, every(step, corpus(t)))
}

// The rules of a file, here uap-core's newest.
func TestEqualWithNewerRules(t *testing.T) {
	step := 16 * sparse
	if thorough {
		step = 1
	}
	newPair(t, testdata.Read(t, "ua/uap-core/regexes.yaml.gz")).compare(t, every(step, corpus(t)))
}

func generated(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 0))
	uas := make([]string, n)
	for i := range uas {
		uas[i] = uatest.Modern(r)
	}
	return uas
}

func TestEqualOnModern(t *testing.T) {
	n := 1000 / sparse
	if thorough {
		n = 50000
	}
	defaultPair().compare(t, generated(1, n))
}

func TestEqualOnMutants(t *testing.T) {
	n := 1000 / sparse
	if thorough {
		n = 50000
	}
	sources := append(generated(2, 500), samples...)
	r := rand.New(rand.NewPCG(3, 0))
	uas := make([]string, n)
	for i := range uas {
		uas[i] = uatest.Mutant(r, sources[r.IntN(len(sources))], sources[r.IntN(len(sources))])
		uas[i] = uas[i][:min(len(uas[i]), 512)]
	}
	defaultPair().compare(t, uas)
}

// samples are strings of the kinds that have been a difference, or might be.
var samples = []string{
	"", " ", "\x00", "\xff\xfe", "Mozilla/5.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.48 Mobile Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 (compatible; \u017fpider; \u212aindle)", "GeoEvent Server 1", "Nokia\xff6280/é中 \xe2\x84 Symbian",
	"Mozilla/5.0 (Linux; U; Android 4.0; HTC_One_X Build/中) AppleWebKit/534.30", "CSimpleSpider LEIA WIRE bingbot/1.2.3",
}

func FuzzEqual(f *testing.F) {
	for _, ua := range append(generated(4, 20), samples...) {
		f.Add(ua)
	}
	p := defaultPair()
	f.Fuzz(func(t *testing.T, ua string) {
		p.compareOne(t, ua[:min(len(ua), 512)])
	})
}
