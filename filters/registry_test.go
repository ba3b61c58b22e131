package filters

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// The places in the registry are the numbers in verdicts and event rows.
func TestRegistryOrder(t *testing.T) {
	for kind := range click.FilterCount {
		if got := builtin[kind].Code; got != kind.String() {
			t.Errorf("type %d is %q in the registry and %q in click.Filter", kind, got, kind)
		}
	}
}

// On impressions both names stand for one filter, once in a list (D-15).
func TestUserFrequencyIsDuplicateUser(t *testing.T) {
	rule := config.Raw(`[{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 10}]`)
	old, now := config.Filter{Type: "DUPLICATE_USER", Settings: rule}, config.Filter{Type: "USER_FREQUENCY", Settings: rule}
	env := testEnv()
	for i, list := range [][]config.Filter{{old}, {now}, {old}} {
		chains, problems := CompileGroup(Lists{click.PlaneImpression: list}, env)
		if problems.Any() {
			t.Fatal(problems)
		}
		c := visitor(nil)
		c.Plane = click.PlaneImpression
		var v click.Verdict
		Judge(c, &v, chains[click.PlaneImpression], nil)
		if want := i > 0; v.Rejected() != want || v.Passed.Has(click.FilterDuplicateUser) || v.Hit.Has(click.FilterDuplicateUser) {
			t.Errorf("load %d as %s: rejected %v, want %v, by USER_FREQUENCY: %+v", i, list[0].Type, v.Rejected(), want, v)
		}
	}
	_, problems := CompileGroup(Lists{click.PlaneImpression: {now, old}}, env)
	if !hasProblem(problems[click.PlaneImpression], "[1].type", "DUPLICATE_USER is another name of USER_FREQUENCY here") {
		t.Errorf("both names in one list give %v", problems)
	}
	_, problems = CompileGroup(Lists{click.PlaneClick: {now}}, env)
	if !hasProblem(problems[click.PlaneClick], "[0].type", "USER_FREQUENCY does not judge clicks") {
		t.Errorf("USER_FREQUENCY on clicks gives %v", problems)
	}
}

// Every type takes its example on each of its planes, in both forms, and they
// are the same filter.
func TestFormsCompileAlike(t *testing.T) {
	for plane, list := range examples() {
		object := config.FraudSettings{}
		for _, f := range list {
			name := strings.ToLower(f.Type)
			object[name], object[name+"_enabled"] = f.Settings, config.Raw("true")
		}
		forms := [2]Lists{}
		forms[0][plane], forms[1][plane] = list, object.Filters()
		var kinds [2]click.FilterSet
		for i, lists := range forms {
			chains, problems := CompileGroup(lists, testEnv())
			if problems.Any() {
				t.Fatal(problems)
			}
			kinds[i] = chains[plane].Kinds()
		}
		if kinds[0] != kinds[1] || kinds[0].Empty() {
			t.Errorf("plane %d: the list makes %b, the object %b", plane, kinds[0], kinds[1])
		}
	}
}

func TestByPlane(t *testing.T) {
	lists := ByPlane([]config.Filter{
		{Type: "BOT", Target: config.PlaneConversion}, {Type: "VPN", Target: config.PlaneClick}, {Type: "ISP"},
		{Type: "ISP", Target: config.PlaneImpression}, {Type: "ISP", Target: config.PlaneClick},
	})
	for plane, want := range map[click.Plane]string{click.PlaneClick: "VPN ISP", click.PlaneImpression: "ISP", click.PlaneConversion: "BOT"} {
		var got []string
		for _, f := range lists[plane] {
			got = append(got, f.Type)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%ss get %v, want %s", plane, got, want)
		}
	}
}
