package store

import (
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestFieldChanges(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"equal", `{"a":1}`, `{"a":1}`, ``},
		{"value", `{"a":1}`, `{"a":2}`, `~ a: 1 -> 2`},
		{"large number", `{"a":9007199254740993}`, `{"a":9007199254740992}`, `~ a: 9007199254740993 -> 9007199254740992`},
		{"added", `{}`, `{"a":"x"}`, `+ a: "x"`},
		{"removed", `{"a":"x"}`, `{}`, `- a: "x"`},
		{"nested", `{"a":{"b":1,"c":1}}`, `{"a":{"b":2,"d":1}}`, `~ a.b: 1 -> 2|- a.c: 1|+ a.d: 1`},
		{"object added", `{}`, `{"a":{"b":1}}`, `+ a: {"b":1}`},
		{"type", `{"a":[1]}`, `{"a":{"b":1}}`, `~ a: [1] -> {"b":1}`},
		{"null is a value", `{"a":null}`, `{}`, `- a: null`},
		{"markup", `{"a":"<"}`, `{"a":"&"}`, `~ a: "<" -> "&"`},
		{"names that are no words", `{"a":{"1.2.3.4":true,"b.c":1}}`, `{"a":{"1.2.3.4":false,"b.c":1}}`, `~ a["1.2.3.4"]: true -> false`},
		{"control characters", `{"a":"x"}`, `{"a":"\u009b31m\u001b[0m\u202e\u007f"}`, `~ a: "x" -> "\u009b31m\u001b[0m\u202e\u007f"`},

		{"entry changed", `{"a":[1,2,3]}`, `{"a":[1,4,3]}`, `- a[1]: 2|+ a[1]: 4`},
		{"entries added", `{"a":["x"]}`, `{"a":["w","x","y"]}`, `+ a[0]: "w"|+ a[2]: "y"`},
		{"entry doubled", `{"a":["x"]}`, `{"a":["x","x"]}`, `+ a[1]: "x"`},
		{"entries moved", `{"a":["x","y"]}`, `{"a":["y","x"]}`, `~ a: ["x","y"] -> ["y","x"]`},
		{"number and text", `{"a":[1]}`, `{"a":["1"]}`, `- a[0]: 1|+ a[0]: "1"`},
		{"filter changed", `{"f":[{"type":"BOT"},{"type":"VPN","settings":{"x":1}}]}`, `{"f":[{"type":"BOT"},{"type":"VPN","settings":{"x":2}}]}`, `~ f[VPN].settings.x: 1 -> 2`},
		{"filter before others", `{"f":[{"type":"VPN"}]}`, `{"f":[{"type":"BOT"},{"type":"VPN"}]}`, `+ f[BOT]: {"type":"BOT"}|~ f (order): VPN -> BOT, VPN`},
		{"filter behind others", `{"f":[{"type":"VPN"}]}`, `{"f":[{"type":"VPN"},{"type":"BOT"}]}`, `+ f[BOT]: {"type":"BOT"}`},
		{"filter gone", `{"f":[{"type":"VPN"},{"type":"BOT"}]}`, `{"f":[{"type":"BOT"}]}`, `- f[VPN]: {"type":"VPN"}`},
		{"filters moved", `{"f":[{"type":"VPN"},{"type":"BOT"}]}`, `{"f":[{"type":"BOT"},{"type":"VPN"}]}`, `~ f (order): VPN, BOT -> BOT, VPN`},
		{"filters of two planes", `{"f":[{"type":"BOT","target":"click"},{"type":"BOT","target":"conversion"}]}`, `{"f":[{"type":"BOT","target":"click","invert":true},{"type":"BOT","target":"conversion"}]}`, `+ f[BOT click].invert: true`},
		{"objects without names", `{"f":[{"x":1},{"x":2}]}`, `{"f":[{"x":1},{"x":3},{"x":4}]}`, `~ f[1].x: 2 -> 3|+ f[2]: {"x":4}`},
		{"objects of one name", `{"f":[{"type":"A","x":1},{"type":"A"}]}`, `{"f":[{"type":"A","x":2},{"type":"A"}]}`, `~ f[0].x: 1 -> 2`},

		{"secret", `{"conversion_secure_code":"old"}`, `{"conversion_secure_code":"new"}`, `~ conversion_secure_code: "***" -> "***"`},
		{"secret within", `{"conversions_config":{"signing_key":"old"}}`, `{"conversions_config":{"signing_key":"new"}}`, `~ conversions_config.signing_key: "***" -> "***"`},
		{"secret added", `{}`, `{"settings":{"api_key":"k","b":1}}`, `+ settings: {"api_key":"***","b":1}`},
		{"secret in a list", `{}`, `{"filters":[{"settings":{"Password":{"x":"y"}}}]}`, `+ filters: [{"settings":{"Password":"***"}}]`},
		{"below a secret", `{"secrets":{"a":["x"]}}`, `{"secrets":{"a":["y"]}}`, `~ secrets.a: "***" -> "***"`},
		{"header", `{"headers":{"X-Api-Key":["x"]}}`, `{"headers":{"X-Api-Key":["y"],"Authorization":["z"]}}`, `+ headers.Authorization: "***"|~ headers.X-Api-Key: "***" -> "***"`},
	} {
		changes, err := fieldChanges([]byte(c.old), []byte(c.new))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		lines := make([]string, len(changes))
		for i := range changes {
			lines[i] = changes[i].String()
		}
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// No value of a secret shows, whether its document is created or changed.
func TestPlanHidesSecrets(t *testing.T) {
	n := startServer(t)
	s := n.open()
	doc := &config.Integration{
		Meta: config.Meta{ID: "demo", Organization: "org"}, Name: "demo", Type: "custom",
		Active: true, ConversionSecureCode: "first-secret",
	}
	created, err := stepFor(load(t, s).Set, doc)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, 0, Change{Puts: []config.Document{doc}})
	next := *doc
	next.ConversionSecureCode = "second-secret"
	updated, err := stepFor(load(t, s).Set, &next)
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{Steps: []Step{created, updated}}.String()
	if strings.Contains(plan, "-secret") || strings.Count(plan, "conversion_secure_code: "+Hidden) != 2 {
		t.Errorf("the plan shows secrets or hides their change:\n%s", plan)
	}
}

// FuzzFieldChanges wants every difference told, none where there is none, each
// on one line that is safe to print, and no secret in any.
func FuzzFieldChanges(f *testing.F) {
	f.Add(`{"f":[{"type":"BOT"},{"type":"VPN","x":[1,2]}]}`, `{"f":[{"type":"VPN","x":[2,1,3]},{"type":"BOT"}],"token":{"a":"~~"}}`)
	f.Add(`{"a":[{"id":1},{"id":2}],"b":null}`, `{"a":[{"id":2},{"id":"1"},[]],"\u009b":0}`)
	f.Fuzz(func(t *testing.T, older, newer string) {
		was, err := parseJSON([]byte(older))
		is, err2 := parseJSON([]byte(newer))
		if _, ok := is.(map[string]any); !ok || err != nil || err2 != nil {
			return
		}
		if _, ok := was.(map[string]any); !ok {
			return
		}
		older, newer = text(was), text(is)
		changes, err := fieldChanges([]byte(older), []byte(newer))
		if err != nil {
			t.Fatal(err)
		}
		if same := older == newer; same != (len(changes) == 0) {
			t.Errorf("%s and %s: equal is %t, changes are %v", older, newer, same, changes)
		}
		hidden, err := fieldChanges([]byte(`{"secret":`+older+`}`), []byte(`{"secret":`+newer+`,"list":[{"password":`+newer+`}]}`))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range slices.Concat(changes, hidden) {
			if strings.ContainsFunc(c.String(), isControl) {
				t.Errorf("%q is not safe to print", c)
			}
		}
		for _, c := range hidden {
			if c.New != Hidden && c.Old != Hidden && c.New != `[{"password":"***"}]` {
				t.Errorf("%s: a secret is shown", c)
			}
		}
	})
}
