package filters

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestKeyword(t *testing.T) {
	says := func(words string) func(c *click.Click) { return func(c *click.Click) { c.Keyword = words } }
	head := func(c *click.Click) { c.Keyword, c.Purpose = "shoes", click.Head }
	long := strings.Repeat("ä", 2000)
	const twice = `{"max_duplicate_allowed": 2, "expires_in_seconds": 10}`
	for name, tc := range map[string]struct {
		settings string
		visits   []visit
	}{
		"often": {twice, []visit{
			{0, says("shoes"), Pass}, {1, says("hats"), Pass}, {2, says("SHOES"), Pass}, {3, says(" shoes\t"), Hit}, {4, says("hats"), Pass}, {10_000, says("shoes"), Pass},
		}},
		"none":            {twice, []visit{{0, says(""), Unknown}, {0, says(""), Unknown}, {0, says(""), Unknown}}},
		"long":            {twice, []visit{{0, says(long), Pass}, {0, says(long + "x"), Pass}, {0, says(long), Hit}}},
		"not counted":     {twice, []visit{{0, head, Pass}, {0, head, Pass}, {0, head, Pass}, {0, says("shoes"), Pass}, {0, says("shoes"), Pass}, {0, head, Hit}}},
		"words":           {`{"keywords": ["free", "money"]}`, []visit{{0, says("Freedom"), Hit}, {0, says("shoes"), Pass}, {0, says("easy MONEY"), Hit}}},
		"words and often": {`{"keywords": ["free"], "max_duplicate_allowed": 1, "expires_in_seconds": 10}`, []visit{{0, says("free"), Hit}, {0, says("x"), Pass}, {0, says("X"), Hit}}},
	} {
		t.Run(name, func(t *testing.T) { testVisits(t, compile(t, keyword, tc.settings), tc.visits) })
	}
	testRefused(t, keyword, []refused{
		{``, "", "rejects nothing"},
		{`{"max_duplicate_allowed": 1}`, "expires_in_seconds", "missing; max_duplicate_allowed needs a window"},
		{`{"expires_in_seconds": 1}`, "max_duplicate_allowed", "missing"},
		{`{"max_duplicate_allowed": 0, "expires_in_seconds": 1}`, "max_duplicate_allowed", "must be 1 to 1000000000, not 0"},
		{`{"max_duplicate_allowed": 1, "expires_in_seconds": 2592001}`, "expires_in_seconds", "not 2592001"},
		{`{"keywords": ["a"], "properties": {"has_user_agent": true}}`, "properties.has_user_agent", "unknown field"},
	})
}

// A keyword's detail is the word it has, or else the limit.
func TestKeywordDetail(t *testing.T) {
	f := compile(t, keyword, `{"keywords": ["a", "free"], "max_duplicate_allowed": 1, "expires_in_seconds": 10}`)
	for _, tc := range []struct{ keyword, want string }{{"hut", ""}, {"FREE", "free"}, {"hut", "more than 1 in 10 s"}, {"free", "free"}} {
		got := f.Check(visitor(func(c *click.Click) { c.Keyword = tc.keyword }))
		if got.Detail != tc.want || (got.Outcome == Hit) != (tc.want != "") {
			t.Errorf("%q: %s with detail %q, want %q", tc.keyword, got.Outcome, got.Detail, tc.want)
		}
	}
}
