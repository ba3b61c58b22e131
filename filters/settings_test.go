package filters

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// settingCase is a setting that alone changes the verdict: base has one value
// of it and then the other, an empty one for none at all, and under each the
// arrivals come; the last one is judged.
type settingCase struct {
	kind    click.Filter
	setting string // "a.b"; "*" is the one entry of a list or map
	base    string
	from    string
	to      string
	before  []arrival
	last    arrival
	was, is string
}

// arrival is n clicks (1 where it is 0) some milliseconds after noon.
type arrival struct {
	n        int
	change   func(c *click.Click)
	atMS     int64
	plane    click.Plane
	foreign  bool // plane says which, instead of the filter's own
	rejected bool // by something else
}

const (
	hour = 3600 * 1000
	day  = 24 * hour
)

func TestSettingsChangeVerdicts(t *testing.T) {
	for i, tc := range settingCases {
		t.Run(fmt.Sprint(i, tc.kind, tc.setting), func(t *testing.T) {
			for _, half := range [...]struct{ value, want string }{{tc.from, tc.was}, {tc.to, tc.is}} {
				settings := withSetting(t, tc.base, tc.setting, half.value)
				if got := tc.verdict(t, settings); got != half.want {
					t.Errorf("%s under %s says %q, want %q", tc.kind, settings, got, half.want)
				}
			}
		})
	}
}

// Every setting of every filter has such a case, but for the bounds that the
// other conversion-rate filter looks at (D-10).
func TestEverySettingIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, tc := range settingCases {
		tested[tc.kind.String()+" "+strings.Replace(tc.setting, ".hourly.", ".*.", 1)] = true
		if tc.was == tc.is {
			t.Errorf("%s %s changes nothing: %q", tc.kind, tc.setting, tc.is)
		}
	}
	tested["HIGH_CONVERSION_RATE lookback_times.*.min_conversion_rate"] = true
	tested["LOW_CONVERSION_RATE lookback_times.*.max_conversion_rate"] = true
	total := 0
	for kind := range click.FilterCount {
		typ := &builtin[kind]
		env := testEnv()
		env.Plane = typ.Planes[0]
		f, problems := typ.New(config.Raw(typ.Example), env)
		if problems != nil {
			t.Fatal(problems)
		}
		var e Explanation
		f.(Explainer).Explain(visitor(nil), &e)
		for _, path := range settingPaths(reflect.TypeOf(e.Settings)) {
			total++
			if !tested[kind.String()+" "+path] {
				t.Errorf("no case of the setting %s of %s", path, kind)
			}
		}
	}
	if total < 100 {
		t.Errorf("only %d settings were found: the walk misses some", total)
	}
}

// settingPaths are the settings in a type by their json tags.
func settingPaths(of reflect.Type) (paths []string) {
	under := func(prefix string, inner reflect.Type) {
		for _, p := range settingPaths(inner) {
			paths = append(paths, strings.Trim(prefix+"."+p, "."))
		}
	}
	switch of.Kind() {
	case reflect.Pointer:
		return settingPaths(of.Elem())
	case reflect.Slice, reflect.Map:
		if elem := of.Elem(); elem.Kind() == reflect.Struct {
			under("*", elem)
			return paths
		}
	case reflect.Struct:
		for f := range of.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			under(name, f.Type)
		}
		return paths
	}
	return []string{""}
}

// withSetting is base with one value in it.
func withSetting(t *testing.T, base, path, value string) string {
	var root any
	if err := json.Unmarshal([]byte(base), &root); err != nil {
		t.Fatalf("base %s: %v", base, err)
	}
	names := strings.Split(path, ".")
	at := root
	for i, name := range names {
		switch in := at.(type) {
		case []any:
			at = in[0]
		case map[string]any:
			if name == "*" {
				for name = range in {
					break
				}
			}
			if i == len(names)-1 {
				delete(in, name)
				if value != "" {
					in[name] = json.RawMessage(value)
				}
				break
			}
			if in[name] == nil {
				in[name] = map[string]any{}
			}
			at = in[name]
		}
	}
	settings, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(settings)
}

// verdict is what a group with one filter says of the last arrival.
func (tc *settingCase) verdict(t *testing.T, settings string) string {
	var lists Lists
	own := builtin[tc.kind].Planes[0]
	lists[own] = []config.Filter{{Type: tc.kind.String(), Settings: config.Raw(settings)}}
	chains, problems := CompileGroup(lists, testEnv())
	if problems.Any() {
		t.Fatalf("%s refuses %s: %v", tc.kind, settings, problems)
	}
	var v click.Verdict
	for _, a := range append(slices.Clone(tc.before), tc.last) {
		for range max(a.n, 1) {
			c := visitor(nil)
			c.TimeMS += a.atMS
			if a.change != nil {
				a.change(c)
			}
			if c.Plane = own; a.foreign {
				c.Plane = a.plane
			}
			v = click.Verdict{}
			Judge(c, &v, chains[c.Plane], nil)
			if a.rejected {
				v.Reject(click.TargetingCountry, "")
			}
			Record(c, &v, chains[c.Plane], nil)
		}
	}
	return said(&v, tc.kind)
}

// said is what a verdict says of one filter.
func said(v *click.Verdict, kind click.Filter) string {
	words := "nothing"
	for name, set := range map[string]click.FilterSet{"pass": v.Passed, "hit": v.Hit, "unknown": v.Unknown} {
		if set.Has(kind) {
			words = name
		}
	}
	if v.SurplusSubID {
		words += " surplus " + v.UnifiedSubID
	}
	return words
}
