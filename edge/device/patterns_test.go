package device

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
	"github.com/clickgate/clickgate/internal/testdata"
)

// disguised is a browser's string that only a list can call a program's.
const disguised = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7777.77 Safari/537.36"

func TestParsePatternsRefuses(t *testing.T) {
	long := strings.Repeat("x", maxPatternLen+1)
	for _, tc := range []struct{ name, file, data, want string }{
		{"nothing", "bots.txt", "", "bots.txt: the file is empty"},
		{"an open bracket", "bots.txt", "fine\n\nbot(", `bots.txt:3: pattern "bot(": missing closing`},
		{"brackets that only fit together with ours", "bots.txt", "acme)|(zebra", `bots.txt:1: pattern "acme)|(zebra": unexpected )`},
		{"a look-ahead", "bots.txt", "bot(?!tle)", `bots.txt:1: pattern "bot(?!tle)": invalid or unsupported Perl syntax: ` + "`(?!`"},
		{"a look-ahead in JSON", "bots.json", `[{"pattern":"fine"},{"pattern":"bot(?=x)"}]`, `bots.json: entry 2: pattern "bot(?=x)": invalid or unsupported Perl syntax`},
		{"a back-reference", "bots.json", `[{"pattern":"(a)\\1"}]`, `bots.json: entry 1: pattern "(a)\\1": invalid escape sequence`},
		{"everybody", "bots.txt", ".*", `bots.txt:1: pattern ".*" matches every browser`},
		{"every browser", "bots.txt", "MOZILLA", `bots.txt:1: pattern "MOZILLA" matches every browser`},
		{"an empty pattern", "bots.json", `[{"pattern":""}]`, "bots.json: entry 1: the pattern is empty"},
		{"no pattern", "bots.json", `[{"pattern":"a1b2"},{"url":"x"}]`, "bots.json: entry 2: has no field pattern"},
		{"an object", "bots.json", `{"pattern":"x"}`, "bots.json: no list of objects with a pattern each"},
		{"no JSON", "BOTS.JSON", `Googlebot`, "BOTS.JSON: no list of objects"},
		{"a long pattern", "bots.txt", long, "501 bytes, at most 500 are allowed"},
		{"too many", "bots.txt", strings.Repeat("bot\n", maxPatterns+1), "20001 patterns, at most 20000 are allowed"},
		{"many mistakes", "bots.txt", strings.Repeat("(\n", source.BadLinesShown+5), "bots.txt: 5 more bad patterns"},
	} {
		all, err := parsePatterns(tc.file, []byte(tc.data))
		if err == nil || !strings.Contains(err.Error(), tc.want) || all != nil {
			t.Errorf("%s: parsePatterns = %d patterns, error %v, want none and an error with %q", tc.name, len(all), err, tc.want)
		}
	}
}

func TestPatternsMatchAsTheirFormatSays(t *testing.T) {
	for _, tc := range []struct {
		name, file, data, ua string
		want                 bool
	}{
		{"a word", "bots.txt", "# ours\n\n  acme \n", "x ACME y", true},
		{"a hash inside", "bots.txt", "ac#me", "ac#me", true},
		{"byte order mark", "bots.txt", "\ufeffacme", "acme", true},
		{"one of two words", "bots.txt", "acme|zebra", "a zebra", true},
		{"case behind a bar", "bots.txt", "^acme|zebra$", "a Zebra", true},
		{"case in JSON", "bots.json", `[{"pattern":"acme","url":"u","instances":["x"],"tags":[]}]`, "ACME", false},
		{"a slash", "bots.json", `[{"pattern":"acme\\/"}]`, "acme/1", true},
		{"any character", "bots.json", `[{"pattern":"acme[^]rss"}]`, "acme\nrss", true},
		{"no character", "bots.json", `[{"pattern":"acme[]"}]`, "acme", false},
		{"a code point", "bots.json", `[{"pattern":"acme\\u00e9"}]`, "acmeé", true},
		{"a control character", "bots.json", `[{"pattern":"acme\\cI"}]`, "acme\t", true},
		{"a bracket in a class", "bots.json", `[{"pattern":"acme[[:alpha:]"}]`, "acmez", false},
		{"the bracket itself", "bots.json", `[{"pattern":"acme[[x]"}]`, "acme[", true},
	} {
		all, err := parsePatterns(tc.file, []byte(tc.data))
		if err != nil || len(all) != 1 {
			t.Errorf("%s: %d patterns, error %v", tc.name, len(all), err)
			continue
		}
		if got := regexp.MustCompile(all[0].expr).MatchString(tc.ua); got != tc.want {
			t.Errorf("%s: %s as %s matches %q: %v, want %v", tc.name, tc.data, all[0].expr, tc.ua, got, tc.want)
		}
	}
}

func TestNewRefusesBrokenPatterns(t *testing.T) {
	dir := t.TempDir()
	for _, tc := range []struct{ name, data, want string }{
		{"bad.txt", "(", "bad.txt:1: pattern"},
		{"dear.txt", strings.Repeat(`\d{7}`+"\n", maxWordless+1), "21 patterns match without a word"},
	} {
		path := filepath.Join(dir, tc.name)
		write(t, path, tc.data)
		if p, err := New(Options{BotPatterns: []string{path}}); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("New with %s = %v, %v, want an error with %q", tc.name, p, err, tc.want)
		}
	}
	if _, err := New(Options{BotPatterns: []string{filepath.Join(dir, "absent")}}); err == nil {
		t.Error("New without the file it should read succeeds")
	}
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestListedPrograms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bots.txt")
	write(t, path, "nothing\nchrome/140\\.0\\.7777\\.")
	p := newParser(t, Options{BotPatterns: []string{path}})
	want := click.Device{Type: typeBot, Bot: true, BotName: `chrome/140\.0\.7777\.`, BotClass: click.GIVT}
	if got := p.Parse(disguised); *got != want {
		t.Errorf("Parse of a listed program = %+v, want %+v", *got, want)
	}
	if got := p.Parse(chromeWindows); got.Bot {
		t.Errorf("Parse of a browser that is not listed = %+v", *got)
	}
	if got := p.Parse(googlebot); got.BotName != "Googlebot" {
		t.Errorf("a program that is known has the name %q, want its own", got.BotName)
	}
}

// A changed list judges anew what the cache holds; a broken one changes nothing.
func TestPatternsAreReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bots.txt")
	write(t, path, "# none yet\n")
	synctest.Test(t, func(t *testing.T) {
		p, err := New(Options{BotPatterns: []string{path}, Poll: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		changes := make(chan source.Change, 1)
		go p.Watch(ctx, func(c source.Change) { changes <- c })
		for i, step := range []struct {
			data    string
			refused bool
			bot     bool
		}{{"chrome/140\n", false, true}, {"(((\n", true, true}, {"# nobody at all\n", false, false}} {
			p.Parse(disguised)
			write(t, path, step.data)
			later := time.Now().Add(time.Duration(i+1) * time.Minute) // another version, however coarse the clock
			if err := os.Chtimes(path, later, later); err != nil {
				t.Fatal(err)
			}
			if c := <-changes; (c.Err != nil) != step.refused {
				t.Errorf("%q: the change has error %v", step.data, c.Err)
			}
			if got := p.Parse(disguised).Bot; got != step.bot {
				t.Errorf("after %q the agent is a bot: %v, want %v", step.data, got, step.bot)
			}
		}
	})
}

// crawler-user-agents' own list is read whole.
func TestPublicPatterns(t *testing.T) {
	all, err := parsePatterns("patterns.json", testdata.Read(t, "bots/crawler-user-agents/patterns.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 1400 {
		t.Errorf("only %d patterns", len(all))
	}
	find := publicList(t)
	for _, r := range corpus(t, "bots/crawler-user-agents/instances.jsonl") {
		if find.sign(r.UA).class != program {
			t.Errorf("no pattern knows %q", r.UA)
		}
	}
	for _, r := range corpus(t, "ua/browsers/fake-useragent.jsonl.gz") {
		if s := find.sign(r.UA); s.class != person {
			t.Errorf("pattern %q knows %q", s.name, r.UA)
		}
	}
}
