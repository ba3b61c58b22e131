package filters

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

func hasProblem(problems config.Problems, path, words string) bool {
	for _, p := range problems {
		if p.Path == path && strings.Contains(p.Message, words) {
			return true
		}
	}
	return false
}

func TestCompileNamesAllMistakes(t *testing.T) {
	chain, problems := newChain([]config.Filter{
		{Type: "BOT", Settings: config.Raw(`{"premium": true, "reject_empty_browser_language": 7}`)},
		{Type: "BTO"},
		{Type: "VPN", Target: config.PlaneConversion},
		{Type: "DUPLICATE_USER", Settings: config.Raw(`[{"enable_duplicate_ip": true}]`)},
		{Type: "ISP", Settings: config.Raw(`{"keywords": ["a"]}`)},
		{Type: "ISP", Settings: config.Raw(`{"keywords": ["b"]}`)},
	}, testEnv())
	if chain != nil {
		t.Error("there is a chain beside the problems")
	}
	for _, want := range []struct{ path, words string }{
		{"[0].settings.premium", ""},
		{"[0].settings.reject_empty_browser_language", ""},
		{"[1].type", `unknown filter type "BTO"; for clicks there are BOT, VPN, OLD_BROWSER, OLD_OS, DEVICE_ID, PARAMETER, SUB_ID_VALIDITY_CHECK, DUPLICATE_USER, CLICK_FLOODING, ISP, KEYWORD, REFERER, CONVERSION_REJECTION_THRESHOLD`},
		{"[2].target", `is "conversion" in a list that judges clicks`},
		{"[3].settings[0].max_duplicates", "must be 1"},
		{"[5].type", "ISP stands twice"},
	} {
		if !hasProblem(problems, want.path, want.words) {
			t.Errorf("no problem at %q says %q; there are:\n%v", want.path, want.words, problems)
		}
	}
	if len(problems) != 7 {
		t.Errorf("%d problems, want 7:\n%v", len(problems), problems)
	}
}

func TestCompileByPlane(t *testing.T) {
	env := testEnv()
	env.Plane = click.PlaneConversion
	_, problems := newChain([]config.Filter{{Type: "CLICK_FLOODING"}}, env)
	if !hasProblem(problems, "[0].type", "CLICK_FLOODING does not judge conversions; for them there are BOT, VPN, OLD_BROWSER, OLD_OS") {
		t.Errorf("a click filter among conversion filters gives %v", problems)
	}
}

func TestCompileTouchesNoState(t *testing.T) {
	env := testEnv()
	if _, problems := CompileGroup(examples(), env); problems.Any() {
		t.Fatal(problems)
	}
	if used := usedBy(env.State); used != 0 {
		t.Errorf("compiling made %d entries", used)
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		plane          config.Plane
		code, settings string
		path, words    string // empty: accepted
	}{
		{"click", "BOT", ``, "", ""},
		{"click", "BOT", `null`, "", ""},
		{"click", "CLICK_FLOODING", clickFlooding.Example, "", ""},
		{"impression", "ISP", isp.Example, "", ""},
		{"impression", "DUPLICATE_USER", duplicateUser.Example, "", ""},
		{"impression", "USER_FREQUENCY", duplicateUser.Example, "", ""},
		{"click", "HIGH_CONVERSION_RATE", highConversionRate.Example, "", "read-only on clicks; set block_clicks of the conversion filter"},
		{"click", "LOW_CONVERSION_RATE", "", "", "read-only on clicks"},
		{"impression", "CLICK_FLOODING", clickFlooding.Example, "", "does not judge impressions"},
		{"click", "bot", ``, "", `unknown filter type "bot"`},
		{"visit", "BOT", ``, "", `unknown plane "visit"`},
		{"", "BOT", ``, "", `unknown plane ""`},
		{"conversion", "VPN", `{"threshold_percentage": 101}`, "threshold_percentage", "0 to 100"},
	} {
		problems := Check(tc.plane, tc.code, config.Raw(tc.settings))
		if tc.words == "" && problems != nil {
			t.Errorf("%s %s %s is refused: %v", tc.plane, tc.code, tc.settings, problems)
		}
		if tc.words != "" && !hasProblem(problems, tc.path, tc.words) {
			t.Errorf("%s %s %s gives %v, want a problem at %q that says %q", tc.plane, tc.code, tc.settings, problems, tc.path, tc.words)
		}
	}
}

func TestTypesIsACopy(t *testing.T) {
	Types()[0].Code = "CHANGED"
	if got := Types()[0].Code; got != "BOT" {
		t.Errorf("the registry was changed through the list: it begins with %s", got)
	}
}
